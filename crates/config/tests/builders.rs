//! The builders' output is stable API: a golden file for each builder's defaults, and the defaults for Nix.
//!
//! `BLESS=1 cargo test -p berth-config --test builders` writes these files anew; a change to one is a decision.

use std::fs;
use std::path::Path;

use berth_config::builders;
use serde_json::{Value, json};

type Builder = fn(&str, Value) -> Value;

const BUILDERS: [(&str, Builder); 9] = [
    ("docker_registry", builders::docker_registry),
    ("harbor_registry", builders::harbor_registry),
    ("nexus_registry", builders::nexus_registry),
    ("artifactory_registry", builders::artifactory_registry),
    ("image_pull_secret", builders::image_pull_secret),
    ("image_scan_policy", builders::image_scan_policy),
    ("image_retention_policy", builders::image_retention_policy),
    ("image_replication_policy", builders::image_replication_policy),
    ("image_build_config", builders::image_build_config),
];

#[test]
fn the_default_output_of_every_builder_is_its_golden_file() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/builders");
    for (name, build) in BUILDERS {
        let path = folder.join(format!("{name}.json"));
        let built = serde_json::to_string_pretty(&build("example", json!({}))).unwrap() + "\n";
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, &built).unwrap();
        }
        let golden = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(
            built,
            golden,
            "{} differs: see the head of this test",
            path.display()
        );
    }
}

#[test]
fn the_defaults_for_nix_are_those_of_the_types() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../nix/defaults.json");
    let defaults = serde_json::to_string_pretty(&builders::defaults()).unwrap() + "\n";
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &defaults).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap();
    assert_eq!(
        defaults, committed,
        "nix/defaults.json is stale: see the head of this test"
    );
}

#[test]
fn the_forced_label_and_annotation_win_and_the_others_stay() {
    let registry = builders::docker_registry(
        "local",
        json!({
            "labels": {"framework": "mine", "team": "a"},
            "annotations": {"registry.io/managed": "false", "note": "b"},
            "framework": "mine",
            "baseName": "mine",
        }),
    );
    assert_eq!(
        registry["labels"],
        json!({"framework": "docker-registry", "team": "a"})
    );
    assert_eq!(
        registry["annotations"],
        json!({"registry.io/managed": "true", "note": "b"})
    );
    assert_eq!(registry["framework"], "docker-registry");
    assert_eq!(registry["baseName"], "local");
}

#[test]
fn base_name_is_the_configs_name_unless_that_is_null_or_absent() {
    let base_name = |config| builders::image_pull_secret("argument", config)["baseName"].clone();
    assert_eq!(base_name(json!({"name": "config"})), "config");
    assert_eq!(base_name(json!({"name": null})), "argument");
    assert_eq!(base_name(json!({})), "argument");
}

#[test]
fn labels_of_the_wrong_type_stay_for_the_check_to_report() {
    let labels = |given: Value| builders::nexus_registry("n", json!({"labels": given}))["labels"].clone();
    assert_eq!(labels(json!("oops")), json!("oops"));
    assert_eq!(labels(Value::Null), json!({"framework": "nexus"}));
}

#[test]
fn unknown_fields_pass_through() {
    let registry =
        builders::harbor_registry("h", json!({"exposure": {"host": "h.example"}, "trivy": {"x": 1}}));
    assert_eq!(registry["exposure"], json!({"host": "h.example"}));
    assert_eq!(registry["trivy"]["x"], 1);
    assert_eq!(registry["trivy"]["enabled"], true);
}

#[test]
fn a_config_that_is_no_object_comes_back_as_it_is() {
    for (_, build) in BUILDERS {
        assert_eq!(build("n", json!(["a"])), json!(["a"]));
    }
}
