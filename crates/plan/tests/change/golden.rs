//! Golden files of plans, as text and as plan file: `BLESS=1` writes them anew; a change to one is a decision.

use std::fs;
use std::path::Path;

use berth_plan::change::{Plan, Refusal, Trial, to_text};
use serde_json::json;

use crate::file::file;
use crate::scene::{World, also, asked, registry, rendered};

fn compare(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/change/golden")
        .join(name);
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, text).unwrap();
    }
    let there = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(text, there, "{name} is otherwise than before");
}

/// A registry that is new, one that changes, one that leaves, and one whose volume is replaced.
fn eventful() -> Plan {
    let before = format!(
        "{}{}{}",
        registry("team", ""),
        registry("old", ""),
        registry("slow", "")
    );
    let mut world = World::of(&before);
    world.get("PersistentVolumeClaim", "slow")["spec"]["storageClassName"] = json!("slow");
    let after = format!(
        "{}{}{}",
        registry("team", "  log: {level: debug}\n"),
        registry("new", ""),
        registry("slow", "").replace("size: 10Gi", "size: 10Gi, storageClass: fast")
    );
    let wanted = rendered(&after);
    let asked = also(&["pvc/slow"]);
    let mut observed = world.observed(&wanted, &asked);
    let claim = observed
        .iter_mut()
        .find(|(key, _)| key.kind == "PersistentVolumeClaim" && key.name == "slow");
    claim.unwrap().1.trial = Trial::Refused(Refusal::Invalid {
        message: "it is invalid".to_owned(),
        causes: vec![("spec".to_owned(), "spec is immutable after creation".to_owned())],
    });
    let members: Vec<_> = world.live.values().cloned().collect();
    berth_plan::change::plan(&wanted, &observed, &members, &asked)
}

#[test]
fn a_plan_reads_as_its_golden_file_says() {
    compare("eventful.txt", &to_text(&eventful(), false));
}

/// What the digests are is no part of the promise: they follow whatever is rendered.
fn without_digests(text: &str) -> String {
    let mut parts = text.split("sha256:");
    let mut without = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (digest, rest) = part.split_at(64);
        assert!(digest.bytes().all(|byte| byte.is_ascii_hexdigit()), "{digest}");
        without += "sha256:[digest]";
        without += rest;
    }
    without
}

#[test]
fn a_plan_file_is_as_its_golden_file_says() {
    let json = serde_json::to_string_pretty(&file(&eventful(), "documents")).unwrap();
    compare("eventful.json", &format!("{}\n", without_digests(&json)));
}

#[test]
fn a_plan_of_nothing_says_so_in_one_line() {
    let text = registry("team", "");
    let plan = World::of(&text).plan(&rendered(&text), &asked());
    let count = plan.changes.len();
    assert_eq!(
        to_text(&plan, false),
        format!("Nothing to do: {count} objects are as declared.\n")
    );
}

#[test]
fn colours_are_for_terminals() {
    let plan = eventful();
    assert!(!to_text(&plan, false).contains('\u{1b}'));
    assert!(to_text(&plan, true).contains("\u{1b}[32m+\u{1b}[0m"));
}
