use berth_plan::change::{Action, Asked, FieldChange, Presence, Shown};

use crate::scene::{World, acting, asked, change, paths, registry, rendered};

#[test]
fn values_that_were_made_once_are_never_overwritten() {
    let text = registry("team", "");
    let mut world = World::of(&text);
    let key = "berth.dev/whatever";
    // Whatever differs, the live Secret stays.
    world.get("Secret", "team-made-once")["metadata"]["annotations"][key] = "else".into();
    let plan = world.plan(&rendered(&text), &asked());
    assert!(plan.is_empty(), "{:?}", acting(&plan));
}

#[test]
fn only_values_that_are_missing_are_added() {
    let text = registry("team", "");
    let mut world = World::of(&text);
    let secret = world.get("Secret", "team-made-once");
    let data = secret["data"].as_object_mut().unwrap();
    assert!(data.remove("checksum-key").is_some());
    let plan = world.plan(&rendered(&text), &asked());
    let change = change(&plan, "Secret", "team-made-once");
    assert_eq!(paths(change), ["data[checksum-key]"]);
    assert_eq!(
        change.impacts[0].to_string(),
        "data: made once, and never anew: checksum-key"
    );
}

#[test]
fn only_values_that_are_to_be_made_anew_change() {
    let text = registry("team", "");
    let world = World::of(&text);
    let at = ("registry", "team-made-once", "checksum-key");
    let rotated = [(at.0.to_owned(), at.1.to_owned(), at.2.to_owned())];
    let asked = Asked {
        rotated: rotated.into(),
        ..asked()
    };
    let plan = world.plan(&rendered(&text), &asked);
    let expected = FieldChange {
        path: "data[checksum-key]".to_owned(),
        shown: Shown::Hidden(Presence::Changed),
    };
    let Action::Update { fields } = &change(&plan, "Secret", "team-made-once").action else {
        panic!("{:?}", acting(&plan));
    };
    assert_eq!(*fields, [expected]);
}
