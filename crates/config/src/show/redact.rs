use serde_json::{Map, Value as Json};

use crate::section::{NOT_SHOWN, Shape, ValueType, redact};
use crate::value::REDACTED;

/// The known fields of a section, redacted. What isn't a map has nothing to show.
pub(super) fn section(json: &Json, shape: &Shape) -> Json {
    let Json::Object(fields) = json else {
        return if json.is_null() {
            Json::Null
        } else {
            NOT_SHOWN.into()
        };
    };
    let known = fields
        .iter()
        .filter_map(|(key, field)| Some((key.clone(), value(field, &shape.lookup(key)?.value))));
    Json::Object(known.collect())
}

fn value(json: &Json, kind: &ValueType) -> Json {
    match (kind, json) {
        (_, Json::Null) => Json::Null,
        (ValueType::Section(shape), _) => section(json, shape),
        (ValueType::List(kind), Json::Array(values)) => values.iter().map(|json| value(json, kind)).collect(),
        (ValueType::Map(kind), Json::Object(fields)) => {
            let shown = fields.iter().map(|(key, json)| (key.clone(), value(json, kind)));
            Json::Object(shown.collect::<Map<_, _>>())
        }
        (ValueType::Secret, _) => secret(json),
        (ValueType::Exemption, Json::Object(fields)) => {
            let texts = fields.iter().filter(|(_, json)| json.is_string());
            Json::Object(texts.map(|(key, json)| (key.clone(), text(json))).collect())
        }
        (ValueType::Boolean | ValueType::Integer | ValueType::Text { .. }, _)
        | (ValueType::Exemption, Json::String(_))
            if !json.is_array() && !json.is_object() =>
        {
            text(json)
        }
        _ => NOT_SHOWN.into(),
    }
}

fn text(json: &Json) -> Json {
    json.as_str()
        .map_or_else(|| json.clone(), |text| redact(text).into())
}

/// Where a secret is found may be seen, the secret itself may not. An empty one is none.
fn secret(json: &Json) -> Json {
    let is_text = |key: &str| json.get(key).is_some_and(Json::is_string);
    let is_reference = match json.as_object().map(Map::len) {
        Some(1) => {
            is_text("env")
                || is_text("file")
                || json
                    .get("secretKeyRef")
                    .and_then(Json::as_object)
                    .is_some_and(|at| {
                        at.len() == 2
                            && ["name", "key"]
                                .iter()
                                .all(|key| at.get(*key).is_some_and(Json::is_string))
                    })
        }
        _ => false,
    };
    if is_reference || json == "" {
        json.clone()
    } else {
        REDACTED.into()
    }
}
