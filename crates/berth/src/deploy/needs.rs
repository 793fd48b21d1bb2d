use std::collections::{BTreeMap, BTreeSet};

use berth_cluster::{Cause, Cluster, Refused, at_once};
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
    let mut named = Vec::new();
    for object in objects.iter() {
        let key = object.key();
        let Some(namespace) = key.namespace.clone() else {
            continue;
        };
        let needs = needs(&object.to_json()).into_iter();
        let others = needs.filter(|need| objects.lookup(need.kind, Some(&namespace), &need.name).is_none());
        named.push((key.clone(), namespace.clone(), others.collect::<Vec<_>>()));
    }
    let there = There::of(cluster, &named).await?;
    for (key, namespace, needs) in &named {
        let missing = needs.iter().find(|need| !there.has(namespace, need));
        if let (Some(first), Some(seen)) = (missing, observed.get_mut(key)) {
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

/// What the cluster holds of what is named, asked once each.
struct There {
    /// None of what isn't there; nothing of what may not be read.
    known: BTreeMap<ObjectKey, Option<Json>>,
}

impl There {
    async fn of(cluster: &Cluster, named: &[(ObjectKey, String, Vec<Need>)]) -> Result<Self, Refused> {
        let keys = named
            .iter()
            .flat_map(|(_, namespace, needs)| needs.iter().map(|need| key_of(namespace, need)));
        let keys: BTreeSet<ObjectKey> = keys.collect();
        let calls = keys.into_iter().map(|key| {
            let cluster = cluster.clone();
            async move { (cluster.get(&key).await, key) }
        });
        let mut known = BTreeMap::new();
        for (answer, key) in at_once(calls).await {
            match answer {
                Ok(found) => {
                    known.insert(key, found);
                }
                Err(refused) if matches!(*refused.cause, Cause::Forbidden { .. }) => {}
                Err(refused) => return Err(refused),
            }
        }
        Ok(Self { known })
    }

    fn has(&self, namespace: &str, need: &Need) -> bool {
        let Some(found) = self.known.get(&key_of(namespace, need)) else {
            // Who may not read it can't tell: the pods will.
            return true;
        };
        let holds = |object: &Json, field: &str, key: &str| object[field].get(key).is_some();
        found.as_ref().is_some_and(|object| {
            let key = need.key.as_deref();
            key.is_none_or(|key| holds(object, "data", key) || holds(object, "binaryData", key))
        })
    }
}

fn key_of(namespace: &str, need: &Need) -> ObjectKey {
    ObjectKey {
        namespace: Some(namespace.to_owned()),
        name: need.name.clone(),
        group: "".into(),
        kind: need.kind.into(),
    }
}
