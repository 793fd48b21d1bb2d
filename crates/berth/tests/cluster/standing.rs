//! How a declaration stands on a cluster, what is wrong with it, and the deployment checklist.

use serde_json::Value as Json;

use crate::scene::{Scene, registry};

/// A registry that was applied.
fn applied() -> Option<(Scene, String)> {
    let scene = Scene::new()?;
    scene.write("berth.yaml", &registry("team", ""));
    scene.done(&["apply"]);
    let namespace = format!("registry-{}", scene.word);
    Some((scene, namespace))
}

fn status(scene: &Scene) -> Json {
    let told = scene.done(&["status", "--output", "json"]);
    let all: Json = serde_json::from_str(&told.out).unwrap();
    all[0].clone()
}

#[test]
fn what_was_applied_is_ready_and_has_not_drifted() {
    let Some((scene, _)) = applied() else {
        return;
    };
    let status = status(&scene);
    assert_eq!(status["document"], "DockerRegistry/team");
    assert_eq!(status["ready"], true, "{status}");
    assert_eq!(status["drift"], serde_json::json!([]), "{status}");
    let told = scene.berth(&["status", "--exit-code"]);
    assert_eq!(
        (told.code, told.out.as_str()),
        (Some(0), "DockerRegistry/team: ready\n")
    );
}

#[test]
fn a_field_that_somebody_changed_has_drifted_and_is_told_with_their_name() {
    let Some((scene, namespace)) = applied() else {
        return;
    };
    let patch = r#"{"data":{"config.yml":"version: 0.1"}}"#;
    scene.kubectl(&[
        "patch",
        "configmap",
        "team-config",
        "--namespace",
        &namespace,
        "--type",
        "merge",
        "--patch",
        patch,
        "--field-manager",
        "a-hand",
    ]);
    let status = status(&scene);
    let drift = &status["drift"][0];
    assert_eq!(
        drift["object"],
        format!("ConfigMap {namespace}/team-config"),
        "{status}"
    );
    assert_eq!(drift["field"], "data[config.yml]", "{status}");
    assert_eq!(drift["by"], "a-hand", "{status}");
    assert_eq!(scene.berth(&["status", "--exit-code"]).code, Some(2));
}

#[test]
fn what_was_deleted_is_not_ready() {
    let Some((scene, namespace)) = applied() else {
        return;
    };
    scene.kubectl(&["delete", "service", "team", "--namespace", &namespace]);
    let status = status(&scene);
    assert_eq!(status["ready"], false, "{status}");
    assert!(
        status["waiting"].to_string().contains("isn't in the cluster"),
        "{status}"
    );
}

#[test]
fn of_a_registry_that_is_well_nothing_is_told() {
    let Some((scene, _)) = applied() else {
        return;
    };
    let told = scene.berth(&["diagnose", "--output", "json"]);
    assert_eq!(told.code, Some(0), "{}", told.err);
    // Fake nodes have no kubelet, and so no registry answers and no volume is measured.
    let report: Json = serde_json::from_str(&told.out).unwrap();
    let findings = report["findings"].as_array().unwrap();
    let others = findings.iter().filter(|finding| finding["code"] != "DG-010");
    assert_eq!(others.count(), 0, "{report}");
}

#[test]
fn a_planted_fault_of_each_sort_is_named_with_the_next_step() {
    let Some((scene, namespace)) = applied() else {
        return;
    };
    let named = |code: &str, words: &str| {
        let told = scene.done(&["diagnose"]);
        assert!(
            told.out.contains(code) && told.out.contains(words),
            "{code}: {}",
            told.out
        );
    };
    scene.kubectl(&[
        "scale",
        "deployment",
        "team",
        "--replicas",
        "0",
        "--namespace",
        &namespace,
    ]);
    named("DG-001", "has 0 replicas");
    scene.kubectl(&["delete", "service", "team", "--namespace", &namespace]);
    named("DG-009", "isn't in the cluster");
    scene.kubectl(&["delete", "deployment", "team", "--namespace", &namespace]);
    named("DG-001", "isn't in the cluster");
}

#[test]
fn the_deployment_checklist_has_twelve_answers_from_the_cluster() {
    let Some((scene, namespace)) = applied() else {
        return;
    };
    let answers = |scene: &Scene| -> Vec<Json> {
        let told = scene.done(&["check", "--cluster", "--output", "json"]);
        serde_json::from_str(&told.out).unwrap()
    };
    let all = answers(&scene);
    assert_eq!(all.len(), 12);
    for answer in &all {
        assert_eq!(
            answer["verdict"] == "pass",
            answer.get("how").is_none(),
            "{answer}"
        );
    }
    assert_eq!(all[0]["verdict"], "pass", "{}", all[0]);
    scene.kubectl(&["delete", "deployment", "team", "--namespace", &namespace]);
    let told = scene.berth(&["check", "--cluster"]);
    assert!(
        told.out.contains(" 1  pass ") && told.out.contains("12  yours"),
        "{}",
        told.out
    );
}
