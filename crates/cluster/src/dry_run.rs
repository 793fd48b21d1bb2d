use kube::core::params::PatchParams;
use serde_json::Value as Json;

use crate::apply::about;
use crate::refused::{Refused, Verb};
use crate::send::Repeat;
use crate::{Cluster, FIELD_MANAGER, Force};

impl Cluster {
    /// What applying an object would make of it, defaults and admission included. Nothing is kept.
    ///
    /// # Errors
    /// Any [`crate::Cause`]. [`crate::Cause::NamespaceMissing`] means that its namespace has yet to be made:
    /// such an object can only be created.
    pub async fn dry_run(&self, object: &Json, force: Force) -> Result<Json, Refused> {
        let asked = about(Verb::DryRun, object)?;
        let params = PatchParams::apply(FIELD_MANAGER).dry_run();
        let call = self.patch(&asked, object, force, params).await?;
        self.send_json(&asked, call, Repeat::Safe).await
    }
}
