//! The JSON Schema of the documents, for editors: draft-07, which is what their language servers read.

use serde_json::{Map, Value as Json, json};

use crate::Kind;
use crate::document::{API_VERSION, Metadata};
use crate::section::{Field, Section, Shape, Value, ValueType};

/// The schema of all kinds: one of them by `kind`, and nothing that isn't known.
pub fn schema() -> Json {
    let mut definitions = Map::new();
    definitions.insert("secret".to_owned(), secret());
    definitions.insert("exemption".to_owned(), exemption());
    let kinds: Vec<Json> = Kind::ALL
        .iter()
        .map(|kind| document(*kind, &mut definitions))
        .collect();
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": "https://berth.dev/schemas/v1.json",
        "title": "Berth documents",
        "description": "Container registries, and the policies over them.",
        "oneOf": kinds,
        "definitions": definitions,
    })
}

fn document(kind: Kind, definitions: &mut Map<String, Json>) -> Json {
    let shape = kind.shape();
    let mut metadata = section(&Metadata::SHAPE, &Metadata::default().write(), definitions);
    if let Some(metadata) = metadata.as_object_mut() {
        metadata.insert("required".to_owned(), json!(["name"]));
    }
    json!({
        "type": "object",
        "title": kind.as_str(),
        "description": shape.meaning(),
        "required": ["apiVersion", "kind", "metadata"],
        "additionalProperties": false,
        "properties": {
            "apiVersion": {"const": API_VERSION, "description": "The version of the documents."},
            "kind": {"const": kind.as_str(), "description": "What the document declares."},
            "metadata": metadata,
            "spec": section(shape, kind.defaults(), definitions),
            "status": {"type": "object", "description": "Written by a cluster."},
        },
    })
}

fn section(shape: &Shape, defaults: &Json, definitions: &mut Map<String, Json>) -> Json {
    let properties: Map<String, Json> = shape
        .fields
        .iter()
        .map(|field| {
            (
                field.name.to_owned(),
                property(field, defaults.get(field.name), definitions),
            )
        })
        .collect();
    json!({
        "type": ["object", "null"],
        "description": shape.meaning(),
        "additionalProperties": false,
        "properties": properties,
    })
}

fn property(field: &Field, default: Option<&Json>, definitions: &mut Map<String, Json>) -> Json {
    let mut property = value(&field.value, default, definitions);
    if let Some(property) = property.as_object_mut() {
        property.insert("description".to_owned(), field.meaning().into());
        if let (Some((min, max)), ValueType::Integer) = (field.range, field.value) {
            property.insert("minimum".to_owned(), min.into());
            property.insert("maximum".to_owned(), max.into());
        }
        if let ValueType::Text {
            choices: [],
            examples: [first, ..],
            ..
        } = field.value
        {
            property.insert("examples".to_owned(), json!([first]));
        }
        if let Some(default) = default.filter(|default| !default.is_object() && !default.is_null()) {
            property.insert("default".to_owned(), default.clone());
        }
    }
    property
}

fn value(kind: &ValueType, default: Option<&Json>, definitions: &mut Map<String, Json>) -> Json {
    match kind {
        ValueType::Boolean => json!({"type": ["boolean", "null"]}),
        ValueType::Integer => json!({"type": ["integer", "null"]}),
        ValueType::Text {
            choices: [],
            numbers: true,
            ..
        } => {
            json!({"type": ["string", "number", "null"]})
        }
        ValueType::Text { choices: [], .. } | ValueType::Private => {
            json!({"type": ["string", "null"]})
        }
        ValueType::Text { choices, .. } => choice(choices, default),
        ValueType::Secret => json!({"allOf": [{"$ref": "#/definitions/secret"}]}),
        ValueType::Exemption => json!({"allOf": [{"$ref": "#/definitions/exemption"}]}),
        ValueType::List(kind) => json!({"type": ["array", "null"], "items": value(kind, None, definitions)}),
        ValueType::Map(kind) => {
            json!({"type": ["object", "null"], "additionalProperties": value(kind, None, definitions)})
        }
        ValueType::Section(shape) => match default {
            Some(default) => section(shape, default, definitions),
            None => reference(shape, definitions),
        },
        ValueType::Free => json!({}),
    }
}

/// A section without defaults of its own is written once.
fn reference(shape: &Shape, definitions: &mut Map<String, Json>) -> Json {
    if !definitions.contains_key(shape.name) {
        definitions.insert(shape.name.to_owned(), Json::Null);
        let section = section(shape, &Json::Null, definitions);
        definitions.insert(shape.name.to_owned(), section);
    }
    json!({"allOf": [{"$ref": format!("#/definitions/{}", shape.name)}]})
}

/// A choice; a default that is none of it (the builders have one) is let pass.
fn choice(choices: &[&str], default: Option<&Json>) -> Json {
    let mut all: Vec<Json> = choices.iter().map(|choice| (*choice).into()).collect();
    if let Some(default) = default.filter(|default| default.is_string() && !all.contains(default)) {
        all.push(default.clone());
    }
    all.push(Json::Null);
    json!({"enum": all})
}

fn secret() -> Json {
    let text = |description: &str| json!({"type": "string", "description": description});
    let one = |key: &str, schema: Json| {
        json!({
            "type": "object", "required": [key], "additionalProperties": false,
            "properties": {key: schema},
        })
    };
    json!({
        "description": "A secret, or where to find one.",
        "anyOf": [
            {"type": ["string", "null"]},
            one("env", text("A variable of Berth's environment.")),
            one("file", text("A file that Berth can read.")),
            one("secretKeyRef", json!({
                "type": "object", "required": ["name", "key"], "additionalProperties": false,
                "properties": {"name": text("The Secret."), "key": text("The key in it.")},
            })),
        ],
    })
}

fn exemption() -> Json {
    let text = |description: &str| json!({"type": ["string", "null"], "description": description});
    json!({
        "description": "What is let pass: an image or a vulnerability.",
        "anyOf": [
            {"type": "string"},
            {
                "type": "object",
                "additionalProperties": false,
                "oneOf": [{"required": ["cve"]}, {"required": ["image"]}],
                "properties": {
                    "cve": text("The vulnerability, such as CVE-2024-3094."),
                    "image": text("The image, or a pattern of images."),
                    "expires": text("The day after which it counts no more, YYYY-MM-DD."),
                    "reason": text("Why."),
                },
            },
        ],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_of_every_kind_is_described() {
        fn walk(schema: &Json, path: &str) {
            let Some(properties) = schema.get("properties").and_then(Json::as_object) else {
                return;
            };
            for (name, property) in properties {
                let described = property["description"].as_str().is_some_and(|d| !d.is_empty());
                assert!(described, "{path}.{name} has no description");
                walk(property, &format!("{path}.{name}"));
            }
        }
        let schema = schema();
        for kind in schema["oneOf"].as_array().unwrap() {
            walk(kind, kind["title"].as_str().unwrap());
        }
        for (name, definition) in schema["definitions"].as_object().unwrap() {
            walk(definition, name);
        }
    }

    #[test]
    fn the_schema_is_strict_and_knows_choices_and_ranges() {
        let schema = schema();
        let docker = &schema["oneOf"][0];
        assert_eq!(docker["additionalProperties"], false);
        let spec = &docker["properties"]["spec"]["properties"];
        assert_eq!(spec["log"]["properties"]["level"]["default"], "info");
        assert_eq!(spec["log"]["properties"]["level"]["enum"][1], "warn");
        assert_eq!(spec["replicas"]["minimum"], 0);
        assert_eq!(spec["http"]["additionalProperties"], false);
    }
}
