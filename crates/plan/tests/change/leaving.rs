use std::collections::BTreeMap;

use berth_plan::change::{Action, Asked, Plan};
use berth_plan::object::ObjectSet;
use serde_json::json;

use crate::scene::{World, acting, also, asked, change, registry, rendered};

fn two() -> World {
    World::of(&format!("{}{}", registry("team", ""), registry("other", "")))
}

fn deleted(plan: &Plan) -> Vec<String> {
    let deletes = plan
        .changes
        .iter()
        .filter(|change| matches!(change.action, Action::Delete { .. }));
    deletes.map(|change| change.key.to_string()).collect()
}

#[test]
fn what_left_the_declaration_goes_and_the_plan_says_whose_it_was() {
    let plan = two().plan(&rendered(&registry("team", "")), &asked());
    let deleted = deleted(&plan);
    assert!(
        deleted.iter().all(|name| name.contains("registry/other")),
        "{deleted:?}"
    );
    assert!(deleted.contains(&"Deployment registry/other".to_owned()));
    let Action::Delete { because } = &change(&plan, "Deployment", "other").action else {
        panic!("{:?}", acting(&plan));
    };
    assert_eq!(because, "`other` left the declaration");
}

#[test]
fn workloads_go_before_what_they_use() {
    let plan = two().plan(&rendered(&registry("team", "")), &asked());
    let deleted = deleted(&plan);
    let at = |kind: &str| deleted.iter().position(|name| name.starts_with(kind)).unwrap();
    assert!(
        at("Deployment") < at("NetworkPolicy"),
        "nothing runs without its bounds: {deleted:?}"
    );
    assert!(at("Deployment") < at("ConfigMap"), "{deleted:?}");
    assert!(at("ConfigMap") < at("ServiceAccount"), "{deleted:?}");
}

#[test]
fn volumes_and_made_once_secrets_stay_unless_they_are_named() {
    let one = rendered(&registry("team", ""));
    let plan = two().plan(&one, &asked());
    for (kind, name) in [("PersistentVolumeClaim", "other"), ("Secret", "other-made-once")] {
        let action = &change(&plan, kind, name).action;
        assert!(
            matches!(action, Action::Keep { because: Some(_) }),
            "{kind}: {action:?}"
        );
    }
    let plan = two().plan(&one, &also(&["pvc/other", "secret/registry/other-made-once"]));
    let deleted = deleted(&plan);
    assert!(deleted.contains(&"PersistentVolumeClaim registry/other".to_owned()));
    assert!(deleted.contains(&"Secret registry/other-made-once".to_owned()));
}

#[test]
fn what_stays_is_no_change() {
    let mut world = two();
    let one = rendered(&registry("team", ""));
    let plan = world.plan(&one, &asked());
    world.carry_out(&plan);
    let plan = world.plan(&one, &asked());
    assert!(plan.is_empty(), "{:?}", acting(&plan));
}

#[test]
fn a_namespace_goes_only_when_nothing_stays_in_it() {
    let gone = |also: Asked| Asked {
        destroys: true,
        ..also
    };
    let nothing = ObjectSet::default();
    let plan = two().plan(&nothing, &gone(asked()));
    assert!(matches!(
        change(&plan, "Namespace", "registry").action,
        Action::Keep { .. }
    ));
    let all = also(&["team", "other", "team-made-once", "other-made-once"]);
    let plan = two().plan(&nothing, &gone(all.clone()));
    assert!(matches!(
        change(&plan, "Namespace", "registry").action,
        Action::Delete { .. }
    ));
    assert!(deleted(&plan).last().unwrap().starts_with("Namespace"));
    let occupied = BTreeMap::from([("registry".to_owned(), vec!["Secret registry/theirs".to_owned()])]);
    let plan = two().plan(&nothing, &gone(Asked { occupied, ..all }));
    let Action::Keep {
        because: Some(because),
    } = &change(&plan, "Namespace", "registry").action
    else {
        panic!("{:?}", acting(&plan));
    };
    assert_eq!(because, "it holds Secret registry/theirs");
}

#[test]
fn what_was_added_to_somebody_elses_object_is_taken_back_and_the_object_stays() {
    let mut world = World::default();
    world.put(&json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "registry"}}));
    let plan = world.plan(&rendered(&registry("team", "")), &asked());
    world.carry_out(&plan);
    let labels = &world.get("Namespace", "registry")["metadata"]["labels"];
    assert_eq!(labels["berth.dev/shared-by"], crate::scene::ID);
    let plan = world.plan(&ObjectSet::default(), &asked());
    let namespace = change(&plan, "Namespace", "registry");
    assert!(matches!(namespace.action, Action::Update { .. }), "{namespace:?}");
    let sent = namespace.sent.as_ref().unwrap().reveal();
    assert_eq!(
        *sent,
        json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "registry"}})
    );
}
