use std::fmt;

use serde_json::Value as Json;

use crate::document::{Node, Tree};
use crate::section::{Decoder, Field, Value, ValueType, redact};
use crate::value::Refused;

/// A sort of value that is written as text.
pub trait Parse: Sized + Clone + PartialEq + fmt::Debug {
    /// What it is, with its article: `a duration such as 24h`.
    const WHAT: &'static str;
    /// The code of the finding for a text that can't be parsed, unless the field names another one.
    const CODE: &'static str;
    /// The whole choice, where there is one.
    const CHOICES: &'static [&'static str] = &[];
    /// Some right ones, at least two where there are so many.
    const EXAMPLES: &'static [&'static str];
    /// Whether a bare number is a value too, as Kubernetes takes `cpu: 1`.
    const NUMBERS: bool = false;
    /// Whether the empty text stands for "not given" (and is no finding).
    const EMPTY: bool = false;

    /// Parses the text.
    fn parse(text: &str) -> Result<Self, Refused>;
}

/// A value with the text that it was written as. What can't be parsed keeps its text, so that a rule
/// may still speak of it; the decoder has reported it then.
#[derive(Clone, PartialEq)]
pub struct Written<T> {
    text: String,
    value: Option<T>,
}

impl<T: Parse> Written<T> {
    /// The text as written; empty when there is none.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The value, unless the text is empty or wrong (which the decoder has reported).
    pub fn value(&self) -> Option<&T> {
        self.value.as_ref()
    }

    /// Whether the text is empty: not given.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }
}

impl<T: Parse> fmt::Debug for Written<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", redact(&self.text))
    }
}

impl<T: Parse> From<&str> for Written<T> {
    fn from(text: &str) -> Self {
        Self {
            value: T::parse(text).ok(),
            text: text.to_owned(),
        }
    }
}

impl<T: Parse> Default for Written<T> {
    fn default() -> Self {
        Self {
            text: String::new(),
            value: None,
        }
    }
}

impl<T: Parse> Value for Written<T> {
    const TYPE: ValueType = ValueType::Text {
        what: T::WHAT,
        choices: T::CHOICES,
        examples: T::EXAMPLES,
        numbers: T::NUMBERS,
        code: T::CODE,
    };

    fn read(node: &Node, _: Option<&Self>, field: &'static Field, decoder: &mut Decoder) -> Option<Self> {
        let text = match &node.tree {
            Tree::Text(text) => text,
            Tree::Number(text) if T::NUMBERS => text,
            _ => {
                decoder.wrong_type(node, T::WHAT);
                return None;
            }
        };
        if text.is_empty() && T::EMPTY {
            return Some(Self::default());
        }
        let value = match T::parse(text) {
            Ok(value) => Some(value),
            Err(refused) => {
                decoder.refuse(node, field.code.unwrap_or(T::CODE), refused);
                None
            }
        };
        Some(Self {
            text: text.clone(),
            value,
        })
    }

    fn write(&self) -> Json {
        redact(&self.text).into()
    }
}
