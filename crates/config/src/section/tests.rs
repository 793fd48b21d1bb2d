use berth_finding::Span;
use serde_json::json;

use super::*;
use crate::document::{Entry, Tree};
use crate::sections::{DockerRegistry, HarborRegistry};

fn node(tree: Tree) -> Node {
    Node {
        span: Span::on_line(1, 1, 1),
        tree,
    }
}

fn map(entries: Vec<(&str, Tree)>) -> Tree {
    let entry = |(key, tree): (&str, Tree)| Entry {
        key: key.to_owned(),
        key_span: Span::on_line(1, 1, 1),
        value: node(tree),
    };
    Tree::Map(entries.into_iter().map(entry).collect())
}

fn text(text: &str) -> Tree {
    Tree::Text(text.to_owned())
}

#[test]
fn a_partly_given_map_keeps_its_other_defaults() {
    let spec = node(map(vec![(
        "resources",
        map(vec![("limits", map(vec![("cpu", text("2"))]))]),
    )]));
    let mut decoder = Decoder::new();
    let harbor: HarborRegistry = read_section(&spec, &mut decoder);
    assert_eq!(decoder.finish(), []);
    assert_eq!(
        harbor.resources.write(),
        json!({"limits": {"cpu": "2", "memory": "1024Mi"}, "requests": {"cpu": "500m", "memory": "512Mi"}})
    );
}

#[test]
fn all_faults_are_found_and_the_rest_is_read() {
    let spec = node(map(vec![
        ("replicas", Tree::Number("-1".to_owned())),
        ("version", Tree::Number("2.8".to_owned())),
        (
            "storage",
            map(vec![("drivr", text("s3")), ("driver", text("s4"))]),
        ),
        ("storag", Tree::Null),
        (
            "log",
            map(vec![("level", text("debug")), ("level", text("warning"))]),
        ),
    ]));
    let mut decoder = Decoder::new();
    let registry: DockerRegistry = read_section(&spec, &mut decoder);
    let found: Vec<_> = decoder
        .finish()
        .into_iter()
        .map(|found| (found.code, found.path))
        .collect();
    let expected = [
        ("K-014", "storag"),
        ("K-014", "version"),
        ("K-003", "replicas"),
        ("K-014", "storage.drivr"),
        ("DR-001", "storage.driver"),
        ("K-014", "log.level"),
        ("DR-044", "log.level"),
    ];
    assert_eq!(found, expected.map(|(code, path)| (code, path.to_owned())));
    assert_eq!((registry.replicas, registry.version.as_str()), (-1, "2.8"));
    assert_eq!(registry.storage.driver.text(), "s4");
    assert_eq!(registry.storage.driver.value(), None);
}

#[test]
fn an_extension_field_is_absent_unless_given() {
    let registry = DockerRegistry::default();
    assert_eq!(registry.write().get("proxy"), None);
    assert_eq!(registry.write()["notifications"], json!({}));
}
