use kube::core::Request;
use kube::core::params::PostParams;
use serde_json::Value as Json;

use crate::apply::{about, key_of};
use crate::get::malformed;
use crate::kinds::GroupKind;
use crate::refused::{Refused, Verb};
use crate::send::Repeat;
use crate::{Cluster, FIELD_MANAGER};

impl Cluster {
    /// Creates an object that must not be there yet: what is made once never overwrites what was made before.
    ///
    /// # Errors
    /// [`crate::Cause::AlreadyExists`], or any other. After [`crate::Cause::Unreachable`] it may be there or not.
    pub async fn create(&self, object: &Json) -> Result<Json, Refused> {
        let asked = about(Verb::Create, object)?;
        let key = key_of(&asked)?;
        let api_version = object["apiVersion"].as_str();
        let resource = self
            .resource_for(&asked, &GroupKind::of(key), api_version)
            .await?;
        let params = PostParams {
            dry_run: false,
            field_manager: Some(FIELD_MANAGER.to_owned()),
        };
        let path = resource.path(Some(self.namespace_of(key)));
        let call = Request::new(path).create(&params, object.to_string().into_bytes());
        let call = call.map_err(|source| asked.refused(malformed(&source)))?;
        self.send_json(&asked, call, Repeat::Unsafe).await
    }
}
