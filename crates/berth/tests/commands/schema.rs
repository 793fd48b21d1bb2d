//! `berth schema`.

use std::fs;

use crate::scene::{Scene, repository};

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
