use std::fmt;

use berth_finding::Span;
use serde_json::Value as Json;

/// A value as written, with its place. `Debug` tells what it is and never what is in it, as
/// that may be a secret.
#[derive(Clone, PartialEq)]
pub struct Node {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub tree: Tree,
}

/// What a value is, in the words of YAML's core schema and JSON.
#[derive(Clone, PartialEq)]
pub enum Tree {
    /// Nothing: `null`, `~` or an empty place.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number, as written.
    Number(String),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// Keys and values in the order of the text; a key may stand twice.
    Map(Vec<Entry>),
}

/// A key with its value.
#[derive(Clone, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

impl Node {
    /// The text, when it is text.
    pub fn text(&self) -> Option<&str> {
        match &self.tree {
            Tree::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value of a key, when it is a map that has the key. Of a key that stands twice, the last.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The entry of a key, when it is a map that has the key. Of a key that stands twice, the last.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        match &self.tree {
            Tree::Map(entries) => entries.iter().rev().find(|entry| entry.key == key),
            _ => None,
        }
    }

    /// The value as JSON. A number that JSON can't hold becomes text.
    pub fn to_json(&self) -> Json {
        match &self.tree {
            Tree::Null => Json::Null,
            Tree::Boolean(value) => (*value).into(),
            Tree::Number(text) => match serde_json::from_str::<serde_json::Number>(text) {
                Ok(number) => Json::Number(number),
                Err(_) => text.as_str().into(),
            },
            Tree::Text(text) => text.as_str().into(),
            Tree::List(nodes) => nodes.iter().map(Self::to_json).collect(),
            Tree::Map(entries) => Json::Object(
                entries
                    .iter()
                    .map(|entry| (entry.key.clone(), entry.value.to_json()))
                    .collect(),
            ),
        }
    }

    /// What it is, for a message: `a list`.
    pub const fn what(&self) -> &'static str {
        match &self.tree {
            Tree::Null => "nothing",
            Tree::Boolean(_) => "true or false",
            Tree::Number(_) => "a number",
            Tree::Text(_) => "text",
            Tree::List(_) => "a list",
            Tree::Map(_) => "a map",
        }
    }
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.tree {
            Tree::List(nodes) => write!(f, "a list of {}", nodes.len()),
            Tree::Map(entries) => write!(f, "a map of {}", entries.len()),
            _ => f.write_str(self.what()),
        }
    }
}
