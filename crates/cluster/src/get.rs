use berth_plan::object::ObjectKey;
use kube::core::Request;
use kube::core::params::GetParams;
use serde_json::Value as Json;

use crate::Cluster;
use crate::kinds::GroupKind;
use crate::refused::{Asked, Cause, Refused, Verb};
use crate::send::Repeat;

impl Cluster {
    /// An object as the cluster has it, in the version that the cluster prefers; `None` when it isn't there.
    ///
    /// # Errors
    /// [`Cause::KindMissing`], and whatever keeps the server from answering.
    pub async fn get(&self, key: &ObjectKey) -> Result<Option<Json>, Refused> {
        self.get_as(None, key).await
    }

    /// The same in one `apiVersion`: that of an object it will be compared with.
    ///
    /// # Errors
    /// As [`Cluster::get`].
    pub async fn get_as(&self, api_version: Option<&str>, key: &ObjectKey) -> Result<Option<Json>, Refused> {
        let asked = Asked::of(Verb::Get, key);
        let resource = self
            .resource_for(&asked, &GroupKind::of(key), api_version)
            .await?;
        let path = resource.path(Some(self.namespace_of(key)));
        let call = Request::new(path).get(&key.name, &GetParams::default());
        let call = call.map_err(|source| asked.refused(malformed(&source)))?;
        match self.send_json(&asked, call, Repeat::Safe).await {
            Ok(object) => Ok(Some(object)),
            Err(refused) if matches!(*refused.cause, Cause::NotFound) => Ok(None),
            Err(refused) => Err(refused),
        }
    }

    /// The namespace that an object lives in, if its kind lives in any.
    pub(crate) fn namespace_of<'a>(&'a self, key: &'a ObjectKey) -> &'a str {
        key.namespace.as_deref().unwrap_or_else(|| self.namespace())
    }
}

/// A call that can't even be written, such as one about an object without a name.
pub(crate) fn malformed(error: &kube::core::request::Error) -> Cause {
    Cause::Invalid {
        fields: Vec::new(),
        message: error.to_string(),
    }
}
