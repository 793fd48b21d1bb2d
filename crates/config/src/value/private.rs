use std::fmt;

use serde_json::Value as Json;

use crate::document::{Node, Tree};
use crate::section::{Decoder, Field, NOT_SHOWN, Value, ValueType};

/// Text that isn't meant to be a secret, but where users put some all the same, such as a variable
/// of the environment: it is never shown.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Private(String);

impl Private {
    /// The text. The caller answers for where it goes.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Private {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Private {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(NOT_SHOWN)
    }
}

impl Value for Private {
    const TYPE: ValueType = ValueType::Private;

    fn read(node: &Node, _: Option<&Self>, _: &'static Field, decoder: &mut Decoder) -> Option<Self> {
        let Tree::Text(text) = &node.tree else {
            decoder.wrong_type(node, "text");
            return None;
        };
        Some(Self(text.clone()))
    }

    fn write(&self) -> Json {
        NOT_SHOWN.into()
    }
}
