//! What stands around the fields: `apiVersion`, `kind`, `metadata`, and lists of documents.

use super::parse::Fault;
use super::read::{Draft, Drafts};
use super::tree::{Node, Tree};
use super::{Document, Metadata, nearest};
use crate::Kind;
use crate::section::{Complaint, Decoder, read_section};
use crate::value::Refused;

/// The version of the documents.
pub const API_VERSION: &str = "berth.dev/v1";

/// How deep lists of documents may stand in lists.
const MAX_LIST_DEPTH: usize = 4;

/// Takes the document, or all documents of a `List`, that a root holds.
pub(crate) fn take(root: &Node, drafts: &mut Drafts) {
    take_at(root, drafts, 0);
}

fn take_at(root: &Node, drafts: &mut Drafts, depth: usize) {
    if let (Some("List"), Some(items)) = (text(root, "kind"), root.get("items")) {
        drafts.marks.document(root, None);
        match &items.tree {
            Tree::List(nodes) if depth < MAX_LIST_DEPTH => {
                for node in nodes {
                    take_at(node, drafts, depth + 1);
                }
            }
            _ => drafts
                .faults
                .push(fault("DOC-010", items, "`items` is no list of documents", None)),
        }
        return;
    }
    if matches!(root.tree, Tree::Null) {
        return;
    }
    take_one(root, drafts);
}

pub(crate) fn take_one(root: &Node, drafts: &mut Drafts) {
    let kind = kind_of(root);
    drafts.marks.document(root, kind.ok().map(Kind::shape));
    if !matches!(root.tree, Tree::Map(_)) {
        let help = "a document begins with apiVersion, kind, metadata and spec";
        drafts
            .faults
            .push(fault("DOC-010", root, "this is no document", Some(help)));
        return;
    }
    let mut decoder = Decoder::new();
    check_version(root, &mut decoder);
    if let Ok(kind) = kind {
        drafts.read.push(draft(root, kind, decoder));
        return;
    }
    refuse_kind(root, &mut decoder);
    drafts
        .faults
        .extend(decoder.finish().into_iter().map(|complaint| {
            let Complaint {
                code,
                span,
                message,
                help,
                ..
            } = complaint;
            (
                Fault {
                    code,
                    span,
                    message,
                    help,
                },
                None,
            )
        }));
}

fn draft(root: &Node, kind: Kind, mut decoder: Decoder) -> Draft {
    decoder.known_entries(root, &["apiVersion", "kind", "metadata", "spec", "status"]);
    let empty = Node {
        span: root.span,
        tree: Tree::Null,
    };
    let metadata: Metadata = decoder.at_key("metadata", |decoder| {
        read_section(root.get("metadata").unwrap_or(&empty), decoder)
    });
    if metadata.name.is_empty() {
        let refused = Refused::new("the document has no name").help("give it `metadata.name`");
        let at = root.entry("metadata").map_or_else(
            || Node {
                span: first_line(root),
                tree: Tree::Null,
            },
            |entry| Node {
                span: entry.key_span,
                tree: Tree::Null,
            },
        );
        decoder.at_key("metadata", |decoder| {
            decoder.at_key("name", |decoder| decoder.refuse(&at, "DOC-008", refused));
        });
    }
    let spec = kind.read(root.get("spec").unwrap_or(&empty), &mut decoder);
    Draft {
        document: Document::new(spec, metadata, root.clone()),
        complaints: decoder.finish(),
    }
}

fn first_line(root: &Node) -> berth_finding::Span {
    match &root.tree {
        Tree::Map(entries) => entries.first().map_or(root.span, |entry| entry.key_span),
        _ => root.span,
    }
}

fn kind_of(root: &Node) -> Result<Kind, ()> {
    text(root, "kind").and_then(Kind::parse).ok_or(())
}

fn check_version(root: &Node, decoder: &mut Decoder) {
    let Some(entry) = root.entry("apiVersion") else {
        let at = Node {
            span: first_line(root),
            tree: Tree::Null,
        };
        let refused = Refused::new("the document has no apiVersion")
            .help(format!("begin it with `apiVersion: {API_VERSION}`"));
        decoder.at_key("apiVersion", |decoder| decoder.refuse(&at, "DOC-006", refused));
        return;
    };
    if entry.value.text() != Some(API_VERSION) {
        let refused = Refused::new("this version of documents isn't known")
            .help(format!("write `apiVersion: {API_VERSION}`"));
        decoder.at_key("apiVersion", |decoder| {
            decoder.refuse(&entry.value, "DOC-006", refused);
        });
    }
}

fn refuse_kind(root: &Node, decoder: &mut Decoder) {
    let names = || Kind::ALL.iter().map(|kind| kind.as_str());
    let at = Node {
        span: first_line(root),
        tree: Tree::Null,
    };
    let (node, message, near) = match root.entry("kind") {
        None => (&at, "the document has no kind".to_owned(), None),
        Some(entry) => match entry.value.text() {
            None => (&entry.value, "the kind is no text".to_owned(), None),
            Some(text) => (
                &entry.value,
                format!("the kind `{text}` isn't known"),
                nearest(text, names()).or_else(|| product(text)),
            ),
        },
    };
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("it is one of {}", names().collect::<Vec<_>>().join(", ")),
    };
    decoder.at_key("kind", |decoder| {
        decoder.refuse(node, "DOC-007", Refused::new(message).help(help));
    });
}

/// The kind that is meant by the name of a product or of a builder.
fn product(text: &str) -> Option<&'static str> {
    let lower = text.to_ascii_lowercase();
    [
        ("harbor", "HarborRegistry"),
        ("nexus", "NexusRegistry"),
        ("artifactory", "ArtifactoryRegistry"),
        ("docker", "DockerRegistry"),
        ("pull", "ImagePullSecret"),
        ("scan", "ImageScanPolicy"),
        ("retention", "ImageRetentionPolicy"),
        ("replication", "ImageReplicationPolicy"),
        ("build", "ImageBuildConfig"),
        ("access", "RegistryAccess"),
        ("rbac", "RegistryAccess"),
        ("registry", "DockerRegistry"),
    ]
    .into_iter()
    .find(|(word, _)| lower.contains(word))
    .map(|(_, kind)| kind)
}

fn text<'a>(node: &'a Node, key: &str) -> Option<&'a str> {
    node.get(key).and_then(Node::text)
}

fn fault(code: &'static str, node: &Node, message: &str, help: Option<&str>) -> (Fault, Option<String>) {
    let help = help.map(str::to_owned);
    (
        Fault {
            code,
            span: node.span,
            message: message.to_owned(),
            help,
        },
        None,
    )
}
