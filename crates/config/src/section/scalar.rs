//! The plain types that fields have, and lists and maps of them.

use indexmap::IndexMap;
use serde_json::Value as Json;

use crate::document::{Node, Tree, may_hold_secret};
use crate::section::{Decoder, Field, Value, ValueType};
use crate::value::Refused;

/// What stands in the place of a text that may hold a secret, such as a URL with a password.
pub(crate) const NOT_SHOWN: &str = "[not shown]";

/// The text, unless it may hold a secret.
pub(crate) fn redact(text: &str) -> &str {
    if may_hold_secret(text) { NOT_SHOWN } else { text }
}

impl Value for bool {
    const TYPE: ValueType = ValueType::Boolean;

    fn read(node: &Node, _: Option<&Self>, _: &'static Field, decoder: &mut Decoder) -> Option<Self> {
        let Tree::Boolean(value) = node.tree else {
            decoder.wrong_type(node, "true or false");
            return None;
        };
        Some(value)
    }

    fn write(&self) -> Json {
        (*self).into()
    }
}

impl Value for i64 {
    const TYPE: ValueType = ValueType::Integer;

    fn read(node: &Node, _: Option<&Self>, field: &'static Field, decoder: &mut Decoder) -> Option<Self> {
        let text = match &node.tree {
            Tree::Number(text) if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') => text,
            _ => {
                decoder.wrong_type(node, "a whole number");
                return None;
            }
        };
        let (min, max) = field.range.unwrap_or((Self::MIN, Self::MAX));
        let value = text.parse().ok();
        if value.is_none_or(|value| value < min || value > max) {
            let refused =
                Refused::new(format!("{text} is out of range")).help(format!("a number from {min} to {max}"));
            decoder.refuse(node, field.code.unwrap_or("DOC-011"), refused);
        }
        value
    }

    fn write(&self) -> Json {
        (*self).into()
    }
}

impl Value for String {
    const TYPE: ValueType = ValueType::Text {
        what: "text",
        choices: &[],
        examples: &[],
        numbers: false,
        code: "",
    };

    fn read(node: &Node, _: Option<&Self>, _: &'static Field, decoder: &mut Decoder) -> Option<Self> {
        let Tree::Text(text) = &node.tree else {
            decoder.wrong_type(node, "text");
            return None;
        };
        Some(text.clone())
    }

    fn write(&self) -> Json {
        redact(self).into()
    }
}

impl<T: Value> Value for Option<T> {
    const TYPE: ValueType = T::TYPE;

    fn read(node: &Node, base: Option<&Self>, field: &'static Field, decoder: &mut Decoder) -> Option<Self> {
        T::read(node, base.and_then(Option::as_ref), field, decoder).map(Some)
    }

    fn write(&self) -> Json {
        self.as_ref().map_or(Json::Null, Value::write)
    }
}

impl<T: Value> Value for Vec<T> {
    const TYPE: ValueType = ValueType::List(&T::TYPE);

    fn read(node: &Node, _: Option<&Self>, field: &'static Field, decoder: &mut Decoder) -> Option<Self> {
        let Tree::List(nodes) = &node.tree else {
            decoder.wrong_type(node, "a list");
            return None;
        };
        let read = |(index, node): (usize, &Node)| {
            decoder.at_index(index, |decoder| T::read(node, None, field, decoder))
        };
        Some(nodes.iter().enumerate().filter_map(read).collect())
    }

    fn write(&self) -> Json {
        self.iter().map(Value::write).collect()
    }
}

impl<T: Value> Value for IndexMap<String, T> {
    const TYPE: ValueType = ValueType::Map(&T::TYPE);

    fn read(node: &Node, _: Option<&Self>, field: &'static Field, decoder: &mut Decoder) -> Option<Self> {
        let Tree::Map(entries) = &node.tree else {
            decoder.wrong_type(node, "a map");
            return None;
        };
        decoder.only_duplicates(entries);
        let mut map = Self::new();
        for entry in entries {
            if entry.value.tree == Tree::Null {
                continue;
            }
            let value = decoder.at_key(&entry.key, |decoder| T::read(&entry.value, None, field, decoder));
            if let Some(value) = value {
                map.insert(entry.key.clone(), value);
            }
        }
        Some(map)
    }

    fn write(&self) -> Json {
        Json::Object(
            self.iter()
                .map(|(key, value)| (key.clone(), value.write()))
                .collect(),
        )
    }
}

/// Anything, as the product takes it.
impl Value for Json {
    const TYPE: ValueType = ValueType::Free;

    fn read(node: &Node, _: Option<&Self>, _: &'static Field, _: &mut Decoder) -> Option<Self> {
        Some(node.to_json())
    }

    fn write(&self) -> Json {
        NOT_SHOWN.into()
    }
}
