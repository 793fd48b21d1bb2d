//! end-13: where an upload stands.

use super::{NamedUpload, Position};
use crate::context::Context;
use crate::error::OperationError;

pub(crate) async fn run(context: &Context, request: NamedUpload<'_>) -> Result<Position, OperationError> {
    let NamedUpload {
        repository,
        upload,
        principal,
    } = request;
    if !context.owners.allows(upload, principal) {
        return Err(OperationError::UploadUnknown);
    }
    let offset = context.store.upload_offset(repository, upload).await?;
    offset
        .map(|offset| Position { upload, offset })
        .ok_or(OperationError::UploadUnknown)
}
