use std::collections::BTreeMap;

use berth_cluster::{Cause, Cluster, Refused};
use berth_plan::change::{Observed, Refusal, Trial};
use berth_plan::needs::{Need, needs};
use berth_plan::object::{ObjectKey, ObjectSet};
use serde_json::Value as Json;

/// Refuses each workload whose pods could never start, since a Secret or a `ConfigMap` that they name is neither declared
/// nor there. Where its namespace isn't there yet, nobody could have made it: then the plan only tells.
pub(super) async fn needed(
    cluster: &Cluster,
    objects: &ObjectSet,
    observed: &mut BTreeMap<ObjectKey, Observed>,
) -> Result<(), Refused> {
    let mut there = There {
        cluster,
        known: BTreeMap::new(),
    };
    for object in objects.iter() {
        let key = object.key();
        let Some(namespace) = key.namespace.as_deref() else {
            continue;
        };
        let mut missing = Vec::new();
        for need in needs(&object.to_json()) {
            let declared = objects.lookup(need.kind, Some(namespace), &need.name).is_some();
            if !declared && !there.has(namespace, &need).await? {
                missing.push(need);
            }
        }
        if let (Some(first), Some(seen)) = (missing.first(), observed.get_mut(&key)) {
            tell(namespace, first, seen);
        }
    }
    Ok(())
}

fn tell(namespace: &str, need: &Need, seen: &mut Observed) {
    let message = lacks(namespace, need);
    let help = making(namespace, need);
    match &seen.trial {
        Trial::Accepted(_) | Trial::Taken { .. } => {
            seen.trial = Trial::Refused(Refusal::Other { message, help });
        }
        Trial::Untried { because: None } => {
            seen.trial = Trial::Untried {
                because: Some(format!("{message}; {help}")),
            };
        }
        _ => {}
    }
}

fn lacks(namespace: &str, need: &Need) -> String {
    let Need { kind, name, key } = need;
    match key {
        Some(key) => {
            format!("its pods need the key {key} of the {kind} {namespace}/{name}, which isn't there")
        }
        None => format!("its pods need the {kind} {namespace}/{name}, which isn't there"),
    }
}

fn making(namespace: &str, need: &Need) -> String {
    let what = if need.kind == "Secret" {
        "secret generic"
    } else {
        "configmap"
    };
    let key = need.key.as_deref().unwrap_or("KEY");
    format!(
        "make it (`kubectl create {what} {} -n {namespace} --from-file={key}=FILE`, or add the key to it), or correct its \
         name in the document",
        need.name
    )
}

/// What the cluster holds, asked once each.
struct There<'a> {
    cluster: &'a Cluster,
    known: BTreeMap<ObjectKey, Option<Json>>,
}

impl There<'_> {
    async fn has(&mut self, namespace: &str, need: &Need) -> Result<bool, Refused> {
        let key = ObjectKey {
            namespace: Some(namespace.to_owned()),
            name: need.name.clone(),
            group: "".into(),
            kind: need.kind.into(),
        };
        if !self.known.contains_key(&key) {
            let found = match self.cluster.get(&key).await {
                Ok(found) => found,
                // Who may not read it can't tell: the pods will.
                Err(refused) if matches!(*refused.cause, Cause::Forbidden { .. }) => return Ok(true),
                Err(refused) => return Err(refused),
            };
            self.known.insert(key.clone(), found);
        }
        let Some(object) = self.known.get(&key).and_then(Option::as_ref) else {
            return Ok(false);
        };
        let holds = |field: &str, key: &str| object[field].get(key).is_some();
        let key = need.key.as_deref();
        Ok(key.is_none_or(|key| holds("data", key) || holds("binaryData", key)))
    }
}
