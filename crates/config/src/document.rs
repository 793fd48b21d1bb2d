//! Documents as written: text to trees with places, trees to typed fields, and all that can be wrong
//! on the way.

pub(crate) mod codes;
mod cost;
mod envelope;
mod metadata;
mod nearest;
mod nix_result;
mod parse;
mod read;
mod scalar;
mod set_paths;
mod source;
mod text;
mod tree;

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use berth_finding::{Finding, Location};
use serde_json::Value as Json;

pub use envelope::API_VERSION;
pub use metadata::Metadata;
pub use nearest::nearest;
pub use read::{Documents, read};
pub use source::{Format, MAX_SOURCE_BYTES, Source};
pub use text::may_hold_secret;
pub use tree::{Entry, Node, Tree};

use crate::section::{Complaint, shorten};
use crate::{Kind, Spec};
use read::{Descent, attribute_path, descend};
use text::SourceText;

/// A document as written: its fields, and where each of them stands.
#[derive(Clone)]
pub struct Document {
    /// `metadata.name`: the builder's name argument.
    pub name: String,
    /// What objects are named by: `spec.name` where it is given, else the name.
    pub base_name: String,
    /// What Kubernetes says of it.
    pub metadata: Metadata,
    /// Its fields.
    pub spec: Spec,
    root: Node,
    /// Whether the fields stand at the root, as in a builder's result, and not under `spec`.
    bare: bool,
    attribute: String,
    source: Arc<SourceText>,
    /// Paths that the decoder complained of; rules are silent there.
    complained: HashSet<String>,
}

impl Document {
    fn new(spec: Spec, metadata: Metadata, root: Node) -> Self {
        let mut document = Self {
            name: metadata.name.clone(),
            base_name: metadata.name.clone(),
            metadata,
            spec,
            root,
            bare: false,
            attribute: String::new(),
            source: Arc::new(SourceText::new("", None, text::Marks::default())),
            complained: HashSet::new(),
        };
        if let Some(name) = document.given("name").and_then(Node::text) {
            document.base_name = name.to_owned();
        }
        document
    }

    /// Its kind.
    pub const fn kind(&self) -> Kind {
        self.spec.kind()
    }

    /// How findings name it: `DockerRegistry/local`.
    pub fn title(&self) -> String {
        format!("{}/{}", self.kind().as_str(), self.name)
    }

    /// The name of the source it stands in.
    pub fn file(&self) -> &str {
        self.source.name()
    }

    /// The fields as they were written; `None` where nothing was.
    pub fn written_spec(&self) -> Option<&Node> {
        if self.bare {
            Some(&self.root)
        } else {
            self.root.get("spec")
        }
    }

    /// The value at a path of the fields, such as `storage.s3.bucket` or `subjects[0].name`, as it
    /// was written; `null` counts as not given.
    pub fn given(&self, path: &str) -> Option<&Node> {
        let descent = descend(self.written_spec()?, path);
        (descent.found && descent.node.tree != Tree::Null).then_some(descent.node)
    }

    /// Whether a field was set on purpose: given, and away from its default.
    pub fn is_set(&self, path: &str) -> bool {
        let Some(node) = self.given(path) else {
            return false;
        };
        let defaults = self.kind().defaults();
        let default = path
            .split('.')
            .try_fold(defaults, |value, key| value.get(key))
            .unwrap_or(&Json::Null);
        is_away(&node.to_json(), default)
    }

    /// Whether it goes by this name: its own, or that of its objects.
    pub fn answers_to(&self, name: &str) -> bool {
        self.name == name || self.base_name == name
    }

    /// A finding at a path: of the fields, or beginning with `metadata`, `kind` or `apiVersion`. Its
    /// level is that of the catalog outside `--profile prod`.
    pub fn finding(&self, path: &str, code: &'static str, message: impl Into<String>) -> Finding {
        let message = shorten(message.into());
        let mut finding = Finding::new(codes::code(code), codes::level(code), message)
            .field(path)
            .document(self.title());
        if self.source.has_lines() {
            let span = self.span(path);
            finding.excerpt = self.source.excerpt(span);
            finding.at(self.source.location(span))
        } else {
            let path = if path.starts_with("metadata") { "" } else { path };
            finding.at(Location::attribute(self.file(), self.attribute_of(path)))
        }
    }

    /// Whether the decoder has complained of a path already.
    pub(crate) fn has_complaint_at(&self, path: &str) -> bool {
        self.complained.contains(path)
    }

    fn attribute_of(&self, path: &str) -> String {
        let path = if self.bare || is_of_envelope(path) || path.is_empty() {
            path.to_owned()
        } else {
            format!("spec.{path}")
        };
        if path.is_empty() {
            self.attribute.clone()
        } else {
            attribute_path(&self.attribute, &path)
        }
    }

    /// The key at the end of a path, or the nearest one above that stands in the document.
    fn span(&self, path: &str) -> berth_finding::Span {
        let first = match &self.root.tree {
            Tree::Map(entries) => entries.first().map_or(self.root.span, |entry| entry.key_span),
            _ => self.root.span,
        };
        let whole = if is_of_envelope(path) {
            path.to_owned()
        } else {
            attribute_path("spec", path)
        };
        let Descent { span, .. } = descend(&self.root, &whole);
        span.unwrap_or(first)
    }

    fn place(&self, complaint: Complaint) -> Finding {
        let Complaint {
            code,
            path,
            span,
            message,
            help,
        } = complaint;
        let mut finding = Finding::new(codes::code(code), codes::level(code), message);
        finding.help = help;
        let finding = finding.document(self.title());
        let mut finding = if path.is_empty() {
            finding
        } else {
            finding.field(&path)
        };
        if self.source.has_lines() {
            finding.excerpt = self.source.excerpt(span);
            finding.at(self.source.location(span))
        } else {
            finding.at(Location::attribute(self.file(), self.attribute_of(&path)))
        }
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Document({} in {}: {:?})",
            self.title(),
            self.file(),
            self.spec
        )
    }
}

fn is_of_envelope(path: &str) -> bool {
    let first = path.split(['.', '[']).next().unwrap_or_default();
    matches!(first, "metadata" | "apiVersion" | "kind" | "status")
}

/// Whether a value differs from its default anywhere.
fn is_away(given: &Json, default: &Json) -> bool {
    match (given, default) {
        (Json::Object(given), Json::Object(default)) => given
            .iter()
            .any(|(key, value)| is_away(value, default.get(key).unwrap_or(&Json::Null))),
        (given, default) => given != default && !given.is_null(),
    }
}

/// The one value of a text in YAML or JSON that is no document.
pub(crate) fn value_of(text: &str) -> Result<Json, String> {
    let parsed = parse::parse(text);
    if let Some(fault) = parsed.faults.into_iter().next() {
        return Err(fault.message);
    }
    match parsed.roots.as_slice() {
        [root] => Ok(root.to_json()),
        [] => Err("it is empty".to_owned()),
        _ => Err("it holds several documents".to_owned()),
    }
}

/// The first document of a YAML text, for the tests of what writes YAML.
#[cfg(test)]
pub(crate) fn parse_for_tests(text: &str) -> Node {
    parse::parse(text).roots.remove(0)
}
