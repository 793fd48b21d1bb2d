//! end-13: where an upload stands.

use super::session;
use super::{NamedUpload, Position};
use crate::context::Context;
use crate::error::OperationError;

pub(crate) async fn run(context: &Context, request: NamedUpload<'_>) -> Result<Position, OperationError> {
    session::make_sure_of_owner(context, request).await?;
    let NamedUpload {
        repository, upload, ..
    } = request;
    let offset = context.store.upload_offset(repository, upload).await?;
    offset
        .map(|offset| Position { upload, offset })
        .ok_or(OperationError::UploadUnknown)
}
