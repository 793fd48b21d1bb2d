//! end-5: adds a chunk, or a stream of unknown length, to an upload.

use super::session;
use super::{NamedUpload, Position};
use crate::context::Context;
use crate::error::OperationError;
use crate::incoming::Incoming;

pub(crate) struct Request<'a, I> {
    pub(crate) upload: NamedUpload<'a>,
    /// The `Content-Range` header, in the grammar of the distribution specification.
    pub(crate) content_range: Option<&'a str>,
    pub(crate) content: I,
}

pub(crate) async fn run(
    context: &Context,
    request: Request<'_, impl Incoming>,
) -> Result<Position, OperationError> {
    let (session, range) = session::open(context, request.upload, request.content_range).await?;
    let session = session::receive(context, session, range, request.content).await?;
    let upload = session.id();
    Ok(Position {
        upload,
        offset: session.pause().await?,
    })
}
