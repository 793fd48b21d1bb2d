use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::Context as _;
use berth_cluster::{Cause, Cluster, Force, GroupKind, Refused};
use berth_plan::change::{Asked, Conflict, Observed, Trial, is_made_once, sent};
use berth_plan::object::{Object, ObjectKey, ObjectSet};
use serde_json::Value as Json;
use tokio::task::JoinSet;

use super::refusal::refusal;

/// How many objects are asked after at once.
const AT_ONCE: usize = 24;

/// What the cluster holds of each object, and what it would become. Objects of namespaces that aren't there yet are not
/// asked after.
pub(super) async fn observe(
    cluster: &Cluster,
    objects: &ObjectSet,
    members: &[Json],
    asked: &Asked,
) -> anyhow::Result<BTreeMap<ObjectKey, Observed>> {
    let members: BTreeMap<ObjectKey, &Json> = members
        .iter()
        .filter_map(|member| Some((ObjectKey::of(member)?, member)))
        .collect();
    let asked = Arc::new(asked.clone());
    let (namespaces, others): (Vec<&Object>, Vec<&Object>) =
        objects.iter().partition(|object| object.kind() == "Namespace");
    let look = |object: &Object| Look {
        cluster: cluster.clone(),
        known: members.get(&object.key()).map(|live| (*live).clone()),
        object: object.clone(),
        asked: Arc::clone(&asked),
    };
    let mut observed = looked(namespaces.into_iter().map(look)).await?;
    let missing: BTreeSet<String> = observed
        .iter()
        .filter(|(_, seen)| seen.live.is_none())
        .map(|(key, _)| key.name.clone())
        .collect();
    let is_there = |object: &&Object| {
        let namespace = object.metadata().namespace.as_ref();
        !namespace.is_some_and(|namespace| missing.contains(namespace))
    };
    let (there, later): (Vec<&Object>, Vec<&Object>) = others.into_iter().partition(is_there);
    observed.extend(looked(there.into_iter().map(look)).await?);
    let unknown = unknown_kinds(cluster, &later).await?;
    observed.extend(later.into_iter().map(|object| {
        let because = unknown.get(&GroupKind::of(&object.key())).cloned();
        let trial = Trial::Untried { because };
        (object.key(), Observed { live: None, trial })
    }));
    Ok(observed)
}

/// The kinds of objects that the cluster doesn't know, with what to do. Of what can't be tried, this can be told.
async fn unknown_kinds(
    cluster: &Cluster,
    objects: &[&Object],
) -> Result<BTreeMap<GroupKind, String>, Refused> {
    let kinds: BTreeSet<GroupKind> = objects
        .iter()
        .map(|object| GroupKind::of(&object.key()))
        .collect();
    let mut unknown = BTreeMap::new();
    for kind in kinds {
        match cluster.resource(&kind).await {
            Ok(_) => {}
            Err(refused) if matches!(*refused.cause, Cause::KindMissing { .. }) => {
                unknown.insert(kind, format!("{}; {}", refused.cause, refused.next()));
            }
            Err(refused) => return Err(refused),
        }
    }
    Ok(unknown)
}

/// Looks at many objects, some at a time.
async fn looked(looks: impl Iterator<Item = Look>) -> anyhow::Result<BTreeMap<ObjectKey, Observed>> {
    let mut observed = BTreeMap::new();
    let mut under_way = JoinSet::new();
    let mut looks = looks.fuse();
    loop {
        while under_way.len() < AT_ONCE
            && let Some(look) = looks.next()
        {
            under_way.spawn(look.seen());
        }
        let Some(seen) = under_way.join_next().await else {
            return Ok(observed);
        };
        let (key, seen) = seen.context("looking at the cluster")??;
        observed.insert(key, seen);
    }
}

/// One object to look at.
struct Look {
    cluster: Cluster,
    object: Object,
    /// The object as it was listed among the members already.
    known: Option<Json>,
    asked: Arc<Asked>,
}

impl Look {
    async fn seen(self) -> Result<(ObjectKey, Observed), Refused> {
        let key = self.object.key();
        let json = self.object.to_json();
        let live = match self
            .known
            .clone()
            .filter(|known| known["apiVersion"] == json["apiVersion"])
        {
            Some(known) => Some(known),
            None => match self.cluster.get_as(json["apiVersion"].as_str(), &key).await {
                Ok(live) => live,
                Err(refused) if matches!(*refused.cause, Cause::KindMissing { .. }) => {
                    let because = Some(format!("{}; {}", refused.cause, refused.next()));
                    let trial = Trial::Untried { because };
                    return Ok((key, Observed { live: None, trial }));
                }
                Err(refused) => return Err(refused),
            },
        };
        let trial = self.tried(live.as_ref()).await?;
        Ok((key, Observed { live, trial }))
    }

    /// What it would become. What was made once is compared without the server: it is never applied over.
    async fn tried(&self, live: Option<&Json>) -> Result<Trial, Refused> {
        let sent = sent(&self.object, live, &self.asked);
        let wanted = sent.reveal();
        if is_made_once(wanted) && live.is_some() {
            return Ok(Trial::Accepted(wanted.clone()));
        }
        let refused = match self.cluster.dry_run(wanted, Force::No).await {
            Ok(result) => return Ok(Trial::Accepted(result)),
            Err(refused) => refused,
        };
        match &*refused.cause {
            Cause::Conflict { fields } if self.asked.adopt => {
                let conflicts = fields.iter().map(|owned| Conflict {
                    field: owned.field.clone(),
                    manager: owned.manager.clone(),
                });
                let conflicts = conflicts.collect();
                match self.cluster.dry_run(wanted, Force::Yes).await {
                    Ok(result) => Ok(Trial::Taken { result, conflicts }),
                    Err(refused) => answered(refused),
                }
            }
            // Whether a binding gives more than one has is told by its role, and that comes before it.
            Cause::Escalation { .. } if live.is_none() => Ok(Trial::Untried {
                because: Some("its rights can be judged only once its role is there".to_owned()),
            }),
            Cause::NamespaceMissing { .. } if live.is_none() => Ok(Trial::Untried {
                because: Some(format!("{}; {}", refused.cause, refused.next())),
            }),
            _ => answered(refused),
        }
    }
}

/// An answer of the server is part of the plan; no answer ends it.
fn answered(refused: Refused) -> Result<Trial, Refused> {
    match &*refused.cause {
        Cause::Unreachable { .. } | Cause::Unauthorized { .. } | Cause::TooManyRequests => Err(refused),
        _ => Ok(Trial::Refused(refusal(&refused))),
    }
}
