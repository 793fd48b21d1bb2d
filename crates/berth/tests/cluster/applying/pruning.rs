use crate::scene::{Scene, acting, registry};

fn with_volume(name: &str) -> String {
    registry(name, "  persistence: {enabled: true, size: 1Gi}\n")
}

#[test]
fn what_left_the_declaration_goes_and_its_data_stays() {
    let Some(scene) = Scene::new() else {
        return;
    };
    scene.plane.volumes(2).unwrap();
    let namespace = format!("registry-{}", scene.word);
    scene.write(
        "berth.yaml",
        &format!("{}{}", with_volume("team"), with_volume("old")),
    );
    scene.done(&["apply"]);
    scene.write("berth.yaml", &with_volume("team"));
    let refused = scene.berth(&["apply"]);
    assert_eq!(refused.code, Some(64), "nobody was asked: {}", refused.err);
    assert!(scene.has("deployment", &namespace, "old"));
    let told = scene.done(&["apply", "--yes"]);
    assert!(
        told.out.contains("- Deployment") && told.out.contains("`old` left the declaration"),
        "{}",
        told.out
    );
    assert!(told.out.contains("= PersistentVolumeClaim"), "{}", told.out);
    assert!(!scene.has("deployment", &namespace, "old"));
    assert!(!scene.has("service", &namespace, "old"));
    assert!(scene.has("persistentvolumeclaim", &namespace, "old"));
    assert!(scene.has("secret", &namespace, "old-made-once"));
    assert!(scene.has("deployment", &namespace, "team"));
    scene.settled(&[]);
    // Named, they go too.
    scene.done(&[
        "apply",
        "--yes",
        "--also",
        "pvc/old",
        "--also",
        "secret/old-made-once",
    ]);
    assert!(!scene.has("persistentvolumeclaim", &namespace, "old"));
    assert!(!scene.has("secret", &namespace, "old-made-once"));
}

#[test]
fn destroying_shows_what_stays_and_a_second_apply_finds_it_again() {
    let Some(scene) = Scene::new() else {
        return;
    };
    scene.plane.volumes(1).unwrap();
    let namespace = format!("registry-{}", scene.word);
    scene.write("berth.yaml", &with_volume("team"));
    scene.done(&["apply"]);
    let made = scene.get("secret", &namespace, "team-made-once")["data"].clone();
    let refused = scene.berth(&["destroy"]);
    assert_eq!(refused.code, Some(64), "nobody was asked: {}", refused.err);
    let told = scene.done(&["destroy", "--yes"]);
    assert!(told.out.contains("= PersistentVolumeClaim"), "{}", told.out);
    assert!(
        told.out.contains("= Namespace") && told.out.contains("it holds what stays"),
        "{}",
        told.out
    );
    assert!(!scene.has("deployment", &namespace, "team"));
    assert!(scene.has("persistentvolumeclaim", &namespace, "team"));
    scene.done(&["apply"]);
    assert_eq!(scene.get("secret", &namespace, "team-made-once")["data"], made);
    scene.settled(&[]);
}

#[test]
fn destroying_all_takes_the_namespace_that_berth_made_unless_somebody_else_is_in_it() {
    let Some(scene) = Scene::new() else {
        return;
    };
    scene.plane.volumes(1).unwrap();
    let namespace = format!("registry-{}", scene.word);
    scene.write("berth.yaml", &with_volume("team"));
    scene.done(&["apply"]);
    scene.kubectl(&["create", "configmap", "theirs", "--namespace", &namespace]);
    let also = ["--also", "team", "--also", "team-made-once", "--yes"];
    let told = scene.done(&[&["destroy"], &also[..]].concat());
    assert!(
        told.out
            .contains(&format!("it holds ConfigMap {namespace}/theirs")),
        "{}",
        told.out
    );
    assert!(scene.has("configmap", &namespace, "theirs"));
    assert!(!scene.has("persistentvolumeclaim", &namespace, "team"));
    scene.kubectl(&["delete", "configmap", "theirs", "--namespace", &namespace]);
    scene.done(&[&["destroy"], &also[..]].concat());
    assert!(!scene.has("namespace", &namespace, &namespace));
}

#[test]
fn a_namespace_that_was_there_before_outlives_what_berth_put_into_it() {
    let Some(scene) = Scene::new() else {
        return;
    };
    let namespace = format!("registry-{}", scene.word);
    scene.kubectl(&["create", "namespace", &namespace]);
    scene.write("berth.yaml", &registry("team", ""));
    let plan = scene.plan(&[]);
    assert!(
        !acting(&plan).iter().any(|change| change.contains("refused")),
        "{plan}"
    );
    scene.done(&["apply"]);
    scene.settled(&[]);
    scene.done(&["destroy", "--yes", "--also", "team-made-once"]);
    assert!(scene.has("namespace", &namespace, &namespace));
    assert!(!scene.has("deployment", &namespace, "team"));
    assert!(
        !scene.has("configmap", &namespace, "berth"),
        "the inventory goes with its last member"
    );
}

#[test]
fn another_declaration_s_inventory_is_not_emptied_unless_it_is_named() {
    let Some(scene) = Scene::new() else {
        return;
    };
    let first = format!("registry-{}", scene.word);
    let inventory = ["--namespace", &*first];
    scene.write("berth.yaml", &registry("first", ""));
    scene.done(&[&["apply"], &inventory[..]].concat());
    // Another declaration, whose inventory would be the same one.
    let second = registry("second", "").replace("registry-@", "second-@");
    scene.write("berth.yaml", &second);
    for words in [&["plan"][..], &["apply", "--yes"]] {
        let told = scene.berth(&[words, &inventory[..]].concat());
        assert_eq!(told.code, Some(1), "{}\n{}", told.out, told.err);
        assert!(told.err.contains("--inventory"), "{}", told.err);
    }
    assert!(scene.has("deployment", &first, "first"));
    scene.done(&[&["apply", "--yes", "--inventory", "second"], &inventory[..]].concat());
    assert!(scene.has("deployment", &first, "first"));
    assert!(scene.has("deployment", &format!("second-{}", scene.word), "second"));
    scene.done(
        &[
            &["apply", "--yes", "--adopt", "--inventory", "berth"],
            &inventory[..],
        ]
        .concat(),
    );
    assert!(!scene.has("deployment", &first, "first"), "it was said, and done");
}
