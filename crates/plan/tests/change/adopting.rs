use berth_plan::change::{Action, Asked, Conflict, Refusal, Trial, to_text};
use berth_plan::object::ObjectSet;
use serde_json::json;

use crate::scene::{World, acting, asked, change, registry, rendered};

/// Somebody else's object of the name that the registry's has.
fn anothers() -> World {
    let mut world = World::default();
    world.put(&json!({
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {"name": "team-config", "namespace": "registry"},
        "data": {"config.yml": "password: hunter2\n", "other": "hunter3"},
    }));
    world.get("ConfigMap", "team-config")["metadata"]["managedFields"] =
        json!([{"manager": "helm", "operation": "Update"}]);
    world
}

#[test]
fn what_somebody_else_made_is_refused_and_named() {
    let plan = anothers().plan(&rendered(&registry("team", "")), &asked());
    let Action::Refused { because, help } = &change(&plan, "ConfigMap", "team-config").action else {
        panic!("{:?}", acting(&plan));
    };
    assert_eq!(because, "it is there already, and helm made it");
    assert!(help.contains("--adopt"));
}

#[test]
fn what_is_adopted_is_changed_and_what_stood_in_it_is_not_shown() {
    let adopting = Asked {
        adopt: true,
        ..asked()
    };
    let plan = anothers().plan(&rendered(&registry("team", "")), &adopting);
    let action = &change(&plan, "ConfigMap", "team-config").action;
    assert!(matches!(action, Action::Update { .. }), "{action:?}");
    assert!(!to_text(&plan, false).contains("hunter"));
}

#[test]
fn a_conflict_names_the_field_and_its_owner_and_adopting_takes_it_over() {
    let text = registry("team", "");
    let mut world = World::of(&text);
    let conflict = Conflict {
        field: ".spec.replicas".to_owned(),
        manager: "kubectl-scale".to_owned(),
    };
    let refusal = Refusal::Conflict(vec![conflict.clone()]);
    world.refusals.insert("Deployment", Trial::Refused(refusal));
    let plan = world.plan(&rendered(&text), &asked());
    assert!(to_text(&plan, false).contains(".spec.replicas is owned by kubectl-scale"));
    let mut result = world.get("Deployment", "team").clone();
    world.get("Deployment", "team")["spec"]["replicas"] = json!(5);
    result["spec"]["replicas"] = json!(1);
    let taken = Trial::Taken {
        result,
        conflicts: vec![conflict],
    };
    world.refusals.insert("Deployment", taken);
    let plan = world.plan(
        &rendered(&text),
        &Asked {
            adopt: true,
            ..asked()
        },
    );
    let text = to_text(&plan, false);
    assert!(text.contains("~ spec.replicas: 5 -> 1"), "{text}");
    assert!(
        text.contains("taken over: .spec.replicas is owned by kubectl-scale"),
        "{text}"
    );
}

#[test]
fn a_member_of_another_inventory_is_refused() {
    let text = registry("team", "");
    let mut world = World::of(&text);
    world.get("ConfigMap", "team-config")["metadata"]["labels"]["applyset.kubernetes.io/part-of"] =
        json!("other");
    let plan = world.plan(&rendered(&text), &asked());
    let Action::Refused { because, .. } = &change(&plan, "ConfigMap", "team-config").action else {
        panic!("{:?}", acting(&plan));
    };
    assert_eq!(because, "it belongs to another inventory, other");
}

#[test]
fn a_namespace_that_was_there_is_used_and_stays_somebody_elses() {
    let text = registry("team", "");
    let mut world = World::default();
    world.put(&json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "registry"}}));
    let plan = world.plan(&rendered(&text), &asked());
    assert!(plan.refused().next().is_none());
    world.carry_out(&plan);
    let gone = Asked {
        destroys: true,
        ..asked()
    };
    let plan = world.plan(&ObjectSet::default(), &gone);
    assert!(!change(&plan, "Namespace", "registry").destroys());
}
