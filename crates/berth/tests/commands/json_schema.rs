//! As much of JSON Schema draft-07 as Berth's schema uses, to judge documents as an editor would. A keyword that it
//! doesn't know fails, so that nothing of the schema goes unjudged.

use serde_json::{Map, Value};

/// Where the value breaks the schema, as JSON pointers; nothing where it is valid.
pub(crate) fn faults(schema: &Value, value: &Value) -> Vec<String> {
    let judge = Judge { root: schema };
    judge.faults(schema, value, "")
}

struct Judge<'a> {
    root: &'a Value,
}

impl Judge<'_> {
    fn faults(&self, schema: &Value, value: &Value, at: &str) -> Vec<String> {
        let Value::Object(keywords) = schema else {
            assert!(schema.is_boolean(), "no schema: {schema}");
            return fault(schema == true, at);
        };
        let judged = keywords
            .iter()
            .flat_map(|(keyword, argument)| self.keyword(keyword, argument, keywords, value, at));
        judged.collect()
    }

    fn keyword(
        &self,
        keyword: &str,
        argument: &Value,
        keywords: &Map<String, Value>,
        value: &Value,
        at: &str,
    ) -> Vec<String> {
        let list = || argument.as_array().unwrap().iter();
        match keyword {
            "type" => {
                let allowed = |name: &Value| is_of(value, name.as_str().unwrap());
                fault(
                    argument
                        .as_array()
                        .map_or_else(|| allowed(argument), |all| all.iter().any(allowed)),
                    at,
                )
            }
            "const" => fault(value == argument, at),
            "enum" => fault(list().any(|one| one == value), at),
            "minimum" => fault(
                value
                    .as_i64()
                    .is_none_or(|number| number >= argument.as_i64().unwrap()),
                at,
            ),
            "maximum" => fault(
                value
                    .as_i64()
                    .is_none_or(|number| number <= argument.as_i64().unwrap()),
                at,
            ),
            "required" => fault(
                list().all(|name| !value.is_object() || value.get(name.as_str().unwrap()).is_some()),
                at,
            ),
            "oneOf" => fault(
                list()
                    .filter(|one| self.faults(one, value, at).is_empty())
                    .count()
                    == 1,
                at,
            ),
            "anyOf" => fault(list().any(|one| self.faults(one, value, at).is_empty()), at),
            "allOf" => list().flat_map(|one| self.faults(one, value, at)).collect(),
            "$ref" => {
                let target = argument.as_str().unwrap().strip_prefix('#').unwrap();
                self.faults(self.root.pointer(target).unwrap(), value, at)
            }
            "properties" | "additionalProperties" => self.fields(keyword, argument, keywords, value, at),
            "items" => {
                let items = value.as_array().into_iter().flatten().enumerate();
                items
                    .flat_map(|(index, item)| self.faults(argument, item, &format!("{at}/{index}")))
                    .collect()
            }
            "$schema" | "$id" | "title" | "description" | "default" | "examples" | "definitions" => {
                Vec::new()
            }
            unknown => panic!("the keyword {unknown} isn't judged"),
        }
    }

    fn fields(
        &self,
        keyword: &str,
        argument: &Value,
        keywords: &Map<String, Value>,
        value: &Value,
        at: &str,
    ) -> Vec<String> {
        let is_named = |name: &str| {
            keywords
                .get("properties")
                .is_some_and(|known| known.get(name).is_some())
        };
        let judge = |(name, field): (&String, &Value)| {
            let at = format!("{at}/{name}");
            match (keyword, is_named(name)) {
                ("properties", true) => self.faults(&argument[name], field, &at),
                ("additionalProperties", false) => self.faults(argument, field, &at),
                _ => Vec::new(),
            }
        };
        value.as_object().into_iter().flatten().flat_map(judge).collect()
    }
}

fn fault(is_right: bool, at: &str) -> Vec<String> {
    if is_right { Vec::new() } else { vec![at.to_owned()] }
}

fn is_of(value: &Value, name: &str) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        unknown => panic!("the type {unknown} isn't judged"),
    }
}
