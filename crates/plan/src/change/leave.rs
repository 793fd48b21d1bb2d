use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::asked::Asked;
use super::difference::{FieldChange, Presence, Shown};
use super::impact::impacts;
use super::labels::{INSTANCE, is_made_once, is_part_of, is_shared_by, label};
use super::order::{departure, stage_of};
use super::plan_of_changes::{Action, Change};
use super::sent::taken_back;
use super::version::version;
use crate::object::{Kind as _, Namespace, ObjectKey, ObjectSet, PersistentVolumeClaim};

/// What becomes of members of the inventory that aren't wanted any more, workloads first.
pub(super) fn leaving(wanted: &ObjectSet, members: &[Json], asked: &Asked) -> Vec<Change> {
    let wanted_keys: BTreeSet<ObjectKey> = wanted.iter().map(crate::object::Object::key).collect();
    let documents: BTreeSet<&str> = wanted
        .iter()
        .filter_map(|object| object.metadata().labels.get(INSTANCE))
        .map(String::as_str)
        .collect();
    let mut changes: Vec<Change> = members
        .iter()
        .filter_map(|live| {
            let key = ObjectKey::of(live).filter(|key| !wanted_keys.contains(key))?;
            let is_shared = is_shared_by(live, &asked.inventory) && !is_part_of(live, &asked.inventory);
            let action = if is_shared {
                take_back()
            } else {
                action(&key, live, &documents, asked)
            };
            Some(Change {
                stage: stage_of(&key.kind),
                impacts: impacts(&action, Some(live), None),
                key,
                action,
                notes: Vec::new(),
                live: Some(version(live, &asked.inventory)),
                sent: is_shared.then(|| taken_back(live)),
            })
        })
        .collect();
    keep_namespaces_of_what_stays(&mut changes, asked);
    changes.sort_by_key(|change| (departure(change.stage), change.key.clone()));
    changes
}

/// What is somebody else's stays, without what Berth added to it.
fn take_back() -> Action {
    Action::Update {
        fields: vec![FieldChange {
            path: "(what Berth added to it)".to_owned(),
            shown: Shown::Hidden(Presence::Removed),
        }],
    }
}

fn action(key: &ObjectKey, live: &Json, documents: &BTreeSet<&str>, asked: &Asked) -> Action {
    let is_named = asked.also.iter().any(|named| named.means(key));
    if is_made_once(live) && !is_named {
        return stays(&format!(
            "its values were made once; --also {} deletes it",
            key.name
        ));
    }
    if key.kind == PersistentVolumeClaim::KIND && !is_named {
        return stays(&format!("it holds data; --also {} deletes it", key.name));
    }
    let because = if asked.destroys {
        "everything goes".to_owned()
    } else {
        match label(live, INSTANCE) {
            Some(document) if documents.contains(document) => format!("`{document}` needs it no longer"),
            Some(document) => format!("`{document}` left the declaration"),
            None => "it left the declaration".to_owned(),
        }
    };
    Action::Delete { because }
}

/// A namespace takes all that it holds with it, so it stays with what stays.
fn keep_namespaces_of_what_stays(changes: &mut [Change], asked: &Asked) {
    let going: BTreeSet<String> = changes
        .iter()
        .filter(|change| change.destroys())
        .map(|change| change.key.to_string())
        .collect();
    let kept: BTreeSet<String> = changes
        .iter()
        .filter(|change| matches!(change.action, Action::Keep { .. }))
        .filter_map(|change| change.key.namespace.clone())
        .collect();
    for change in changes {
        if change.key.kind != Namespace::KIND || !change.destroys() {
            continue;
        }
        let others = asked.occupied.get(&change.key.name).into_iter().flatten();
        let others: Vec<&str> = others
            .filter(|name| !going.contains(*name))
            .map(String::as_str)
            .collect();
        if let Some(first) = others.first() {
            let more = others.len() - 1;
            let more = if more > 0 {
                format!(" and {more} more")
            } else {
                String::new()
            };
            change.action = stays(&format!("it holds {first}{more}"));
            change.impacts.clear();
        } else if kept.contains(&change.key.name) {
            change.action = stays("it holds what stays");
            change.impacts.clear();
        }
    }
}

fn stays(because: &str) -> Action {
    Action::Keep {
        because: Some(because.to_owned()),
    }
}
