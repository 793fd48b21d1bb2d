//! What isn't there: a definition, the API server half-way, the server from the start, the kubeconfig.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use berth_drive::kubernetes::{ControlPlane, Version};
use tempfile::TempDir;

use super::{berth, command, says};
use crate::scene::{Scene, registry};

/// A registry in the namespace `worlds` that is watched by Prometheus.
fn write(folder: &TempDir, more: &str) {
    let document = registry("team", more).replace("registry-@", "worlds");
    std::fs::write(folder.path().join("berth.yaml"), document).unwrap();
}

#[test]
fn a_definition_that_is_missing_is_named_and_the_rest_is_done() {
    // The definitions are there to stay on the plane that is shared: this one is its own.
    let Some(plane) = ControlPlane::start(Version::V1_31) else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    write(
        &folder,
        "  metrics: {enabled: true, serviceMonitor: {enabled: true}}\n",
    );
    let run = |words: &[&str]| berth(folder.path(), &plane.kubeconfig(), words);
    let words = [
        "ServiceMonitor",
        "isn't known to this cluster: its CRD is missing",
        "install what brings its CRD, or switch it off in the document",
    ];
    let plan = run(&["plan"]);
    says(&plan, &words);
    let partly = run(&["apply", "--yes"]);
    assert_eq!(partly.code, Some(3), "{}\n{}", partly.out, partly.err);
    says(&partly, &words);
    says(&partly, &["run it again: it continues"]);
    let deployment = ["get", "deployment", "team", "-n", "worlds", "-o", "name"];
    plane.kubectl().run(deployment).unwrap();

    plane.definitions().unwrap();
    let whole = run(&["apply", "--yes"]);
    assert_eq!(whole.code, Some(0), "{}\n{}", whole.out, whole.err);
    let settled = run(&["plan", "--exit-code"]);
    assert_eq!(settled.code, Some(0), "{}\n{}", settled.out, settled.err);
}

#[test]
fn an_api_server_that_goes_away_half_way_is_named_with_the_object_in_hand() {
    let Some(mut plane) = ControlPlane::start(Version::V1_31) else {
        return;
    };
    plane.namespace("ready").unwrap();
    let folder = tempfile::tempdir().unwrap();
    write(&folder, "");
    let mut child = command(folder.path(), &plane.kubeconfig(), &["apply", "--yes"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = Vec::new();
    let mut running = true;
    for line in BufReader::new(child.stderr.take().unwrap()).lines() {
        let line = line.unwrap();
        // The first object within the namespace is there, the others are not.
        if running && line.contains(" worlds/") && line.ends_with(" created") {
            plane.kill_apiserver().unwrap();
            running = false;
        }
        told.push(line);
    }
    let code = child.wait().unwrap().code();
    let said = told.join("\n");
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("can't be reached"), "{said}");
    assert!(said.contains("run it again: it continues"), "{said}");
    let failed = told.iter().find(|line| line.contains(": failed: ")).unwrap();
    assert!(
        failed.contains(" worlds/"),
        "the object in hand is named: {failed}"
    );

    plane.start_apiserver().unwrap();
    let run = |words: &[&str]| berth(folder.path(), &plane.kubeconfig(), words);
    let whole = run(&["apply", "--yes"]);
    assert_eq!(whole.code, Some(0), "{}\n{}", whole.out, whole.err);
    let settled = run(&["plan", "--exit-code"]);
    assert_eq!(settled.code, Some(0), "{}\n{}", settled.out, settled.err);
}

#[test]
fn a_server_that_is_not_there_and_a_kubeconfig_that_is_broken_are_told() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder, "");
    let kubeconfig = folder.path().join("kubeconfig");
    let broken = [
        (None, "No such file"),
        (Some("apiVersion: [v1"), "reading the kubeconfig"),
        (
            Some("apiVersion: v1\nkind: Config\ncurrent-context: nowhere\n"),
            "nowhere",
        ),
        (
            Some(
                "apiVersion: v1\nkind: Config\ncurrent-context: c\ncontexts: [{name: c, context: {cluster: c, user: u}}]\n\
                 clusters: [{name: c, cluster: {server: \"https://127.0.0.1:1\"}}]\nusers: [{name: u, user: {token: t}}]\n",
            ),
            "the API server at https://127.0.0.1:1/ can't be reached; check the server",
        ),
    ];
    for (text, what) in broken {
        if let Some(text) = text {
            std::fs::write(&kubeconfig, text).unwrap();
        }
        for words in [&["plan"][..], &["apply", "--yes"], &["destroy", "--yes"]] {
            let refused = berth(folder.path(), &kubeconfig, words);
            assert_eq!(
                refused.code,
                Some(1),
                "{words:?}\n{}\n{}",
                refused.out,
                refused.err
            );
            says(&refused, &[what]);
            assert!(!refused.err.contains("panicked"), "{}", refused.err);
        }
    }
}

#[test]
fn a_context_that_the_kubeconfig_does_not_hold_is_named() {
    let Some(scene) = Scene::new() else {
        return;
    };
    scene.write("berth.yaml", &registry("team", ""));
    let refused = scene.berth(&["plan", "--context", "staging"]);
    assert_eq!(refused.code, Some(1), "{}\n{}", refused.out, refused.err);
    says(&refused, &["staging", "kubectl config view"]);
}
