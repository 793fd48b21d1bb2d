//! end-9: a tag alone, or a manifest with every tag on it.

use berth_oci::{RepositoryName, TagOrDigest};

use crate::context::Context;
use crate::error::OperationError;

pub(crate) struct Request<'a> {
    pub(crate) repository: &'a RepositoryName,
    pub(crate) reference: &'a TagOrDigest,
}

pub(crate) async fn run(context: &Context, request: Request<'_>) -> Result<(), OperationError> {
    if !context.options.delete_enabled {
        return Err(OperationError::DeleteDisabled);
    }
    let found = match request.reference {
        TagOrDigest::Tag(tag) => context.store.delete_tag(request.repository, tag).await?,
        TagOrDigest::Digest(digest) => context.store.delete_manifest(request.repository, digest).await?,
    };
    if found {
        Ok(())
    } else {
        Err(OperationError::ManifestUnknown)
    }
}
