//! end-10: a blob of a repository. One that a manifest needs stays.

use berth_oci::{Digest, RepositoryName};
use berth_storage::BlobDeletion;

use crate::access::Principal;
use crate::context::Context;
use crate::error::OperationError;

pub(crate) struct Request<'a> {
    pub(crate) repository: &'a RepositoryName,
    /// Who deletes: it is written down, so that it can be taken back.
    pub(crate) principal: &'a Principal,
    pub(crate) digest: &'a Digest,
}

pub(crate) async fn run(context: &Context, request: Request<'_>) -> Result<(), OperationError> {
    if !context.options.delete_enabled {
        return Err(OperationError::DeleteDisabled);
    }
    let by = request.principal.to_string();
    match context
        .store
        .delete_blob(request.repository, request.digest, &by)
        .await?
    {
        BlobDeletion::Deleted => Ok(()),
        BlobDeletion::NotFound => Err(OperationError::BlobUnknown),
        BlobDeletion::Referenced { by } => Err(OperationError::BlobReferenced { by }),
    }
}
