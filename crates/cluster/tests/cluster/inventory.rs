//! The inventory on a real cluster, beside the sets of kubectl.

use std::process::Output;

use berth_cluster::{Cause, Deleted, Force, Inventory, InventoryError};
use berth_drive::kubernetes::Version;
use berth_plan::object::ObjectKey;
use serde_json::{Value as Json, json};

use crate::scene::{Scene, key, scenes};

async fn open(scene: &Scene, name: &str) -> Inventory {
    scene.cluster.inventory(&scene.namespace, name).await.unwrap()
}

fn member(mut object: Json, inventory: &Inventory) -> Json {
    object["metadata"]["labels"] = json!({Inventory::PART_OF: inventory.id()});
    object
}

async fn members(scene: &Scene, inventory: &Inventory) -> Vec<String> {
    let found = scene.cluster.members(inventory).await.unwrap();
    let mut names: Vec<_> = found.iter().map(|it| key(it).to_string()).collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn members_are_found_in_every_namespace_and_kind_that_was_recorded_before() {
    for scene in scenes("set").await {
        let other = scene.plane.namespace("set-other").unwrap();
        let mut inventory = open(&scene, "berth").await;
        assert!(!inventory.exists());
        let mut elsewhere = scene.config_map("b", "1");
        elsewhere["metadata"]["namespace"] = other.as_str().into();
        let of_cluster = json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole",
            "metadata": {"name": format!("role-of-{}", scene.namespace)}});
        let objects = [
            scene.config_map("a", "1"),
            elsewhere,
            scene.deployment("d", 0),
            of_cluster,
        ];
        let keys: Vec<ObjectKey> = objects.iter().map(key).collect();

        scene
            .cluster
            .widen_inventory(&mut inventory, &keys)
            .await
            .unwrap();
        assert!(inventory.exists());
        for object in objects {
            scene
                .cluster
                .apply(&member(object, &inventory), Force::No)
                .await
                .unwrap();
        }
        let namespace = &scene.namespace;
        let expected = [
            format!("ClusterRole role-of-{namespace}"),
            format!("ConfigMap {namespace}/a"),
            format!("ConfigMap {other}/b"),
            format!("Deployment {namespace}/d"),
        ];
        let mut expected = expected.to_vec();
        expected.sort();
        assert_eq!(members(&scene, &open(&scene, "berth").await).await, expected);

        scene
            .cluster
            .narrow_inventory(&mut inventory, &keys[..1])
            .await
            .unwrap();
        let read = open(&scene, "berth").await;
        assert_eq!(read, inventory);
        assert_eq!(members(&scene, &read).await, [format!("ConfigMap {namespace}/a")]);

        assert_eq!(
            scene.cluster.delete_inventory(&read).await.unwrap(),
            Deleted::Gone
        );
        assert!(!open(&scene, "berth").await.exists());
        scene
            .plane
            .kubectl()
            .run(["delete", "clusterrole", &format!("role-of-{namespace}")])
            .unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_whose_namespace_is_gone_is_no_longer_there() {
    for scene in scenes("set-gone").await {
        let mut inventory = open(&scene, "berth").await;
        let mut elsewhere = scene.config_map("b", "1");
        elsewhere["metadata"]["namespace"] = "nowhere".into();
        let mut unknown = scene.config_map("c", "1");
        unknown["apiVersion"] = "gone.example.com/v1".into();
        scene
            .cluster
            .widen_inventory(&mut inventory, &[key(&elsewhere), key(&unknown)])
            .await
            .unwrap();
        assert_eq!(members(&scene, &inventory).await, [""; 0]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_run_records_meanwhile_stays() {
    for scene in scenes("set-race").await {
        let (config_map, deployment) = (key(&scene.config_map("a", "1")), key(&scene.deployment("d", 0)));
        let mut first = open(&scene, "berth").await;
        let mut second = first.clone();
        scene
            .cluster
            .widen_inventory(&mut first, [&config_map])
            .await
            .unwrap();
        scene
            .cluster
            .widen_inventory(&mut second, [&deployment])
            .await
            .unwrap();
        assert_eq!(second.kinds().len(), 2, "{second:?}");
        scene.cluster.narrow_inventory(&mut first, []).await.unwrap();
        assert_eq!(
            open(&scene, "berth").await.kinds().len(),
            2,
            "what is read is not what is there: it stays"
        );
        let stale = scene.cluster.delete_inventory(&first).await.unwrap_err();
        assert!(
            matches!(&stale, InventoryError::Refused(refused) if matches!(*refused.cause, Cause::Stale)),
            "{stale}"
        );
    }
}

/// Applies a `ConfigMap` as a member of a set, as kubectl does.
fn kubectl_set(scene: &Scene, set: &str) -> Output {
    let file = scene.plane.folder().join(format!("{}.json", scene.namespace));
    std::fs::write(&file, scene.config_map("a", "1").to_string()).unwrap();
    let words = ["apply", "--server-side", "--prune", "-n", &scene.namespace, "-f"];
    let mut kubectl = scene.plane.kubectl().command(words);
    kubectl.arg(&file).arg(format!("--applyset=configmaps/{set}"));
    kubectl.env("KUBECTL_APPLYSET", "true").output().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_set_that_kubectl_keeps_is_read_but_for_its_tooling_and_is_refused() {
    for scene in scenes("set-theirs").await {
        if scene.plane.version() == Version::V1_26 {
            // Its kubectl knows no sets yet.
            continue;
        }
        let theirs = kubectl_set(&scene, "theirs");
        assert!(
            theirs.status.success(),
            "{}",
            String::from_utf8_lossy(&theirs.stderr)
        );
        let refused = scene
            .cluster
            .inventory(&scene.namespace, "theirs")
            .await
            .unwrap_err();
        assert!(matches!(refused, InventoryError::Foreign { .. }), "{refused}");

        let tooling = "applyset.kubernetes.io/tooling=berth/v0.1.0";
        let words = [
            "annotate",
            "configmap",
            "theirs",
            "-n",
            &scene.namespace,
            "--overwrite",
            tooling,
        ];
        scene.plane.kubectl().run(words).unwrap();
        let read = open(&scene, "theirs").await;
        assert_eq!(
            members(&scene, &read).await,
            [format!("ConfigMap {}/a", scene.namespace)]
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn kubectl_keeps_out_of_a_set_of_berths() {
    for scene in scenes("set-ours").await {
        let mut ours = open(&scene, "ours").await;
        let member = key(&scene.config_map("b", "1"));
        scene.cluster.widen_inventory(&mut ours, [&member]).await.unwrap();
        if scene.plane.version() == Version::V1_26 {
            continue;
        }
        let refused = kubectl_set(&scene, "ours");
        let said = String::from_utf8_lossy(&refused.stderr);
        assert!(!refused.status.success() && said.contains("berth"), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_config_map_that_is_no_inventory_is_left_alone() {
    for scene in scenes("set-taken").await {
        scene.kubectl_apply(&scene.config_map("berth", "1"));
        let refused = scene
            .cluster
            .inventory(&scene.namespace, "berth")
            .await
            .unwrap_err();
        assert!(matches!(refused, InventoryError::Taken { .. }), "{refused}");
        let expected = format!("opening the inventory ConfigMap {}/berth: ", scene.namespace);
        assert!(refused.to_string().starts_with(&expected), "{refused}");
    }
}
