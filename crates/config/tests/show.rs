//! The resolved document is the builder's result, without its secrets.

use std::fs;
use std::path::Path;

use berth_config::document::{Document, Format, Source, read};
use berth_config::show::{show, to_yaml};
use serde_json::{Value, json};

fn yaml(text: &str) -> Document {
    let source = Source {
        name: "berth.yaml".to_owned(),
        bytes: text.into(),
        format: Format::Yaml,
    };
    read(&[source]).documents.remove(0)
}

#[test]
fn a_builder_s_result_is_shown_as_it_is() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/examples");
    for name in ["mkdockerregistry", "mkharborregistry", "mknexusregistry"] {
        let bytes = fs::read(folder.join(format!("{name}.json"))).unwrap();
        let golden: Value = serde_json::from_slice(&bytes).unwrap();
        let source = Source {
            name: name.to_owned(),
            bytes,
            format: Format::EvaluatedNix,
        };
        assert_eq!(show(&read(&[source]).documents[0]), golden, "{name}");
    }
}

#[test]
fn a_document_is_shown_as_its_builder_s_result_with_secrets_redacted() {
    let document = yaml(
        "apiVersion: berth.dev/v1\nkind: DockerRegistry\nmetadata: {name: local}\nspec:\n  \
         storage: {s3: {accesskey: hunter2, secretkey: {env: KEY}, regionendpoint: 'http://a:b@c'}}\n  \
         extraEnv: {A: hunter2}\n  labels: {framework: mine}\n  unknown: hunter2\n  \
         http: {secret: {secretKeyRef: {name: hunter2}}}\n",
    );
    let shown = show(&document);
    assert_eq!(shown["baseName"], "local");
    assert_eq!(shown["framework"], "docker-registry");
    assert_eq!(shown["labels"], json!({"framework": "docker-registry"}));
    assert_eq!(shown["storage"]["s3"]["accesskey"], "[secret]");
    assert_eq!(shown["storage"]["s3"]["secretkey"], json!({"env": "KEY"}));
    assert_eq!(shown["storage"]["s3"]["bucket"], "registry");
    assert_eq!(shown["extraEnv"]["A"], "[not shown]");
    let text = format!("{shown}{}", to_yaml(&shown));
    assert!(
        !text.contains("hunter2") && !text.contains("a:b@c") && !text.contains("unknown"),
        "{text}"
    );
}

#[test]
fn a_name_in_the_fields_goes_before_the_document_s() {
    let document =
        yaml("apiVersion: berth.dev/v1\nkind: ImageScanPolicy\nmetadata: {name: a}\nspec: {name: b}\n");
    assert_eq!(
        (show(&document)["baseName"].as_str(), document.base_name.as_str()),
        (Some("b"), "b")
    );
}

#[test]
fn access_without_a_builder_is_shown_with_its_defaults() {
    let document = yaml(
        "apiVersion: berth.dev/v1\nkind: RegistryAccess\nmetadata: {name: a}\n\
         spec: {subjects: [{kind: User, name: me}], kubernetes: [{resources: [pods]}]}\n",
    );
    let shown = show(&document);
    assert_eq!(shown["kubernetes"][0]["verbs"], json!(["get", "list", "watch"]));
    assert_eq!(shown["rules"], json!([]));
}
