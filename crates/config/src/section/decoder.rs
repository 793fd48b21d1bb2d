use std::collections::HashSet;

use berth_finding::Span;

use crate::document::{Entry, Node, Tree, nearest};
use crate::section::{Field, Shape, Value};
use crate::value::Refused;

/// Collects what is wrong while sections are read. It never stops at the first fault.
#[derive(Debug, Default)]
pub struct Decoder {
    path: Vec<String>,
    complaints: Vec<Complaint>,
    more: usize,
}

/// How many faults of a document are told one by one.
const MAX_COMPLAINTS: usize = 200;

/// Something wrong in a document, before its place in the file and its level are known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Complaint {
    /// The code; the catalog has its level.
    pub code: &'static str,
    /// The path of the field from the root that was decoded, such as `storage.s3.bucket` or
    /// `middleware.storage[0].name`.
    pub path: String,
    /// Where it stands.
    pub span: Span,
    /// What is wrong; never holds a value that may be secret.
    pub message: String,
    /// The way out.
    pub help: Option<String>,
}

const INTEGER: &str = "a whole number";

impl Decoder {
    /// A decoder at the root.
    pub fn new() -> Self {
        Self::default()
    }

    /// What was wrong, in the order of reading; the last one counts what is too much to tell.
    pub fn finish(mut self) -> Vec<Complaint> {
        if let (Some(last), more @ 1..) = (self.complaints.last(), self.more) {
            self.complaints.push(Complaint {
                code: "DOC-013",
                path: String::new(),
                message: format!("{more} more faults in this document aren't told"),
                help: Some("mend those that are, then check again".to_owned()),
                ..last.clone()
            });
        }
        self.complaints
    }

    /// Whether the node is a map to read fields from; complains of what isn't, of unknown and of
    /// double keys. `null` is an empty map.
    pub fn enter(&mut self, node: &Node, shape: &Shape) -> bool {
        match &node.tree {
            Tree::Null => false,
            Tree::Map(entries) => {
                self.check_keys(
                    entries,
                    |key| shape.lookup(key).is_some(),
                    || shape.fields.iter().map(|field| field.name).collect(),
                );
                true
            }
            _ => {
                self.wrong_type(node, "a map of fields");
                false
            }
        }
    }

    /// The entries of a map with fixed keys; complains of all others.
    pub fn known_entries<'a>(&mut self, node: &'a Node, keys: &[&'static str]) -> Vec<&'a Entry> {
        let Tree::Map(entries) = &node.tree else {
            return Vec::new();
        };
        self.check_keys(entries, |key| keys.contains(&key), || keys.to_vec());
        entries
            .iter()
            .filter(|entry| keys.contains(&entry.key.as_str()))
            .collect()
    }

    /// Reads one field, where it is given.
    pub fn field<T: Value>(&mut self, node: &Node, field: &'static Field, slot: &mut T) {
        let Some(entry) = node.entry(field.name) else {
            return;
        };
        if entry.value.tree == Tree::Null {
            return;
        }
        self.at_key(field.name, |decoder| {
            if let Some(value) = T::read(&entry.value, Some(slot), field, decoder) {
                *slot = value;
            }
        });
    }

    /// Works one key deeper.
    pub fn at_key<R>(&mut self, key: &str, work: impl FnOnce(&mut Self) -> R) -> R {
        self.path.push(key.to_owned());
        let result = work(self);
        self.path.pop();
        result
    }

    /// Works one place of a list deeper.
    pub fn at_index<R>(&mut self, index: usize, work: impl FnOnce(&mut Self) -> R) -> R {
        self.at_key(&format!("[{index}]"), work)
    }

    /// Complains of a value of a wrong type. Never shows the value.
    pub fn wrong_type(&mut self, node: &Node, expected: &str) {
        let help = match (&node.tree, expected) {
            (Tree::Number(_) | Tree::Boolean(_), INTEGER) => Some("write it in plain digits"),
            (Tree::Number(_) | Tree::Boolean(_), _) => Some("put it in quotes if text is meant"),
            (Tree::Text(text), INTEGER) if text.parse::<i64>().is_ok() => Some("leave out the quotes"),
            (Tree::Text(text), "true or false") => match text.to_ascii_lowercase().as_str() {
                "true" | "false" => Some("leave out the quotes"),
                "yes" | "on" => Some("write `true`"),
                "no" | "off" => Some("write `false`"),
                _ => None,
            },
            _ => None,
        };
        self.complain(Complaint {
            code: "K-014",
            path: String::new(),
            span: node.span,
            message: format!("expected {expected}, found {}", node.what()),
            help: help.map(str::to_owned),
        });
    }

    /// Complains of a text that can't be parsed, or a number out of range.
    pub fn refuse(&mut self, node: &Node, code: &'static str, refused: Refused) {
        self.complain(Complaint {
            code,
            path: String::new(),
            span: node.span,
            message: refused.message,
            help: refused.help,
        });
    }

    /// Complains of double keys in a map whose keys are free.
    pub fn only_duplicates(&mut self, entries: &[Entry]) {
        self.check_keys(entries, |_| true, Vec::new);
    }

    fn check_keys(
        &mut self,
        entries: &[Entry],
        known: impl Fn(&str) -> bool,
        names: impl Fn() -> Vec<&'static str>,
    ) {
        let mut seen = HashSet::new();
        for entry in entries {
            if !seen.insert(entry.key.as_str()) {
                self.complain_of_key(entry, "duplicate key", Some("keep one of them".to_owned()));
            } else if !known(&entry.key) && self.is_full() {
                self.more += 1;
            } else if !known(&entry.key) {
                let names = names();
                let help = match nearest(&entry.key, names.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("known here: {}", names.join(", ")),
                };
                self.complain_of_key(entry, "unknown field", Some(help));
            }
        }
    }

    fn complain_of_key(&mut self, entry: &Entry, what: &str, help: Option<String>) {
        self.at_key(&entry.key, |decoder| {
            decoder.complain(Complaint {
                code: "K-014",
                path: String::new(),
                span: entry.key_span,
                message: format!("{what} `{}`", entry.key),
                help,
            });
        });
    }

    const fn is_full(&self) -> bool {
        self.complaints.len() >= MAX_COMPLAINTS
    }

    fn complain(&mut self, complaint: Complaint) {
        if self.is_full() {
            self.more += 1;
            return;
        }
        self.complaints.push(Complaint {
            path: shorten(join(&self.path)),
            message: shorten(complaint.message),
            ..complaint
        });
    }
}

/// How many characters of a message or a path are told.
const MAX_CHARACTERS: usize = 400;

/// The text, cut where it is longer than anybody reads.
pub(crate) fn shorten(text: String) -> String {
    match text.char_indices().nth(MAX_CHARACTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// A path as it is written: dots before keys, none before `[0]`.
fn join(path: &[String]) -> String {
    let mut text = String::new();
    for step in path {
        if !text.is_empty() && !step.starts_with('[') {
            text.push('.');
        }
        text.push_str(step);
    }
    text
}
