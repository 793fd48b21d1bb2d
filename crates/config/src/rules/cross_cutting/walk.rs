//! Walks a document as written, with the type of each value at hand.

use crate::document::{Document, Node, Tree};
use crate::section::{Shape, ValueType};

/// A value as written.
pub(super) struct Visit<'a> {
    pub(super) path: &'a str,
    pub(super) node: &'a Node,
    pub(super) value: &'static ValueType,
}

/// Visits every value of the `spec` that a field is declared for.
pub(super) fn walk(document: &Document, visit: &mut dyn FnMut(&Visit<'_>)) {
    if let Some(node) = document.written_spec() {
        section("", node, document.kind().shape(), visit);
    }
}

fn section(path: &str, node: &Node, shape: &'static Shape, visit: &mut dyn FnMut(&Visit<'_>)) {
    for field in shape.fields {
        if let Some(node) = node.get(field.name) {
            value(&join(path, field.name), node, &field.value, visit);
        }
    }
}

fn value(path: &str, node: &Node, declared: &'static ValueType, visit: &mut dyn FnMut(&Visit<'_>)) {
    visit(&Visit {
        path,
        node,
        value: declared,
    });
    match (declared, &node.tree) {
        (ValueType::Section(shape), Tree::Map(_)) => section(path, node, shape, visit),
        (ValueType::List(of), Tree::List(nodes)) => {
            for (index, node) in nodes.iter().enumerate() {
                value(&format!("{path}[{index}]"), node, of, visit);
            }
        }
        (ValueType::Map(of), Tree::Map(entries)) => {
            for entry in entries {
                value(&join(path, &entry.key), &entry.value, of, visit);
            }
        }
        _ => {}
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_owned()
    } else {
        format!("{path}.{key}")
    }
}
