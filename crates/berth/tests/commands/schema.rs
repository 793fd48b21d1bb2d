//! `berth schema`.

use std::fs;

use berth_config::document::{Documents, Format, Source, read};
use serde_json::{Value, json};

use crate::json_schema::faults;
use crate::scene::{Scene, document, repository};

#[test]
fn what_is_printed_is_the_committed_schema() {
    let printed = Scene::new().berth(&["schema"]).result();
    let committed = fs::read_to_string(repository().join("schemas/v1.json")).unwrap();
    assert!(
        printed == committed,
        "stale: run `cargo xtask generate` and commit"
    );
}

#[test]
fn it_is_a_schema_of_draft_07_that_names_every_kind() {
    let schema = Scene::new().berth(&["schema"]).json();
    assert_eq!(schema["$schema"], "http://json-schema.org/draft-07/schema#");
    let titles: Vec<_> = schema["oneOf"]
        .as_array()
        .unwrap()
        .iter()
        .map(|kind| &kind["title"])
        .collect();
    assert_eq!(
        titles,
        berth_config::Kind::ALL
            .iter()
            .map(|kind| kind.as_str())
            .collect::<Vec<_>>()
    );
}

/// The documents of a text as an editor sees them.
fn values(text: &str) -> Vec<Value> {
    let source = Source {
        name: "a.yaml".to_owned(),
        bytes: text.into(),
        format: Format::Yaml,
    };
    let Documents { documents, .. } = read(&[source]);
    let values = documents.iter().map(|document| {
        let spec = document.written_spec().map(berth_config::document::Node::to_json);
        json!({
            "apiVersion": "berth.dev/v1",
            "kind": document.kind().as_str(),
            "metadata": {"name": document.name},
            "spec": spec.unwrap_or_default(),
        })
    });
    values.collect()
}

#[test]
fn every_example_is_valid_by_the_schema() {
    let schema = Scene::new().berth(&["schema"]).json();
    let mut count = 0;
    for entry in fs::read_dir(repository().join("examples")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "yaml") {
            for value in values(&fs::read_to_string(&path).unwrap()) {
                assert_eq!(faults(&schema, &value), [""; 0], "{}: {value}", path.display());
                count += 1;
            }
        }
    }
    assert!(count >= 10, "{count} documents");
}

#[test]
fn every_builder_s_defaults_are_valid_by_the_schema() {
    let schema = Scene::new().berth(&["schema"]).json();
    for kind in berth_config::Kind::ALL {
        let value = json!({
            "apiVersion": "berth.dev/v1",
            "kind": kind.as_str(),
            "metadata": {"name": "a"},
            "spec": kind.defaults(),
        });
        assert_eq!(faults(&schema, &value), [""; 0], "{}", kind.as_str());
    }
}

#[test]
fn what_check_refuses_in_form_the_schema_refuses_too() {
    let schema = Scene::new().berth(&["schema"]).json();
    for spec in [
        "{replcas: 1}",
        "{replicas: three}",
        "{replicas: -1}",
        "{storage: {driver: filesystm}}",
        "{storage: {filesystem: {rootDirectory: /a}}}",
        "{auth: {enabled: \"true\"}}",
        "{http: {headers: [a]}}",
        "{storage: {s3: {secretkey: {enf: A}}}}",
    ] {
        let text = document("DockerRegistry", "a", spec);
        let values = values(&text);
        assert!(!faults(&schema, &values[0]).is_empty(), "{spec}");
        assert_eq!(Scene::with(&text).berth(&["check"]).code, Some(4), "{spec}");
    }
}
