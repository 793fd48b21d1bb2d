//! end-11: a blob that another repository has. Where it can't be had like that, an upload is opened instead.

use berth_oci::{Digest, RepositoryName};

use super::{Position, start_upload};
use crate::access::{Action, Principal, Scope};
use crate::context::Context;
use crate::error::OperationError;

pub(crate) struct Request<'a> {
    pub(crate) repository: &'a RepositoryName,
    pub(crate) principal: &'a Principal,
    pub(crate) digest: &'a Digest,
    /// Where the blob is; `None` for wherever it is.
    pub(crate) from: Option<&'a RepositoryName>,
}

pub(crate) enum Outcome {
    Mounted,
    Started(Position),
}

pub(crate) async fn run(context: &Context, request: Request<'_>) -> Result<Outcome, OperationError> {
    let Request {
        repository,
        principal,
        digest,
        from,
    } = request;
    // Who can't read the source gets the answer of a source without the blob.
    let source = from.map_or(Scope::Registry, Scope::Repository);
    if context.allows(principal, Action::Pull, source)
        && context.store.mount_blob(from, repository, digest).await?
    {
        return Ok(Outcome::Mounted);
    }
    let algorithm = Some(digest.algorithm());
    start_upload::run(
        context,
        start_upload::Request {
            repository,
            principal,
            algorithm,
        },
    )
    .await
    .map(Outcome::Started)
}
