//! `berth render`.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::Value;

use crate::scene::{Scene, document, repository};

/// Two registries, one of which is given a secret.
fn scene() -> Scene {
    let registry = |name: &str, more: &str| {
        document(
            "DockerRegistry",
            name,
            &format!("{{namespace: team, persistence: {{size: 1Gi}}{more}}}"),
        )
    };
    Scene::with(&format!(
        "{}---\n{}",
        registry("a", ", http: {secret: {env: SHARED}}"),
        registry("b", "")
    ))
}

fn render(scene: &Scene, arguments: &[&str]) -> crate::scene::Run {
    let mut command = scene.command(&[&["render"], arguments].concat());
    command
        .env("SHARED", "0123456789abcdef")
        .env("PULL_PASSWORD", "p");
    crate::scene::Run::of(&command.output().unwrap())
}

fn files(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

/// Kinds of a stream, in its order.
fn kinds(stream: &str) -> Vec<&str> {
    stream
        .lines()
        .filter_map(|line| line.strip_prefix("kind: "))
        .collect()
}

#[test]
fn a_stream_holds_the_objects_in_the_order_in_which_they_are_applied_and_talk_goes_elsewhere() {
    let run = render(&scene(), &[]);
    assert!(run.stderr.contains("RN-001"), "{run}");
    let stream = run.result();
    assert!(!stream.contains("RN-001"));
    let kinds = kinds(&stream);
    assert_eq!(kinds[0], "Namespace");
    let at = |kind: &str| kinds.iter().position(|there| *there == kind).unwrap();
    for pair in [
        "ServiceAccount",
        "ConfigMap",
        "PersistentVolumeClaim",
        "Deployment",
        "Service",
        "NetworkPolicy",
    ]
    .windows(2)
    {
        assert!(at(pair[0]) < at(pair[1]), "{pair:?}: {kinds:?}");
    }
}

#[test]
fn a_list_holds_the_same_objects_as_the_stream() {
    let scene = scene();
    let list = render(&scene, &["-o", "json"]).json();
    assert_eq!(
        (&list["kind"], &list["apiVersion"]),
        (&"List".into(), &"v1".into())
    );
    let items = list["items"].as_array().unwrap();
    let of_list: Vec<_> = items.iter().map(|item| item["kind"].as_str().unwrap()).collect();
    assert_eq!(of_list, kinds(&render(&scene, &[]).result()));
}

#[test]
fn the_same_documents_are_the_same_bytes_whatever_the_form() {
    let scene = scene();
    for arguments in [
        &[][..],
        &["-o", "json"],
        &["--secrets", "kept.json"],
        &["--kubernetes", "1.26"],
    ] {
        render(&scene, arguments).result();
        assert_eq!(
            render(&scene, arguments).result(),
            render(&scene, arguments).result(),
            "{arguments:?}"
        );
    }
}

#[test]
fn a_folder_has_a_file_for_each_object_and_one_that_names_them() {
    let scene = scene();
    render(&scene, &["--out", "out"]).result();
    let folder = scene.path().join("out");
    let kustomization = fs::read_to_string(folder.join("kustomization.yaml")).unwrap();
    let named: BTreeSet<String> = kustomization
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("- "))
        .map(str::to_owned)
        .collect();
    let mut there = files(&folder);
    assert!(there.remove("kustomization.yaml"));
    assert_eq!(there, named);
    assert!(there.contains("team.a.deployment.yaml"), "{there:?}");
    for name in &there {
        let mode = fs::metadata(folder.join(name)).unwrap().permissions().mode() & 0o777;
        let is_secret = name.ends_with(".secret.yaml");
        assert_eq!(mode == 0o600, is_secret, "{name} has mode {mode:o}");
    }
}

#[test]
fn what_is_rendered_no_longer_leaves_the_folder_and_other_files_stay() {
    let scene = scene();
    render(&scene, &["--out", "out"]).result();
    scene.file("out/notes.txt", "mine");
    scene.file("out/mine.yaml", "mine: true\n");
    scene.file(
        "berth.yaml",
        document(
            "DockerRegistry",
            "b",
            "{namespace: team, persistence: {size: 1Gi}}",
        ),
    );
    render(&scene, &["--out", "out"]).result();
    let there = files(&scene.path().join("out"));
    assert!(there.iter().all(|name| !name.starts_with("team.a.")), "{there:?}");
    for name in [
        "team.b.deployment.yaml",
        "notes.txt",
        "mine.yaml",
        "kustomization.yaml",
    ] {
        assert!(there.contains(name), "{name}: {there:?}");
    }
}

#[test]
fn a_folder_of_somebody_else_s_is_left_as_it_is() {
    let scene = scene();
    let kustomization = scene.file("out/kustomization.yaml", "resources:\n- own.yaml\n");
    scene.file("out/own.yaml", "own: true\n");
    render(&scene, &["--out", "out"]).refused(1, &["kustomization.yaml", "isn't Berth's", "another folder"]);
    assert_eq!(
        fs::read_to_string(kustomization).unwrap(),
        "resources:\n- own.yaml\n"
    );
    assert_eq!(files(&scene.path().join("out")).len(), 2);
    scene.file("other/team.a.deployment.yaml", "own: true\n");
    render(&scene, &["--out", "other"]).refused(1, &["team.a.deployment.yaml", "isn't Berth's"]);
    assert_eq!(files(&scene.path().join("other")).len(), 1);
}

#[test]
fn secrets_that_nobody_gave_are_made_once_in_a_file_of_their_owner_s() {
    let scene = scene();
    let first = render(&scene, &["--secrets", "kept.json"]);
    assert!(!first.stderr.contains("RN-001"), "{first}");
    let first = first.result();
    let mode = fs::metadata(scene.path().join("kept.json"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(kinds(&first).iter().filter(|kind| **kind == "Secret").count() >= 2);
    assert_eq!(first, render(&scene, &["--secrets", "kept.json"]).result());
    assert_ne!(first, render(&scene, &["--secrets", "others.json"]).result());
}

#[test]
fn a_document_that_can_not_be_rendered_is_refused_and_nothing_is_written() {
    let scene = Scene::with(&document(
        "DockerRegistry",
        "a",
        "{http: {secret: {env: UNSET_HERE}}}",
    ));
    let run = scene.berth(&["render", "--out", "out"]);
    run.refused(4, &["RN-002", "UNSET_HERE"]);
    assert!(run.stdout.is_empty() && !scene.path().join("out").exists());
    let scene = Scene::with(&document("DockerRegistry", "a", "{replicas: many}"));
    scene.berth(&["render"]).refused(4, &["can't be rendered"]);
    let scene = Scene::with(&document("NexusRegistry", "a", "{replicas: 2}"));
    assert_eq!(scene.berth(&["render"]).code, Some(0));
    assert_eq!(scene.berth(&["render", "--profile", "prod"]).code, Some(4));
}

#[test]
fn wrong_usage_ends_with_64() {
    let scene = scene();
    for (arguments, says) in [
        (&["--kubernetes", "1.25"][..], "too old"),
        (&["--kubernetes", "newest"], "no version"),
        (&["--out", "out", "-o", "json"], "cannot be used"),
    ] {
        render(&scene, arguments).refused(64, &[says]);
    }
    Scene::new().berth(&["render"]).refused(64, &["berth.yaml"]);
}

#[test]
fn what_only_an_api_takes_is_told_once() {
    let scene = Scene::with(&document(
        "NexusRegistry",
        "a",
        "{cleanupPolicies: [{name: old}], externalURL: 'https://a.example.com'}",
    ));
    let run = render(&scene, &[]);
    assert!(
        run.stderr.contains("RN-007") && !run.stderr.contains("NY-00"),
        "{run}"
    );
    let check = scene.berth(&["check", "--kubernetes", "1.31"]);
    assert!(check.stdout.contains("NY-001"), "{check}");
}

/// The versions that the framework names, and the newest.
const VERSIONS: [&str; 8] = ["1.26", "1.27", "1.28", "1.29", "1.30", "1.31", "1.34", "1.37"];

#[test]
fn every_example_renders_for_every_version_of_kubernetes() {
    let scene = Scene::new();
    // The files that an example names, as they would lie where it is rendered.
    let folder = format!("{}/", scene.path().display());
    for name in ["tls.crt", "tls.key", "htpasswd"] {
        scene.file(name, "-----BEGIN NOTHING-----\n");
    }
    let mut rendered = 0;
    for example in fs::read_dir(repository().join("examples")).unwrap() {
        let example = example.unwrap().path();
        if example.extension().is_none_or(|extension| extension != "yaml") {
            continue;
        }
        let text = fs::read_to_string(&example)
            .unwrap()
            .replace("/etc/berth/", &folder);
        let example = scene.file("example.yaml", text);
        let example = example.to_str().unwrap();
        for version in VERSIONS {
            let run = render(&scene, &[example, "--kubernetes", version, "-o", "json"]);
            assert_eq!(run.code, Some(0), "{example}, {version}: {run}");
            let items: Value = run.json()["items"].take();
            assert!(items.as_array().unwrap().len() > 2, "{example}, {version}");
            rendered += 1;
        }
    }
    assert!(rendered >= 6 * VERSIONS.len());
}
