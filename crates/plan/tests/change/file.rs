use berth_plan::change::{
    ClusterIdentity, DocumentDigest, FileContext, InventoryIdentity, Plan, Stale, stale, to_file,
};
use berth_plan::object::SecretText;
use serde_json::{Value as Json, json};

use crate::scene::{ID, World, asked, registry, rendered, rendered_with};

pub(crate) fn file(plan: &Plan, document: &str) -> Json {
    let key = SecretText::from("key");
    let context = FileContext {
        cluster: ClusterIdentity {
            server: "https://127.0.0.1:6443".to_owned(),
            version: "v1.31.1".to_owned(),
            uid: Some("1234".to_owned()),
        },
        inventory: InventoryIdentity {
            namespace: "registry".to_owned(),
            name: "berth".to_owned(),
            id: ID.to_owned(),
        },
        documents: vec![DocumentDigest::of(
            "DockerRegistry/team".to_owned(),
            &json!(document),
        )],
        key: Some(&key),
        adopt: false,
        also: Vec::new(),
    };
    to_file(plan, &context)
}

fn changed() -> (World, String) {
    let changed = registry("team", "  log: {level: debug}\n");
    (World::of(&registry("team", "")), changed)
}

#[test]
fn a_plan_of_an_unmoved_world_is_fresh() {
    let (world, text) = changed();
    let then = file(&world.plan(&rendered(&text), &asked()), &text);
    let now = file(&world.plan(&rendered(&text), &asked()), &text);
    assert_eq!(then, now);
    assert_eq!(stale(&then, &now), Ok(()));
}

fn moved(then: &Json, now: &Json) -> String {
    match stale(then, now) {
        Err(Stale::Moved(moved)) => moved.join("\n"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_changed_document_is_named() {
    let (world, text) = changed();
    let then = file(&world.plan(&rendered(&text), &asked()), &text);
    let other = registry("team", "  log: {level: warn}\n");
    let now = file(&world.plan(&rendered(&other), &asked()), &other);
    let moved = moved(&then, &now);
    assert!(
        moved.contains("the document DockerRegistry/team changed"),
        "{moved}"
    );
    assert!(
        moved.contains("what is wanted of ConfigMap registry/team-config changed"),
        "{moved}"
    );
}

#[test]
fn a_changed_secret_is_named_and_only_a_keyed_digest_of_it_stands_in_the_file() {
    let (world, text) = changed();
    let then = file(&world.plan(&rendered(&text), &asked()), &text);
    let now = file(&world.plan(&rendered_with(&text, "second"), &asked()), &text);
    assert!(moved(&then, &now).contains("what is wanted of Secret registry/team"));
    let whole = then.to_string();
    assert!(whole.contains("hmac-sha256:") && !whole.contains("canary"));
}

#[test]
fn an_object_that_was_changed_is_named_and_one_whose_status_moved_is_not() {
    let (mut world, text) = changed();
    let then = file(&world.plan(&rendered(&text), &asked()), &text);
    let service = world.get("Service", "team");
    service["metadata"]["resourceVersion"] = json!("999");
    service["status"] = json!({"loadBalancer": {}});
    let now = file(&world.plan(&rendered(&text), &asked()), &text);
    assert_eq!(stale(&then, &now), Ok(()));
    world.get("Service", "team")["metadata"]["labels"]["new"] = json!("label");
    let now = file(&world.plan(&rendered(&text), &asked()), &text);
    assert_eq!(
        moved(&then, &now).lines().next().unwrap(),
        "Service registry/team was changed in the cluster"
    );
}

#[test]
fn an_object_that_came_went_or_is_another_is_named() {
    let (mut world, text) = changed();
    let plan = |world: &World| file(&world.plan(&rendered(&text), &asked()), &text);
    let then = plan(&world);
    world.get("Service", "team")["metadata"]["uid"] = json!("another");
    assert!(moved(&then, &plan(&world)).contains("Service registry/team is another object of the same name"));
    world.live.retain(|key, _| key.kind != "Service");
    let without = plan(&world);
    assert!(moved(&then, &without).contains("Service registry/team is gone meanwhile"));
    assert!(moved(&without, &then).contains("Service registry/team was made meanwhile"));
}

#[test]
fn another_cluster_another_inventory_and_another_form_are_refused() {
    let (world, text) = changed();
    let then = file(&world.plan(&rendered(&text), &asked()), &text);
    let with = |field: &str, value: Json| {
        let mut other = then.clone();
        other[field] = value;
        other
    };
    let cluster = with("cluster", json!({"uid": "5678"}));
    assert!(matches!(stale(&then, &cluster), Err(Stale::Cluster(_))));
    let inventory = with("inventory", json!({"name": "other"}));
    assert!(matches!(stale(&then, &inventory), Err(Stale::Inventory(_))));
    assert_eq!(
        stale(&with("format", json!("berth.dev/plan/v9")), &then),
        Err(Stale::Form)
    );
}
