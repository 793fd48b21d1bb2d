use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::asked::Asked;
use super::existing::{create, of_live, refused};
use super::impact::impacts;
use super::leave::leaving;
use super::observed::{Observed, Trial};
use super::plan_of_changes::{Action, Change, Plan};
use super::sent::{Sent, sent};
use super::version::version;
use crate::object::{Kind as _, Object, ObjectKey, ObjectSet, PersistentVolumeClaim};

/// What is to be done so that the cluster holds what is wanted and nothing that was wanted once. `members` are the live
/// objects of the inventory.
pub fn plan(
    wanted: &ObjectSet,
    observed: &BTreeMap<ObjectKey, Observed>,
    members: &[Json],
    asked: &Asked,
) -> Plan {
    let mut changes: Vec<Change> = wanted
        .iter()
        .map(|object| change(object, observed.get(&object.key()), asked))
        .collect();
    replace_users_of_claims(&mut changes);
    changes.extend(leaving(wanted, members, asked));
    Plan { changes }
}

fn change(object: &Object, observed: Option<&Observed>, asked: &Asked) -> Change {
    let live = observed.and_then(|observed| observed.live.as_ref());
    let sent = sent(object, live, asked);
    let mut notes = Vec::new();
    let action = match (live, observed.map(|observed| &observed.trial)) {
        (None, trial) => create(trial, &mut notes),
        (Some(live), Some(trial)) => of_live(live, &sent, trial, asked, &mut notes),
        (Some(_), None) => refused("it was not tried", "run `berth plan` again"),
    };
    let action = with_permission(action, object, asked);
    let after = match observed.map(|observed| &observed.trial) {
        Some(Trial::Accepted(result) | Trial::Taken { result, .. }) => result,
        _ => sent.reveal(),
    };
    Change {
        key: object.key(),
        stage: object.stage(),
        impacts: impacts(&action, live, Some(after)),
        action,
        notes,
        live: live.map(|live| version(live, &asked.inventory)),
        sent: Some(sent),
    }
}

/// A claim is replaced only where it is named: its data is lost.
fn with_permission(action: Action, object: &Object, asked: &Asked) -> Action {
    let key = object.key();
    match action {
        Action::Replace { because, .. }
            if key.kind == PersistentVolumeClaim::KIND
                && !asked.also.iter().any(|named| named.means(&key)) =>
        {
            let help = format!(
                "set the field back, or move the data away and name the claim: --also {}",
                key.name
            );
            refused(
                &format!("it would be replaced and its data lost, because {because}"),
                &help,
            )
        }
        Action::Refused { because, .. }
            if key.kind == PersistentVolumeClaim::KIND && because.contains("resize") =>
        {
            let help = "volumes grow only where their class allows it: set the size back, or move the data to a new one";
            refused(&because, help)
        }
        action => action,
    }
}

/// A claim can't go while pods use it: what runs them is replaced with it.
fn replace_users_of_claims(changes: &mut [Change]) {
    let is_replaced_claim = |change: &&Change| {
        change.key.kind == PersistentVolumeClaim::KIND && matches!(change.action, Action::Replace { .. })
    };
    let claims: Vec<(Option<String>, String)> = changes
        .iter()
        .filter(is_replaced_claim)
        .map(|change| (change.key.namespace.clone(), change.key.name.clone()))
        .collect();
    for (namespace, claim) in claims {
        for change in &mut *changes {
            if change.key.namespace == namespace && change.live.is_some() && uses(change, &claim) {
                let fields = match std::mem::replace(&mut change.action, Action::Create) {
                    Action::Update { fields } | Action::Replace { fields, .. } => fields,
                    _ => Vec::new(),
                };
                change.action = Action::Replace {
                    because: format!("its volume {claim} is replaced"),
                    fields,
                };
                let sent = change.sent.as_ref().map(Sent::reveal);
                change.impacts = impacts(&change.action, sent, sent);
            }
        }
    }
}

fn uses(change: &Change, claim: &str) -> bool {
    let Some(sent) = &change.sent else {
        return false;
    };
    let volumes = sent.reveal()["spec"]["template"]["spec"]["volumes"].as_array();
    volumes
        .into_iter()
        .flatten()
        .any(|volume| volume["persistentVolumeClaim"]["claimName"] == claim)
}
