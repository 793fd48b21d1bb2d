use crate::scene::{Scene, registry};

#[test]
fn a_plan_file_is_applied_as_it_was_shown_and_only_once() {
    let Some(scene) = Scene::new() else {
        return;
    };
    scene.write("registry.yaml", &registry("team", ""));
    scene.done(&["plan", "registry.yaml", "--out", "plan.json"]);
    scene.done(&["apply", "plan.json"]);
    scene.settled(&["registry.yaml"]);
    let again = scene.berth(&["apply", "plan.json"]);
    assert_eq!(again.code, Some(1), "{}", again.err);
    assert!(again.err.contains("the plan is stale"), "{}", again.err);
}

#[test]
fn a_plan_whose_document_moved_is_refused_and_the_document_named() {
    let Some(scene) = Scene::new() else {
        return;
    };
    scene.write("registry.yaml", &registry("team", ""));
    scene.done(&["plan", "registry.yaml", "--out", "plan.json"]);
    scene.write("registry.yaml", &registry("team", "  log: {level: debug}\n"));
    let refused = scene.berth(&["apply", "plan.json"]);
    assert_eq!(refused.code, Some(1), "{}", refused.err);
    assert!(
        refused.err.contains("the document DockerRegistry/team changed"),
        "{}",
        refused.err
    );
    assert!(
        !scene.has("namespace", "default", &format!("registry-{}", scene.word)),
        "nothing was changed"
    );
}

#[test]
fn a_plan_whose_cluster_moved_is_refused_and_the_object_named() {
    let Some(scene) = Scene::new() else {
        return;
    };
    let namespace = format!("registry-{}", scene.word);
    scene.write("registry.yaml", &registry("team", ""));
    scene.done(&["apply", "registry.yaml"]);
    scene.write("registry.yaml", &registry("team", "  log: {level: debug}\n"));
    scene.done(&["plan", "registry.yaml", "--out", "plan.json"]);
    scene.kubectl(&["annotate", "service/team", "by=hand", "--namespace", &namespace]);
    let refused = scene.berth(&["apply", "plan.json"]);
    assert_eq!(refused.code, Some(1), "{}", refused.err);
    let named = format!("Service {namespace}/team was changed in the cluster");
    assert!(refused.err.contains(&named), "{}", refused.err);
    // A status is no move.
    scene.done(&["plan", "registry.yaml", "--out", "plan.json"]);
    let pods = ["delete", "pods", "--all", "--namespace", &namespace];
    scene.kubectl(&pods);
    scene.done(&["apply", "plan.json"]);
}
