//! end-4b: a blob in one request.

use berth_oci::{Digest, RepositoryName};

use super::{finish_upload, session};
use crate::context::Context;
use crate::error::OperationError;
use crate::incoming::Incoming;

pub(crate) struct Request<'a, I> {
    pub(crate) repository: &'a RepositoryName,
    pub(crate) digest: &'a Digest,
    pub(crate) content: I,
}

pub(crate) async fn run(
    context: &Context,
    request: Request<'_, impl Incoming>,
) -> Result<(), OperationError> {
    let Request {
        repository,
        digest,
        content,
    } = request;
    let session = context
        .store
        .start_upload(repository, Some(digest.algorithm()))
        .await?;
    let session = session::receive_or_cancel(context, session, content).await?;
    finish_upload::finish(session, digest).await
}
