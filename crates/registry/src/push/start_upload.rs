//! end-4a: opens an upload.

use berth_oci::{Algorithm, RepositoryName};

use super::Position;
use crate::access::Principal;
use crate::context::Context;
use crate::error::OperationError;

pub(crate) struct Request<'a> {
    pub(crate) repository: &'a RepositoryName,
    pub(crate) principal: &'a Principal,
    /// What the digest will be of, where the client knows that already (end-4c).
    pub(crate) algorithm: Option<Algorithm>,
}

pub(crate) async fn run(context: &Context, request: Request<'_>) -> Result<Position, OperationError> {
    let session = context
        .store
        .start_upload(request.repository, request.algorithm)
        .await?;
    let upload = session.id();
    let offset = session.pause().await?;
    context.owners.set(upload, request.principal.clone());
    Ok(Position { upload, offset })
}
