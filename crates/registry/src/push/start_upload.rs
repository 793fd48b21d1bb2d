//! end-4a: opens an upload.

use std::sync::Arc;

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
    let mut session = context
        .store
        .start_upload(request.repository, request.algorithm)
        .await?;
    // Everyone shares what nobody owns.
    if let Principal::User(name) = request.principal {
        session.set_owner(Arc::clone(name));
    }
    let upload = session.id();
    let offset = session.pause().await?;
    Ok(Position { upload, offset })
}
