//! What a `.nix` file gave: results of builders, by their markers, wherever they stand in lists and
//! attribute sets.

use super::cost::CostAllocation;
use super::metadata::Metadata;
use super::parse::Fault;
use super::read::{Draft, Drafts, attribute_path};
use super::tree::{Entry, Node, Tree};
use super::{Document, envelope};
use crate::Kind;
use crate::section::{Decoder, read_section};
use crate::sections::Cost;

/// How deep results may stand.
const MAX_DEPTH: usize = 32;

/// Takes all results below a root.
pub(crate) fn take(root: &Node, drafts: &mut Drafts) {
    if !walk(root, "", drafts, 0) {
        let help = "return the result of a builder such as mkDockerRegistry, a list or a set of them";
        drafts
            .faults
            .push(fault("DOC-010", root, "", "no builder's result is in it", help));
    }
}

/// Whether a result was found. What holds none is told once, at the top of it.
fn walk(node: &Node, path: &str, drafts: &mut Drafts, depth: usize) -> bool {
    if depth > MAX_DEPTH {
        return false;
    }
    if take_result(node, path, drafts) {
        return true;
    }
    let children: Vec<(String, &Node)> = match &node.tree {
        Tree::List(nodes) => nodes
            .iter()
            .enumerate()
            .map(|(index, node)| (attribute_path(path, &format!("[{index}]")), node))
            .collect(),
        Tree::Map(entries) => entries
            .iter()
            .map(|entry| (attribute_path(path, &entry.key), &entry.value))
            .collect(),
        _ => Vec::new(),
    };
    let mut ignored = Vec::new();
    for (path, child) in &children {
        if !walk(child, path, drafts, depth + 1) {
            ignored.push((path, child));
        }
    }
    let found = ignored.len() < children.len();
    if found {
        for (path, child) in ignored {
            let help = "take it out, or mark it: builders do";
            drafts
                .faults
                .push(fault("DOC-014", child, path, "this is no builder's result", help));
        }
    }
    found
}

fn take_result(node: &Node, path: &str, drafts: &mut Drafts) -> bool {
    if let Some("rbac-policy" | "security-scan" | "cost-allocation") = text(node, "berthType") {
        take_companion(node, path, drafts);
        return true;
    }
    if let Some(kind) = Kind::ALL.iter().copied().find(|kind| is_marked(node, *kind)) {
        let name = text(node, "baseName").unwrap_or_default();
        drafts.read.push(draft(kind, name, strip(node, kind), path));
        return true;
    }
    if node.get("apiVersion").is_some() && node.get("kind").is_some() {
        let before = (drafts.read.len(), drafts.faults.len());
        envelope::take(node, drafts);
        for draft in &mut drafts.read[before.0..] {
            path.clone_into(&mut draft.document.attribute);
        }
        for (_, attribute) in &mut drafts.faults[before.1..] {
            *attribute = Some(path.to_owned());
        }
        return true;
    }
    false
}

fn is_marked(node: &Node, kind: Kind) -> bool {
    kind.marker()
        .is_some_and(|marker| text(node, marker.key) == Some(marker.value))
}

fn draft(kind: Kind, name: &str, spec: Node, path: &str) -> Draft {
    let mut decoder = Decoder::new();
    let fields = kind.read(&spec, &mut decoder);
    let metadata = Metadata {
        name: name.to_owned(),
        ..Metadata::default()
    };
    let mut document = Document::new(fields, metadata, spec);
    document.bare = true;
    path.clone_into(&mut document.attribute);
    name.clone_into(&mut document.base_name);
    Draft {
        document,
        complaints: decoder.finish(),
    }
}

/// The configuration without what the builder added to it.
fn strip(node: &Node, kind: Kind) -> Node {
    let computed = |key: &str| key == "baseName" || kind.marker().is_some_and(|marker| marker.key == key);
    let entries = entries(node)
        .iter()
        .filter(|entry| !computed(&entry.key))
        .map(|entry| {
            let forced = |key: &str| match entry.key.as_str() {
                "labels" => key == "framework",
                "annotations" => key.strip_suffix(".io/managed").is_some(),
                _ => false,
            };
            let mut entry = entry.clone();
            if let (true, Tree::Map(inner)) = (kind.is_registry(), &mut entry.value.tree) {
                inner.retain(|inner| !forced(&inner.key));
            }
            entry
        });
    Node {
        span: node.span,
        tree: Tree::Map(entries.collect()),
    }
}

fn take_companion(node: &Node, path: &str, drafts: &mut Drafts) {
    let last = path
        .rsplit(['.', '['])
        .next()
        .unwrap_or_default()
        .trim_end_matches(']');
    let name = text(node, "name").unwrap_or(last);
    match text(node, "berthType") {
        Some("rbac-policy") => {
            let spec = access(node);
            drafts.read.push(draft(Kind::RegistryAccess, name, spec, path));
        }
        Some("security-scan") => {
            let spec = scan(node);
            drafts.read.push(draft(Kind::ImageScanPolicy, name, spec, path));
        }
        _ => {
            let spec = without(node, &["berthType"]);
            let mut decoder = Decoder::new();
            let cost: Cost = read_section(&spec, &mut decoder);
            for complaint in decoder.finish() {
                let attribute = attribute_path(path, &complaint.path);
                let crate::section::Complaint {
                    code,
                    span,
                    message,
                    help,
                    ..
                } = complaint;
                drafts.faults.push((
                    Fault {
                        code,
                        span,
                        message,
                        help,
                    },
                    Some(attribute),
                ));
            }
            let attribute = path.to_owned();
            drafts.costs.push(CostAllocation {
                file: String::new(),
                attribute,
                cost,
            });
        }
    }
}

/// What `mkRBACPolicy` gives, as the fields of a `RegistryAccess`.
fn access(node: &Node) -> Node {
    let of_rule = |entry: &&Entry| matches!(entry.key.as_str(), "resources" | "verbs");
    let rule: Vec<Entry> = entries(node).iter().filter(of_rule).cloned().collect();
    let mut spec = without(node, &["berthType", "name", "resources", "verbs"]);
    if let (Tree::Map(entries), false) = (&mut spec.tree, rule.is_empty()) {
        let rule = Node {
            span: node.span,
            tree: Tree::Map(rule),
        };
        let rules = Node {
            span: node.span,
            tree: Tree::List(vec![rule]),
        };
        entries.push(Entry {
            key: "kubernetes".to_owned(),
            key_span: node.span,
            value: rules,
        });
    }
    spec
}

/// What `mkSecurityScan` gives, as the fields of an `ImageScanPolicy`.
fn scan(node: &Node) -> Node {
    let mut spec = without(node, &["berthType"]);
    if let Tree::Map(entries) = &mut spec.tree {
        let is_image_scan =
            |entry: &Entry| entry.key == "scanType" && entry.value.text() == Some("image-scan");
        entries.retain(|entry| !is_image_scan(entry));
        for entry in entries.iter_mut().filter(|entry| entry.key == "scanTargets") {
            "registries".clone_into(&mut entry.key);
        }
    }
    spec
}

fn without(node: &Node, keys: &[&str]) -> Node {
    let entries = entries(node)
        .iter()
        .filter(|entry| !keys.contains(&entry.key.as_str()));
    Node {
        span: node.span,
        tree: Tree::Map(entries.cloned().collect()),
    }
}

fn entries(node: &Node) -> &[Entry] {
    match &node.tree {
        Tree::Map(entries) => entries,
        _ => &[],
    }
}

fn text<'a>(node: &'a Node, key: &str) -> Option<&'a str> {
    node.get(key).and_then(Node::text)
}

fn fault(code: &'static str, node: &Node, path: &str, message: &str, help: &str) -> (Fault, Option<String>) {
    let fault = Fault {
        code,
        span: node.span,
        message: message.to_owned(),
        help: Some(help.to_owned()),
    };
    (fault, (!path.is_empty()).then(|| path.to_owned()))
}
