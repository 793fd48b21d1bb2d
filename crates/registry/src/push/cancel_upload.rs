//! end-14: gives an upload up.

use super::NamedUpload;
use super::session;
use crate::context::Context;
use crate::error::OperationError;

pub(crate) async fn run(context: &Context, request: NamedUpload<'_>) -> Result<(), OperationError> {
    let (session, _) = session::open(context, request, None).await?;
    session.cancel().await?;
    Ok(())
}
