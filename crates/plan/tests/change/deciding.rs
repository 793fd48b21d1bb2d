use berth_plan::change::{Action, Impact, Refusal, Restart, Trial};
use serde_json::json;

use crate::scene::{World, acting, also, asked, change, paths, registry, rendered, rendered_with};

#[test]
fn everything_is_created_where_nothing_is() {
    let wanted = rendered(&registry("team", ""));
    let plan = World::default().plan(&wanted, &asked());
    assert_eq!(plan.totals().created, wanted.len());
    let order: Vec<_> = plan.changes.iter().map(|change| change.stage).collect();
    assert!(order.is_sorted(), "{order:?}");
}

#[test]
fn what_is_as_declared_is_not_touched() {
    let text = registry("team", "");
    let world = World::of(&text);
    let plan = world.plan(&rendered(&text), &asked());
    assert!(plan.is_empty(), "{:?}", acting(&plan));
}

#[test]
fn a_changed_document_changes_that_field_and_what_follows_from_it() {
    let world = World::of(&registry("team", ""));
    let plan = world.plan(&rendered(&registry("team", "  log: {level: debug}\n")), &asked());
    let acting = acting(&plan);
    assert_eq!(acting.len(), 2, "{acting:?}");
    assert_eq!(
        paths(change(&plan, "ConfigMap", "team-config")),
        ["data[config.yml]"]
    );
    let expected = ["spec.template.metadata.annotations[berth.dev/checksum-config]"];
    let deployment = change(&plan, "Deployment", "team");
    assert_eq!(paths(deployment), expected);
    // One pod has the volume at a time.
    assert_eq!(
        deployment.impacts,
        [Impact::Restart(Restart {
            pods: 1,
            is_down: true
        })]
    );
}

#[test]
fn a_changed_secret_restarts_pods_and_shows_nothing() {
    let text = registry("team", "");
    let world = World::of(&text);
    let plan = world.plan(&rendered_with(&text, "second"), &asked());
    let kinds: Vec<_> = acting(&plan)
        .iter()
        .map(|change| change.key.kind.to_string())
        .collect();
    assert_eq!(kinds, ["Secret", "Deployment"]);
    let text = berth_plan::change::to_text(&plan, false);
    assert!(text.contains("changed, not shown"), "{text}");
    assert!(!text.contains("canary"), "{text}");
}

#[test]
fn more_replicas_of_a_shared_store_scale_and_restart_nothing() {
    let shared = |replicas: u32| {
        format!(
            "apiVersion: berth.dev/v1\nkind: DockerRegistry\nmetadata: {{name: team}}\nspec:\n  namespace: registry\n  \
             replicas: {replicas}\n  storage: {{driver: s3, s3: {{bucket: b, region: eu-west-1}}}}\n"
        )
    };
    let world = World::of(&shared(2));
    let plan = world.plan(&rendered(&shared(3)), &asked());
    let deployment = change(&plan, "Deployment", "team");
    assert_eq!(paths(deployment), ["spec.replicas"]);
    assert_eq!(deployment.impacts, [Impact::Scale { before: 2, after: 3 }]);
}

#[test]
fn a_field_that_can_not_change_replaces_the_object_and_says_which() {
    let mut world = World::of(&registry("team", ""));
    world.get("Deployment", "team")["spec"]["selector"]["matchLabels"]["old"] = json!("label");
    world.refusals.insert(
        "Deployment",
        Trial::Refused(Refusal::Invalid {
            message: "Deployment is invalid".to_owned(),
            causes: vec![("spec.selector".to_owned(), "field is immutable".to_owned())],
        }),
    );
    let plan = world.plan(&rendered(&registry("team", "  log: {level: debug}\n")), &asked());
    let Action::Replace { because, .. } = &change(&plan, "Deployment", "team").action else {
        panic!("{:?}", acting(&plan));
    };
    assert_eq!(because, "spec.selector is immutable");
}

fn class_changed() -> World {
    let mut world = World::of(&registry("team", ""));
    world.get("PersistentVolumeClaim", "team")["spec"]["storageClassName"] = json!("slow");
    world.refusals.insert(
        "PersistentVolumeClaim",
        Trial::Refused(Refusal::Invalid {
            message: "it is invalid".to_owned(),
            causes: vec![("spec".to_owned(), "spec is immutable after creation".to_owned())],
        }),
    );
    world
}

fn fast() -> String {
    registry("team", "").replace("size: 10Gi", "size: 10Gi, storageClass: fast")
}

#[test]
fn a_volume_is_not_replaced_unless_it_is_named() {
    let plan = class_changed().plan(&rendered(&fast()), &asked());
    let Action::Refused { because, help } = &change(&plan, "PersistentVolumeClaim", "team").action else {
        panic!("{:?}", acting(&plan));
    };
    assert!(
        because.contains("its data lost, because storageClassName is immutable"),
        "{because}"
    );
    assert!(help.contains("--also team"), "{help}");
}

#[test]
fn a_volume_that_can_not_grow_is_refused_with_what_to_do() {
    let mut world = World::of(&registry("team", ""));
    let refusal = Refusal::Other {
        message: "only dynamically provisioned pvc can be resized".to_owned(),
        help: "whatever".to_owned(),
    };
    world
        .refusals
        .insert("PersistentVolumeClaim", Trial::Refused(refusal));
    let plan = world.plan(&rendered(&registry("team", "")), &asked());
    let Action::Refused { help, .. } = &change(&plan, "PersistentVolumeClaim", "team").action else {
        panic!("{:?}", acting(&plan));
    };
    assert!(help.contains("set the size back"), "{help}");
}

#[test]
fn a_volume_that_is_named_is_replaced_and_so_is_what_uses_it() {
    let plan = class_changed().plan(&rendered(&fast()), &also(&["pvc/team"]));
    let claim = change(&plan, "PersistentVolumeClaim", "team");
    let Action::Replace { because, .. } = &claim.action else {
        panic!("{:?}", acting(&plan));
    };
    assert_eq!(because, "storageClassName is immutable");
    assert!(claim.impacts[0].to_string().contains("is lost"));
    let deployment = change(&plan, "Deployment", "team");
    assert!(
        matches!(deployment.action, Action::Replace { .. }),
        "{deployment:?}"
    );
}

#[test]
fn what_the_server_refuses_stands_in_the_plan_with_its_reason() {
    let mut world = World::default();
    let refusal = Refusal::Other {
        message: "the quota is used up".to_owned(),
        help: "ask for more".to_owned(),
    };
    world.refusals.insert("ConfigMap", Trial::Refused(refusal));
    let plan = world.plan(&rendered(&registry("team", "")), &asked());
    assert_eq!(plan.refused().count(), 1);
    let text = berth_plan::change::to_text(&plan, false);
    assert!(
        text.contains("! ConfigMap registry/team-config: the quota is used up"),
        "{text}"
    );
    assert!(text.contains("help: ask for more"), "{text}");
}

#[test]
fn what_is_being_deleted_is_made_anew_and_a_namespace_is_waited_for() {
    let text = registry("team", "");
    let mut world = World::of(&text);
    world.get("Service", "team")["metadata"]["deletionTimestamp"] = json!("now");
    let plan = world.plan(&rendered(&text), &asked());
    assert!(matches!(
        change(&plan, "Service", "team").action,
        Action::Replace { .. }
    ));
    world.get("Namespace", "registry")["metadata"]["deletionTimestamp"] = json!("now");
    let plan = world.plan(&rendered(&text), &asked());
    assert!(matches!(
        change(&plan, "Namespace", "registry").action,
        Action::Refused { .. }
    ));
}
