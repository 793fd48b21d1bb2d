use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value as Json;

use crate::change::{Action, FieldChange, Plan};
use crate::managed_fields::{FIELD_MANAGER, Ownership, last_writer, ownerships};
use crate::object::{Object, ObjectKey};

/// Something that is otherwise than declared. Values are not told: a plan shows them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Drift {
    /// The object.
    pub object: String,
    /// The field; `None` where it is the whole object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Who wrote it last, where that is another than Berth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// When, as the cluster writes times.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

/// What a plan would change of these objects, and who made it so.
pub(super) fn of(own: &[&Object], live: &BTreeMap<ObjectKey, Json>, plan: &Plan) -> Vec<Drift> {
    let keys: Vec<ObjectKey> = own.iter().map(|object| object.key()).collect();
    let changes = plan.changes.iter().filter(|change| keys.contains(&change.key));
    let drifts = changes.flat_map(|change| {
        let whole = vec![drifted(&change.key, None, None)];
        match &change.action {
            Action::Keep { .. } => Vec::new(),
            Action::Update { fields } | Action::Replace { fields, .. } if !fields.is_empty() => {
                of_fields(&change.key, fields, live.get(&change.key))
            }
            _ => whole,
        }
    });
    drifts.collect()
}

fn of_fields(key: &ObjectKey, fields: &[FieldChange], live: Option<&Json>) -> Vec<Drift> {
    let written = live.map(ownerships).unwrap_or_default();
    let others: Vec<Ownership> = written
        .into_iter()
        .filter(|it| it.manager != FIELD_MANAGER)
        .map(|it| Ownership {
            path: plain(&it.path),
            ..it
        })
        .collect();
    let drifts = fields.iter().map(|field| {
        let by = last_writer(&others, &plain(&field.path));
        drifted(key, Some(&field.path), by)
    });
    drifts.collect()
}

fn drifted(key: &ObjectKey, field: Option<&str>, by: Option<&Ownership>) -> Drift {
    Drift {
        object: key.to_string(),
        field: field.map(str::to_owned),
        by: by.map(|it| it.manager.clone()),
        at: by.map(|it| it.time.clone()).filter(|time| !time.is_empty()),
    }
}

/// A path in the one form in which those of plans and those of the managed fields can be compared: `.a[name="x"].b`,
/// `a[x].b` and `a.x.b` are all `a.x.b`.
fn plain(path: &str) -> String {
    let mut plain = String::new();
    for part in path.trim_start_matches('.').split_inclusive(']') {
        let Some((before, inside)) = part.split_once('[') else {
            plain.push_str(part);
            continue;
        };
        let first = inside.trim_end_matches(']').split(',').next().unwrap_or_default();
        let value = first.rsplit('=').next().unwrap_or_default().trim_matches('"');
        plain.push_str(before);
        plain.push('.');
        plain.push_str(value);
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_plans_and_of_managed_fields_meet_in_one_form() {
        for (managed, plan) in [
            (".spec.replicas", "spec.replicas"),
            (".data.config.yml", "data[config.yml]"),
            (
                ".spec.template.spec.containers[name=\"registry\"].image",
                "spec.template.spec.containers[registry].image",
            ),
            (
                ".spec.ports[port=5000,protocol=\"TCP\"].name",
                "spec.ports[5000].name",
            ),
        ] {
            assert_eq!(plain(managed), plain(plan));
        }
    }
}
