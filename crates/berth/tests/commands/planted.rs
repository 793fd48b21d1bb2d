//! Documents with a canary in every field that may hold a secret, made from the types themselves.

use berth_config::Kind;
use berth_config::section::{Shape, ValueType};
use serde_json::{Map, Value, json};

/// What every canary begins with.
pub(crate) const CANARY: &str = "canary4f9d";

/// How a canary is put into a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// As it is meant: a text.
    Plain,
    /// Under the field's name with a letter too few.
    Misspelt,
    /// A list where a text is meant.
    List,
    /// A section where a text is meant, with the canary as the name of a field.
    Section,
}

pub(crate) const WAYS: [Way; 4] = [Way::Plain, Way::Misspelt, Way::List, Way::Section];

/// The fields of a kind that lead to canaries, and how many there are.
pub(crate) fn planted(kind: Kind, way: Way) -> (Value, usize) {
    let mut count = 0;
    let spec = section(kind.shape(), way, &mut count);
    (Value::Object(spec), count)
}

fn section(shape: &Shape, way: Way, count: &mut usize) -> Map<String, Value> {
    let mut fields = Map::new();
    for field in shape.fields {
        let is_leaf = matches!(
            field.value,
            ValueType::Secret | ValueType::Private | ValueType::Free
        );
        if let Some(planted) = value(&field.value, way, count) {
            let name = match way {
                Way::Misspelt if is_leaf => &field.name[..field.name.len() - 1],
                _ => field.name,
            };
            fields.insert(name.to_owned(), planted);
        }
    }
    fields
}

fn value(kind: &ValueType, way: Way, count: &mut usize) -> Option<Value> {
    match kind {
        ValueType::Secret | ValueType::Private | ValueType::Free => {
            *count += 1;
            Some(leaf(way, *count))
        }
        ValueType::List(inner) => Some(json!([value(inner, way, count)?])),
        ValueType::Map(inner) => Some(json!({"a": value(inner, way, count)?})),
        ValueType::Section(shape) => {
            let fields = section(shape, way, count);
            (!fields.is_empty()).then_some(Value::Object(fields))
        }
        _ => None,
    }
}

fn leaf(way: Way, number: usize) -> Value {
    let canary = format!("{CANARY}-{number}");
    match way {
        Way::Plain | Way::Misspelt => json!(canary),
        Way::List => json!([canary, {"value": canary}]),
        Way::Section => json!({canary.clone(): canary}),
    }
}
