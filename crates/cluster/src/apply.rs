use berth_plan::object::ObjectKey;
use kube::core::Request;
use kube::core::params::{Patch, PatchParams};
use serde_json::Value as Json;

use crate::get::malformed;
use crate::kinds::GroupKind;
use crate::refused::{Asked, Cause, Refused, Verb};
use crate::send::{Call, Repeat};
use crate::{Cluster, FIELD_MANAGER};

/// What becomes of fields that another manager owns.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Force {
    /// They stay, and the call is refused with [`Cause::Conflict`].
    #[default]
    No,
    /// Berth takes them over.
    Yes,
}

impl Cluster {
    /// Applies an object and returns it as the cluster has it then. Unknown fields are refused. With a
    /// `metadata.resourceVersion`, or a `metadata.uid`, in it, an object that has changed since is [`Cause::Stale`].
    ///
    /// # Errors
    /// Any [`Cause`].
    pub async fn apply(&self, object: &Json, force: Force) -> Result<Json, Refused> {
        let asked = about(Verb::Apply, object)?;
        let call = self
            .patch(&asked, object, force, PatchParams::apply(FIELD_MANAGER))
            .await?;
        self.send_json(&asked, call, Repeat::Safe).await
    }

    /// The call that applies an object.
    pub(crate) async fn patch(
        &self,
        asked: &Asked,
        object: &Json,
        force: Force,
        params: PatchParams,
    ) -> Result<Call, Refused> {
        let key = key_of(asked)?;
        let api_version = object["apiVersion"].as_str();
        let resource = self.resource_for(asked, &GroupKind::of(key), api_version).await?;
        let params = match force {
            Force::No => params.validation_strict(),
            Force::Yes => params.validation_strict().force(),
        };
        let path = resource.path(Some(self.namespace_of(key)));
        let call = Request::new(path).patch(&key.name, &params, &Patch::Apply(object));
        call.map_err(|source| asked.refused(malformed(&source)))
    }
}

/// What a call about an object will be called in a refusal.
pub(crate) fn about(verb: Verb, object: &Json) -> Result<Asked, Refused> {
    match ObjectKey::of(object) {
        Some(key) => Ok(Asked::of(verb, &key)),
        None => Err(Asked::about(verb, "an object").refused(nameless())),
    }
}

/// The key of the object in hand.
pub(crate) fn key_of(asked: &Asked) -> Result<&ObjectKey, Refused> {
    asked.object.as_ref().ok_or_else(|| asked.refused(nameless()))
}

fn nameless() -> Cause {
    Cause::Invalid {
        fields: Vec::new(),
        message: "it has no apiVersion, kind or name".to_owned(),
    }
}
