//! end-3: a manifest, its bytes as they were pushed.

use berth_oci::{RepositoryName, TagOrDigest};
use berth_storage::StoredManifest;

use crate::context::Context;
use crate::error::OperationError;

pub(crate) struct Request<'a> {
    pub(crate) repository: &'a RepositoryName,
    pub(crate) reference: &'a TagOrDigest,
}

pub(crate) async fn run(context: &Context, request: Request<'_>) -> Result<StoredManifest, OperationError> {
    let stored = context
        .store
        .get_manifest(request.repository, request.reference)
        .await?;
    stored.ok_or(OperationError::ManifestUnknown)
}
