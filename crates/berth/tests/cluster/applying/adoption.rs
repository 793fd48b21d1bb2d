use crate::scene::{Scene, registry};

#[test]
fn a_field_that_somebody_else_took_is_named_with_its_owner_and_taken_back_only_on_demand() {
    let Some(scene) = Scene::new() else {
        return;
    };
    let namespace = format!("registry-{}", scene.word);
    scene.write("berth.yaml", &registry("team", ""));
    scene.done(&["apply"]);
    let image = "deployment/team";
    scene.kubectl(&[
        "set",
        "image",
        image,
        "registry=registry:2.7",
        "--namespace",
        &namespace,
    ]);
    let refused = scene.berth(&["apply"]);
    assert_eq!(refused.code, Some(1), "{}", refused.out);
    assert!(refused.out.contains("! Deployment"), "{}", refused.out);
    assert!(
        refused.out.contains("image is owned by kubectl-set"),
        "{}",
        refused.out
    );
    assert!(refused.out.contains("--adopt"), "{}", refused.out);
    let plan = scene.done(&["plan", "--adopt"]);
    assert!(
        plan.out.contains("\"registry:2.7\" -> \"registry:2.8.3\""),
        "{}",
        plan.out
    );
    scene.done(&["apply", "--adopt"]);
    scene.settled(&[]);
}

#[test]
fn an_object_that_somebody_else_made_is_left_alone_until_it_is_adopted() {
    let Some(scene) = Scene::new() else {
        return;
    };
    let namespace = format!("registry-{}", scene.word);
    scene.kubectl(&["create", "namespace", &namespace]);
    let theirs = [
        "create",
        "configmap",
        "team-config",
        "--from-literal=password=hunter2",
        "--namespace",
        &namespace,
    ];
    scene.kubectl(&theirs);
    scene.write("berth.yaml", &registry("team", ""));
    let refused = scene.berth(&["apply"]);
    assert_eq!(refused.code, Some(1), "{}", refused.out);
    assert!(
        refused
            .out
            .contains("it is there already, and kubectl-create made it"),
        "{}",
        refused.out
    );
    assert!(
        !scene.has("deployment", &namespace, "team"),
        "nothing was changed"
    );
    let told = scene.done(&["apply", "--adopt"]);
    assert!(!told.out.contains("hunter2"), "{}", told.out);
    scene.settled(&[]);
}

#[test]
fn another_inventory_does_not_take_what_belongs_to_the_first() {
    let Some(scene) = Scene::new() else {
        return;
    };
    scene.write("berth.yaml", &registry("team", ""));
    scene.done(&["apply"]);
    let refused = scene.berth(&["apply", "--inventory", "second"]);
    assert_eq!(refused.code, Some(1), "{}", refused.out);
    assert!(
        refused.out.contains("it belongs to another inventory"),
        "{}",
        refused.out
    );
    scene.settled(&[]);
}
