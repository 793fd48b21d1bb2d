//! end-9: a tag alone, or a manifest with every tag on it.

use berth_oci::{RepositoryName, TagOrDigest};

use crate::access::Principal;
use crate::context::Context;
use crate::error::OperationError;

pub(crate) struct Request<'a> {
    pub(crate) repository: &'a RepositoryName,
    /// Who deletes: it is written down, so that it can be taken back.
    pub(crate) principal: &'a Principal,
    pub(crate) reference: &'a TagOrDigest,
}

pub(crate) async fn run(context: &Context, request: Request<'_>) -> Result<(), OperationError> {
    if !context.options.delete_enabled {
        return Err(OperationError::DeleteDisabled);
    }
    let (repository, by) = (request.repository, request.principal.to_string());
    let found = match request.reference {
        TagOrDigest::Tag(tag) => context.store.delete_tag(repository, tag, &by).await?,
        TagOrDigest::Digest(digest) => context.store.delete_manifest(repository, digest, &by).await?,
    };
    if found {
        Ok(())
    } else {
        Err(OperationError::ManifestUnknown)
    }
}
