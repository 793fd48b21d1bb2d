//! end-6: closes an upload, with its last chunk or without. What was received becomes a blob if it has the
//! digest that is claimed, and nothing otherwise.

use berth_oci::Digest;
use berth_storage::{FinishUpload, UploadSession};

use super::NamedUpload;
use super::session;
use crate::context::Context;
use crate::error::OperationError;
use crate::incoming::Incoming;

pub(crate) struct Request<'a, I> {
    pub(crate) upload: NamedUpload<'a>,
    pub(crate) digest: &'a Digest,
    /// The `Content-Range` header, in the grammar of the distribution specification.
    pub(crate) content_range: Option<&'a str>,
    /// The last chunk; often nothing.
    pub(crate) content: I,
}

pub(crate) async fn run(
    context: &Context,
    request: Request<'_, impl Incoming>,
) -> Result<(), OperationError> {
    let (session, range) = session::open(context, request.upload, request.content_range).await?;
    let session = session::receive(context, session, range, request.content).await?;
    finish(session, request.digest).await
}

/// Turns what was received into a blob. The session is over either way.
pub(super) async fn finish(session: UploadSession, digest: &Digest) -> Result<(), OperationError> {
    match session.finish(digest).await? {
        FinishUpload::Stored { .. } => Ok(()),
        FinishUpload::DigestMismatch { found } => Err(OperationError::DigestMismatch { found }),
    }
}
