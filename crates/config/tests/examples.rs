//! The examples of the builders' documentation have no errors outside `--profile prod`: as results of
//! the builders, and as documents.

use std::fs;
use std::path::Path;

use berth_config::document::{Documents, Format, Source, read};
use berth_config::rules::{Profile, Target, check};
use berth_config::{Kind, Spec};
use berth_finding::to_text;

fn targets() -> [Target; 2] {
    [
        Target::Local,
        Target::Cluster {
            kubernetes: Some("1.29".to_owned()),
        },
    ]
}

fn assert_no_errors(documents: &Documents, name: &str) {
    for target in targets() {
        let report = check(documents, Profile::Dev, &target);
        assert!(!report.has_errors(), "{name}: {}", to_text(&report, false));
    }
}

/// The golden results of the documentation's examples, as a `.nix` file would return them.
fn examples() -> Vec<(String, Documents)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/examples");
    let files = fs::read_dir(folder).expect("the examples are there");
    let mut examples: Vec<(String, Documents)> = files
        .map(|entry| {
            let path = entry.expect("the folder can be read").path();
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let bytes = fs::read(&path).expect("the example can be read");
            let source = Source {
                name: name.clone(),
                bytes,
                format: Format::EvaluatedNix,
            };
            (name, read(&[source]))
        })
        .collect();
    examples.sort_by(|a, b| a.0.cmp(&b.0));
    assert!(examples.len() >= 11, "examples are missing");
    examples
}

#[test]
fn every_example_has_no_errors() {
    for (name, documents) in examples() {
        let count = usize::from(!name.contains("cost"));
        assert_eq!(
            documents.documents.len(),
            count,
            "{name}: {:?}",
            documents.findings
        );
        assert_no_errors(&documents, &name);
    }
}

#[test]
fn the_defaults_of_every_kind_have_no_errors() {
    for kind in Kind::ALL {
        let kind = kind.as_str();
        let text = format!("apiVersion: berth.dev/v1\nkind: {kind}\nmetadata: {{name: example}}\n");
        let source = Source {
            name: "berth.yaml".to_owned(),
            bytes: text.into(),
            format: Format::Yaml,
        };
        assert_no_errors(&read(&[source]), kind);
    }
}

#[test]
fn a_builder_s_result_is_named_by_its_base_name_and_carries_no_computed_fields() {
    let all = examples();
    let (_, documents) = all
        .iter()
        .find(|(name, _)| name == "mkdockerregistry.json")
        .unwrap();
    let registry = &documents.documents[0];
    assert_eq!(
        (registry.name.as_str(), registry.base_name.as_str()),
        ("local", "local")
    );
    assert!(registry.is_set("storage.s3.bucket") && !registry.is_set("storage.s3.region"));
    assert!(!registry.is_set("labels") && !registry.is_set("annotations"));
    let Spec::DockerRegistry(spec) = &registry.spec else {
        panic!("it is a Docker registry")
    };
    assert!(spec.labels.is_empty() && spec.annotations.is_empty());
}

#[test]
fn the_companions_of_other_modules_become_documents() {
    let all = examples();
    let documents = |wanted: &str| &all.iter().find(|(name, _)| name.contains(wanted)).unwrap().1;
    let Spec::RegistryAccess(access) = &documents("with-rbac").documents[0].spec else {
        panic!("an rbac policy is a RegistryAccess")
    };
    assert_eq!(access.kubernetes[0].resources, ["secrets", "configmaps"]);
    assert_eq!(access.kubernetes[0].verbs, ["get", "list", "watch"]);
    assert_eq!(access.subjects[0].name, "registry-admin");
    let Spec::ImageScanPolicy(scan) = &documents("with-security").documents[0].spec else {
        panic!("a security scan is an ImageScanPolicy")
    };
    assert_eq!(scan.registries, ["registry"]);
}

#[test]
fn costs_are_allotted_to_the_registry_they_name() {
    let text = r#"{"a": [{"b": {"framework": "harbor", "baseName": "production"}}],
        "c": {"berthType": "cost-allocation", "registryName": "production", "costCenter": "platform"},
        "d": 1, "e": {"f": "g"}}"#;
    let source = Source {
        name: "berth.nix".to_owned(),
        bytes: text.into(),
        format: Format::EvaluatedNix,
    };
    let documents = read(&[source]);
    let Spec::HarborRegistry(harbor) = &documents.documents[0].spec else {
        panic!("it is Harbor")
    };
    assert_eq!(
        harbor.cost.as_ref().unwrap().cost_center.as_deref(),
        Some("platform")
    );
    let told: Vec<String> = documents
        .findings
        .iter()
        .map(|finding| format!("{} {}", finding.code, finding.location.as_ref().unwrap()))
        .collect();
    assert_eq!(told, ["DOC-014 berth.nix: d", "DOC-014 berth.nix: e"]);
}

#[test]
fn a_fault_in_an_evaluated_source_is_told_by_its_attribute_path() {
    let text = r#"{"a": [{"b": {"framework": "harbor", "baseName": "production",
        "storage": {"s3": {"bukket": "x"}}, "coreReplicas": -1}}]}"#;
    let source = Source {
        name: "berth.nix".to_owned(),
        bytes: text.into(),
        format: Format::EvaluatedNix,
    };
    let told: Vec<String> = read(&[source])
        .findings
        .iter()
        .map(|finding| finding.location.as_ref().unwrap().to_string())
        .collect();
    assert_eq!(
        told,
        [
            "berth.nix: a[0].b.coreReplicas",
            "berth.nix: a[0].b.storage.s3.bukket"
        ]
    );
}

#[test]
fn the_defaults_of_all_kinds_together_have_no_errors() {
    let document = |kind: &Kind| {
        let kind = kind.as_str();
        format!(
            "apiVersion: berth.dev/v1\nkind: {kind}\nmetadata: {{name: {}}}\n",
            kind.to_lowercase()
        )
    };
    let text = Kind::ALL.iter().map(document).collect::<Vec<_>>().join("---\n");
    let source = Source {
        name: "berth.yaml".to_owned(),
        bytes: text.into(),
        format: Format::Yaml,
    };
    assert_no_errors(&read(&[source]), "all kinds");
}

#[test]
fn the_examples_have_no_errors_as_documents_either_alone_or_together() {
    let text = include_str!("fixtures/examples.yaml");
    let yaml = |text: &str| {
        let source = Source {
            name: "examples.yaml".to_owned(),
            bytes: text.into(),
            format: Format::Yaml,
        };
        read(&[source])
    };
    for document in text.split("---\n") {
        assert_no_errors(&yaml(document), document);
    }
    let together = yaml(text);
    assert_eq!(together.documents.len(), 10);
    assert_no_errors(&together, "together");
}
