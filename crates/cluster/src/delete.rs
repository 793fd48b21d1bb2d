use berth_plan::object::ObjectKey;
use kube::core::Request;
use kube::core::params::{self, DeleteParams};
use serde_json::Value as Json;

use crate::Cluster;
use crate::get::malformed;
use crate::kinds::GroupKind;
use crate::refused::{Asked, Cause, Refused, Verb};
use crate::send::Repeat;

/// Which object of that name may be deleted.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Preconditions {
    /// Only the one of this uid.
    pub uid: Option<String>,
    /// Only while it is at this version.
    pub resource_version: Option<String>,
}

/// What becomes of the objects that it owns.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Propagation {
    /// They go after it.
    #[default]
    Background,
    /// They go before it.
    Foreground,
    /// They stay.
    Orphan,
}

/// What became of the object.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Deleted {
    /// It is gone.
    Gone,
    /// It goes: finalizers, or what it owns, come first.
    Going,
    /// It wasn't there.
    Absent,
}

impl Preconditions {
    /// The object as it was read: the same one, at whatever version.
    pub fn same(object: &Json) -> Self {
        let uid = object.pointer("/metadata/uid").and_then(Json::as_str);
        Self {
            uid: uid.map(str::to_owned),
            resource_version: None,
        }
    }
}

impl Cluster {
    /// Deletes an object.
    ///
    /// # Errors
    /// [`Cause::Stale`] when a precondition doesn't hold, or any other.
    pub async fn delete(
        &self,
        key: &ObjectKey,
        preconditions: &Preconditions,
        propagation: Propagation,
    ) -> Result<Deleted, Refused> {
        let asked = Asked::of(Verb::Delete, key);
        let resource = self.resource_for(&asked, &GroupKind::of(key), None).await?;
        let params = match propagation {
            Propagation::Background => DeleteParams::background(),
            Propagation::Foreground => DeleteParams::foreground(),
            Propagation::Orphan => DeleteParams::orphan(),
        };
        let params = params.preconditions(params::Preconditions {
            uid: preconditions.uid.clone(),
            resource_version: preconditions.resource_version.clone(),
        });
        let path = resource.path(Some(self.namespace_of(key)));
        let call = Request::new(path).delete(&key.name, &params);
        let call = call.map_err(|source| asked.refused(malformed(&source)))?;
        // One uid is deleted once, however often it is asked for.
        let repeat = match preconditions.uid {
            Some(_) => Repeat::Safe,
            None => Repeat::Unsafe,
        };
        match self.send_json(&asked, call, repeat).await {
            Ok(answer) if answer["kind"] == "Status" => Ok(Deleted::Gone),
            Ok(answer) if is_going(&answer) => Ok(Deleted::Going),
            Ok(_) => Ok(Deleted::Gone),
            Err(refused) if matches!(*refused.cause, Cause::NotFound) => Ok(Deleted::Absent),
            Err(refused) => Err(refused),
        }
    }
}

/// Whether something still holds a deleted object: finalizers, or a period of grace.
fn is_going(object: &Json) -> bool {
    let metadata = &object["metadata"];
    let held = metadata["finalizers"].as_array().is_some_and(|it| !it.is_empty());
    let grace = metadata["deletionGracePeriodSeconds"].as_u64().unwrap_or(0);
    held || grace > 0 || object["kind"] == "Namespace"
}
