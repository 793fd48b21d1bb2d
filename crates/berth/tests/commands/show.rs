//! `berth show`.

use berth_config::builders;
use serde_json::{Value, json};

use crate::scene::{Scene, document, quiet};

type Builder = fn(&str, Value) -> Value;

/// Each kind with its builder and a part of its fields.
fn cases() -> Vec<(&'static str, Builder, Value)> {
    vec![
        (
            "DockerRegistry",
            builders::docker_registry,
            json!({"storage": {"filesystem": {"rootdirectory": "/a"}}}),
        ),
        (
            "HarborRegistry",
            builders::harbor_registry,
            json!({"coreReplicas": 2, "trivy": {"enabled": false}}),
        ),
        (
            "NexusRegistry",
            builders::nexus_registry,
            json!({"jvm": {"maxMemory": "2g"}, "labels": {"team": "a"}}),
        ),
        (
            "ArtifactoryRegistry",
            builders::artifactory_registry,
            json!({"name": "other", "replicas": 1}),
        ),
        (
            "ImagePullSecret",
            builders::image_pull_secret,
            json!({"registry": {"server": "r.example.com"}}),
        ),
        (
            "ImageScanPolicy",
            builders::image_scan_policy,
            json!({"scanning": {"onPull": true}}),
        ),
        (
            "ImageRetentionPolicy",
            builders::image_retention_policy,
            json!({"retentionDays": 7}),
        ),
        (
            "ImageReplicationPolicy",
            builders::image_replication_policy,
            json!({"source": {"registry": "a.example.com"}}),
        ),
        (
            "ImageBuildConfig",
            builders::image_build_config,
            json!({"buildSystem": "kaniko"}),
        ),
    ]
}

#[test]
fn what_is_shown_equals_the_builder_s_result_for_every_kind() {
    for (kind, builder, config) in cases() {
        let scene = Scene::with(&document(kind, "a", &config.to_string()));
        let shown: Value = serde_json::from_str(&scene.berth(&["show", "-o", "json"]).result()).unwrap();
        assert_eq!(shown, json!([builder("a", config)]), "{kind}");
    }
}

#[test]
fn yaml_is_a_stream_of_documents() {
    let scene = Scene::with(&format!(
        "{}---\n{}",
        quiet("one"),
        document("ImageRetentionPolicy", "two", "{}")
    ));
    insta::assert_snapshot!("show_yaml", scene.berth(&["show"]));
    assert_eq!(
        scene.berth(&["show", "-o", "yaml"]).result(),
        scene.berth(&["show"]).result()
    );
}

/// Reads YAML by Berth's own reader, as the fields of a document.
fn read_back(yaml: &str) -> Value {
    let indented = format!("  {}", yaml.replace('\n', "\n  "));
    let source = berth_config::document::Source {
        name: "shown".to_owned(),
        bytes: document("ImageScanPolicy", "a", &format!("\n{indented}")).into_bytes(),
        format: berth_config::document::Format::Yaml,
    };
    let documents = berth_config::document::read(&[source]);
    documents.documents[0].written_spec().unwrap().to_json()
}

#[test]
fn yaml_and_json_say_the_same_also_of_texts_that_look_like_something_else() {
    let labels = r##"{a: "yes", b: "1.0", c: "null", d: "", e: "a: b", f: "# c", g: "- d", h: "0x1f", i: "2024-01-01", j: "~", k: "line\nline", l: "'\"\\", m: " x "}"##;
    let spec = format!("{{annotations: {labels}, http: {{headers: {{X: ['1', 'on']}}}}}}");
    let scene = Scene::with(&document("DockerRegistry", "a", &spec));
    let shown: Value = serde_json::from_str(&scene.berth(&["show", "-o", "json"]).result()).unwrap();
    assert_eq!(shown[0]["annotations"]["b"], "1.0");
    assert_eq!(read_back(&scene.berth(&["show"]).result()), shown[0]);
}

#[test]
fn secrets_are_redacted_and_where_they_come_from_is_not() {
    let spec =
        "{storage: {s3: {accesskey: hunter2, secretkey: {env: S3_KEY}}}, http: {tlskey: {file: /a/key}}}";
    let run = Scene::with(&document("DockerRegistry", "a", spec)).berth(&["show", "-o", "json"]);
    let shown = run.json();
    assert_eq!(shown[0]["storage"]["s3"]["accesskey"], "[secret]");
    assert_eq!(shown[0]["storage"]["s3"]["secretkey"], json!({"env": "S3_KEY"}));
    assert_eq!(shown[0]["http"]["tlskey"], json!({"file": "/a/key"}));
    assert!(!run.to_string().contains("hunter2"));
}

#[test]
fn an_invalid_document_is_refused_and_nothing_is_shown() {
    let run = Scene::with(&document("DockerRegistry", "a", "{replicas: x}")).berth(&["show", "berth.yaml"]);
    insta::assert_snapshot!(run, @r"
    exit: 4
    --- stderr
    error[K-014]: expected a whole number, found text
     --> berth.yaml:4:18
      |
    4 | spec: {replicas: x}
      |                  ^

    1 error
    error: the declaration is invalid
    ");
}
