use std::time::Duration;

use berth_cluster::{Cause, Cluster, Deleted, Force, Preconditions, Propagation, Refused, Verb};
use berth_plan::change::{Action, Change, Done, Sent, is_made_once};
use berth_plan::object::ObjectKey;
use serde_json::{Value as Json, json};

use super::How;
use crate::lifecycle::Interrupt;

/// Why a change was not made.
pub(super) enum Stopped {
    /// The cluster refused.
    Refused(Refused),
    /// The process was asked to stop.
    Interrupted,
}

impl From<Refused> for Stopped {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

/// Makes one change; nothing for those that are none. Asked to stop, it finishes what it is at, but waits for nothing.
pub(super) async fn act(
    cluster: &Cluster,
    change: &Change,
    how: &How,
    interrupt: &mut Interrupt,
) -> Result<Option<Done>, Stopped> {
    match (&change.action, &change.sent) {
        (Action::Create, Some(sent)) => {
            create(cluster, sent).await?;
            Ok(Some(Done::Created))
        }
        (Action::Update { .. }, Some(sent)) => {
            update(cluster, change, sent, how).await?;
            Ok(Some(Done::Updated))
        }
        (Action::Replace { .. }, Some(sent)) => {
            remove(cluster, change, how, interrupt).await?;
            create(cluster, sent).await?;
            Ok(Some(Done::Replaced))
        }
        (Action::Delete { .. }, _) if how.waits => {
            remove(cluster, change, how, interrupt).await?;
            Ok(Some(Done::Deleted))
        }
        (Action::Delete { .. }, _) => {
            delete(cluster, change).await?;
            Ok(Some(Done::Deleted))
        }
        _ => Ok(None),
    }
}

/// What is made once must not be there; all else is applied.
async fn create(cluster: &Cluster, sent: &Sent) -> Result<(), Refused> {
    if is_made_once(sent.reveal()) {
        cluster.create(sent.reveal()).await?;
    } else {
        cluster.apply(sent.reveal(), Force::No).await?;
    }
    Ok(())
}

/// Only the object that was seen is changed; a Secret of made-once values only at the version that was seen.
async fn update(cluster: &Cluster, change: &Change, sent: &Sent, how: &How) -> Result<(), Refused> {
    let mut object = sent.reveal().clone();
    let made_once = is_made_once(&object);
    if let Some(live) = &change.live {
        object["metadata"]["uid"] = json!(live.uid);
        if made_once {
            object["metadata"]["resourceVersion"] = json!(live.resource_version);
        }
    }
    let force = if how.adopt || made_once {
        Force::Yes
    } else {
        Force::No
    };
    cluster.apply(&object, force).await?;
    Ok(())
}

/// Deletes the object that was seen, and waits until it is gone.
pub(super) async fn remove(
    cluster: &Cluster,
    change: &Change,
    how: &How,
    interrupt: &mut Interrupt,
) -> Result<(), Stopped> {
    if delete(cluster, change).await? != Deleted::Going {
        return Ok(());
    }
    tokio::select! {
        gone = gone(cluster, &change.key, how.timeout) => Ok(gone?),
        () = interrupt.asked() => Err(Stopped::Interrupted),
    }
}

/// Deletes the object that was seen, and no other of its name.
async fn delete(cluster: &Cluster, change: &Change) -> Result<Deleted, Refused> {
    let preconditions = Preconditions {
        uid: change.live.as_ref().map(|live| live.uid.clone()),
        resource_version: None,
    };
    // Pods go before what comes in their place.
    let propagation = match (&change.action, &*change.key.kind) {
        (Action::Replace { .. }, "Deployment" | "StatefulSet" | "Job") => Propagation::Foreground,
        _ => Propagation::Background,
    };
    cluster.delete(&change.key, &preconditions, propagation).await
}

/// Waits until an object is gone. One that doesn't go is refused with what holds it.
async fn gone(cluster: &Cluster, key: &ObjectKey, limit: Duration) -> Result<(), Refused> {
    let keys = [key.clone()];
    let waited = cluster.wait_gone(&keys, limit, |_| {}).await?;
    if waited.objects.iter().all(|(_, readiness)| readiness.is_none()) {
        return Ok(());
    }
    let live = cluster.get(key).await?.unwrap_or_default();
    Err(Refused {
        verb: Verb::Delete,
        object: Some(Box::new(key.clone())),
        what: key.to_string(),
        cause: Box::new(Cause::Server {
            code: 202,
            message: format!("it is not gone after {} s{}", limit.as_secs(), held(&live)),
        }),
    })
}

fn held(live: &Json) -> String {
    let finalizers = live["metadata"]["finalizers"].as_array().into_iter().flatten();
    let names: Vec<&str> = finalizers.filter_map(Json::as_str).collect();
    if names.is_empty() {
        String::new()
    } else {
        format!("; {} holds it", names.join(", "))
    }
}
