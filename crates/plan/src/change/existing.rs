use serde_json::Value as Json;

use super::asked::Asked;
use super::difference::{FieldChange, Presence, Shown, compared, of_declared};
use super::immutable::immutable_fields;
use super::labels::{is_made_once, is_part_of, is_shared, part_of};
use super::observed::{Refusal, Trial};
use super::plan_of_changes::Action;
use super::secrecy::Secrecy;
use super::sent::Sent;

/// What is to be done where there is no such object yet.
pub(super) fn create(trial: Option<&Trial>, notes: &mut Vec<String>) -> Action {
    match trial {
        Some(Trial::Refused(refusal)) => told(refusal),
        Some(Trial::Untried { because }) => {
            notes.extend(because.clone());
            Action::Create
        }
        _ => Action::Create,
    }
}

/// What is to be done with an object that is there.
pub(super) fn of_live(
    live: &Json,
    sent: &Sent,
    trial: &Trial,
    asked: &Asked,
    notes: &mut Vec<String>,
) -> Action {
    if live["metadata"].get("deletionTimestamp").is_some() {
        return going(sent);
    }
    if is_made_once(sent.reveal()) {
        return of_made_once(live, sent, asked);
    }
    if let Some(refused) = of_others(live, sent, asked) {
        return refused;
    }
    let secrecy = Secrecy::of(live);
    let is_ours = is_part_of(live, &asked.inventory);
    let secrecy = if is_ours { secrecy } else { secrecy.foreign() };
    match trial {
        Trial::Accepted(result) => compare(live, result, secrecy),
        Trial::Taken { result, conflicts } => {
            notes.extend(conflicts.iter().map(|conflict| format!("taken over: {conflict}")));
            compare(live, result, secrecy)
        }
        Trial::Refused(Refusal::Invalid { message, causes }) => {
            let fields = immutable_fields(live, sent.reveal(), message, causes);
            if fields.is_empty() {
                return told(&Refusal::Invalid {
                    message: message.clone(),
                    causes: causes.clone(),
                });
            }
            let is = if fields.len() == 1 { "is" } else { "are" };
            Action::Replace {
                because: format!("{} {is} immutable", fields.join(", ")),
                fields: of_declared(live, sent.reveal(), secrecy),
            }
        }
        Trial::Refused(refusal) => told(refusal),
        Trial::Untried { because } => {
            let because = because
                .as_deref()
                .unwrap_or("it appeared while the plan was made");
            refused(because, "run `berth plan` again")
        }
    }
}

fn compare(live: &Json, result: &Json, secrecy: Secrecy) -> Action {
    let fields = compared(live, result, secrecy);
    if fields.is_empty() {
        Action::Keep { because: None }
    } else {
        Action::Update { fields }
    }
}

/// What is being deleted already is made anew once it is gone; in a namespace that goes, nothing can be made.
fn going(sent: &Sent) -> Action {
    if sent.reveal()["kind"] == "Namespace" {
        return refused(
            "it is being deleted",
            "wait until it is gone (`kubectl get namespace` says when), then run this again",
        );
    }
    Action::Replace {
        because: "it is being deleted already".to_owned(),
        fields: Vec::new(),
    }
}

/// Values that were made once stay as they are: only what isn't there is added, and what is to be made anew changes.
fn of_made_once(live: &Json, sent: &Sent, asked: &Asked) -> Action {
    let wanted = sent.reveal()["data"].as_object().into_iter().flatten();
    let text = |field: &str| {
        sent.reveal()["metadata"][field]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    let (namespace, name) = (text("namespace"), text("name"));
    let fields: Vec<FieldChange> = wanted
        .filter_map(|(key, _)| {
            let is_rotated = asked
                .rotated
                .contains(&(namespace.clone(), name.clone(), key.clone()));
            let presence = match live["data"].get(key) {
                None => Presence::Added,
                Some(_) if is_rotated => Presence::Changed,
                Some(_) => return None,
            };
            Some(FieldChange {
                path: format!("data[{key}]"),
                shown: Shown::Hidden(presence),
            })
        })
        .collect();
    if fields.is_empty() {
        Action::Keep { because: None }
    } else {
        Action::Update { fields }
    }
}

/// What somebody else made isn't touched, unless that is asked for or it is theirs and Berth only adds to it.
fn of_others(live: &Json, sent: &Sent, asked: &Asked) -> Option<Action> {
    if is_part_of(live, &asked.inventory) || is_shared(sent.reveal()) || asked.adopt {
        return None;
    }
    let because = match part_of(live) {
        Some(other) => format!("it belongs to another inventory, {other}"),
        None => format!("it is there already, and {} made it", managers(live)),
    };
    let help = match part_of(live) {
        Some(_) => "name that inventory by --namespace and --inventory, or take the object over with --adopt",
        None => "give the document another name, or take the object over with --adopt",
    };
    Some(refused(&because, help))
}

fn managers(live: &Json) -> String {
    let managers = live["metadata"]["managedFields"].as_array();
    let mut names: Vec<&str> = managers
        .into_iter()
        .flatten()
        .filter(|manager| manager.get("subresource").is_none())
        .filter_map(|manager| manager["manager"].as_str())
        .collect();
    names.sort_unstable();
    names.dedup();
    if names.is_empty() {
        "somebody else".to_owned()
    } else {
        names.join(", ")
    }
}

fn told(refusal: &Refusal) -> Action {
    match refusal {
        Refusal::Conflict(conflicts) => {
            let told: Vec<String> = conflicts.iter().map(ToString::to_string).collect();
            let help = "change the document to what they set, or take the fields over with --adopt";
            refused(&told.join("; "), help)
        }
        Refusal::Invalid { message, .. } => refused(
            message,
            "the server doesn't take it as it is: change the document",
        ),
        Refusal::Other { message, help } => refused(message, help),
    }
}

pub(super) fn refused(because: &str, help: &str) -> Action {
    Action::Refused {
        because: because.to_owned(),
        help: help.to_owned(),
    }
}
