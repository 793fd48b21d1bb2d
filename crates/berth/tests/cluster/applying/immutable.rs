use berth_drive::kubernetes::Version;

use crate::scene::{Scene, registry};

#[test]
fn a_volume_whose_class_changes_is_replaced_only_by_name_and_says_why() {
    let Some(scene) = Scene::new() else {
        return;
    };
    scene.plane.volumes(1).unwrap();
    scene.plane.volumes_of("fast", 1).unwrap();
    let namespace = format!("registry-{}", scene.word);
    let with = |class: &str| {
        registry(
            "team",
            &format!("  persistence: {{enabled: true, size: 1Gi{class}}}\n"),
        )
    };
    scene.write("berth.yaml", &with(""));
    scene.done(&["apply"]);
    scene.write("berth.yaml", &with(", storageClass: fast"));
    let refused = scene.berth(&["apply", "--yes"]);
    assert_eq!(refused.code, Some(1), "{}", refused.out);
    let why = "its data lost, because storageClassName is immutable";
    assert!(refused.out.contains(why), "{}", refused.out);
    let told = scene.done(&["apply", "--yes", "--also", "pvc/team"]);
    assert!(told.out.contains("-/+ PersistentVolumeClaim"), "{}", told.out);
    assert!(
        told.out
            .contains("replaced because storageClassName is immutable"),
        "{}",
        told.out
    );
    let claim = scene.get("persistentvolumeclaim", &namespace, "team");
    assert_eq!(claim["spec"]["storageClassName"], "fast");
    scene.settled(&[]);
}

#[test]
fn a_set_whose_claims_change_is_replaced_and_its_volumes_stay_on_each_kubernetes() {
    for version in Version::asked() {
        if let Some(scene) = Scene::on(version) {
            the_set_is_replaced_and_its_volumes_stay(&scene);
        }
    }
}

fn the_set_is_replaced_and_its_volumes_stay(scene: &Scene) {
    scene.plane.volumes(8).unwrap();
    let namespace = format!("harbor-{}", scene.word);
    let harbor = |size: &str| {
        format!(
            "apiVersion: berth.dev/v1\nkind: HarborRegistry\nmetadata: {{name: small}}\nspec:\n  namespace: harbor-@\n  \
             externalURL: https://harbor.example.com\n  database: {{managed: true}}\n  redis: {{managed: true}}\n  \
             storage: {{type: filesystem}}\n  trivy: {{persistence: {{enabled: false}}}}\n  \
             components: {{database: {{persistence: {{size: {size}}}}}}}\n"
        )
    };
    scene.write("berth.yaml", &harbor("20Gi"));
    scene.done(&["apply"]);
    let words = [
        "get",
        "persistentvolumeclaims",
        "--output",
        "name",
        "--namespace",
        &namespace,
    ];
    let before = scene.kubectl(&words);
    assert!(before.contains("data-small-database-0"), "{before}");
    scene.write("berth.yaml", &harbor("30Gi"));
    let plan = scene.done(&["plan"]);
    assert!(plan.out.contains("-/+ StatefulSet"), "{}", plan.out);
    assert!(
        plan.out
            .contains("volumeClaimTemplates[data].storage is immutable"),
        "{}",
        plan.out
    );
    assert!(plan.out.contains("the volumes of its pods stay"), "{}", plan.out);
    scene.done(&["apply", "--yes"]);
    assert_eq!(scene.kubectl(&words), before);
    scene.settled(&[]);
}
