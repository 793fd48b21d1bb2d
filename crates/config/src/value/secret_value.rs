use std::fmt;

use serde_json::{Value as Json, json};
use zeroize::Zeroizing;

use crate::document::{Entry, Node, Tree};
use crate::section::{Decoder, Field, Value, ValueType};

/// What replaces a secret wherever it might be seen.
pub(crate) const REDACTED: &str = "[secret]";

/// A secret: a plain string, or where to find one. It has no `Display` and no serialisation,
/// its `Debug` tells nothing, and a plain one is wiped from memory when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub enum SecretValue {
    /// The secret itself, in the document. Empty stands for "not given".
    Plain(Zeroizing<String>),
    /// `{env: NAME}`: in a variable of Berth's own environment.
    Env(String),
    /// `{file: PATH}`: in a file that Berth can read.
    File(String),
    /// `{secretKeyRef: {name, key}}`: in a Secret of the cluster.
    SecretKeyRef(SecretKeyRef),
}

/// A key of a Secret in the namespace of the registry.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SecretKeyRef {
    /// The name of the Secret.
    pub name: String,
    /// The key in it.
    pub key: String,
}

impl SecretValue {
    /// The secret, where it stands in the document and isn't empty. The caller answers for where it
    /// goes.
    pub fn reveal(&self) -> Option<&str> {
        match self {
            Self::Plain(text) if !text.is_empty() => Some(text),
            _ => None,
        }
    }

    /// Whether a secret stands in the document itself.
    pub fn is_plain(&self) -> bool {
        self.reveal().is_some()
    }

    /// Whether neither a secret nor a place of one is given.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Plain(text) if text.is_empty())
    }
}

impl Default for SecretValue {
    fn default() -> Self {
        Self::Plain(Zeroizing::new(String::new()))
    }
}

impl From<&str> for SecretValue {
    fn from(text: &str) -> Self {
        Self::Plain(Zeroizing::new(text.to_owned()))
    }
}

impl fmt::Debug for SecretValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

const FORMS: &str = "a string, {env: NAME}, {file: PATH} or {secretKeyRef: {name, key}}";

impl Value for SecretValue {
    const TYPE: ValueType = ValueType::Secret;

    fn read(node: &Node, _: Option<&Self>, _: &'static Field, decoder: &mut Decoder) -> Option<Self> {
        match &node.tree {
            Tree::Text(text) => Some(Self::from(text.as_str())),
            Tree::Map(entries) => reference(node, entries, decoder),
            _ => {
                decoder.wrong_type(node, FORMS);
                None
            }
        }
    }

    fn write(&self) -> Json {
        match self {
            Self::Plain(text) if text.is_empty() => "".into(),
            Self::Plain(_) => REDACTED.into(),
            Self::Env(name) => json!({"env": name}),
            Self::File(path) => json!({"file": path}),
            Self::SecretKeyRef(at) => json!({"secretKeyRef": {"name": at.name, "key": at.key}}),
        }
    }
}

fn reference(node: &Node, entries: &[Entry], decoder: &mut Decoder) -> Option<SecretValue> {
    let [entry] = entries else {
        decoder.wrong_type(node, FORMS);
        return None;
    };
    match (entry.key.as_str(), &entry.value.tree) {
        ("env", Tree::Text(name)) if !name.is_empty() => Some(SecretValue::Env(name.clone())),
        ("file", Tree::Text(path)) if !path.is_empty() => Some(SecretValue::File(path.clone())),
        ("secretKeyRef", Tree::Map(entries)) => {
            let part = |wanted: &str| {
                entries
                    .iter()
                    .find(|entry| entry.key == wanted)
                    .and_then(|entry| entry.value.text())
            };
            let (Some(name), Some(key), 2) = (part("name"), part("key"), entries.len()) else {
                decoder.wrong_type(&entry.value, "{name, key} of a Secret");
                return None;
            };
            Some(SecretValue::SecretKeyRef(SecretKeyRef {
                name: name.to_owned(),
                key: key.to_owned(),
            }))
        }
        _ => {
            decoder.wrong_type(node, FORMS);
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_secret_can_not_be_printed() {
        let secret = SecretValue::from("hunter2");
        assert_eq!(
            format!("{secret:?} {:?}", Some(&secret)),
            "[secret] Some([secret])"
        );
        assert_eq!(secret.write(), "[secret]");
        assert_eq!(secret.reveal(), Some("hunter2"));
    }

    #[test]
    fn an_empty_string_is_no_secret() {
        assert!(SecretValue::default().is_empty());
        assert!(!SecretValue::Env("NAME".to_owned()).is_empty());
        assert!(!SecretValue::Env("NAME".to_owned()).is_plain());
    }
}
