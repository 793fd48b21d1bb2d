//! end-1: is this a registry, and am I let in? And Berth's own question: is it well?

use berth_storage::StoreHealth;

use crate::context::Context;
use crate::error::OperationError;

/// What the health answer says.
pub(crate) struct Outcome<'a> {
    pub(crate) store: StoreHealth,
    /// Blobs that were found damaged and are not served until somebody pushes them again.
    pub(crate) damaged: usize,
    pub(crate) notes: &'a [String],
}

/// How the store is, with what was said at assembly.
pub(crate) async fn health(context: &Context) -> Result<Outcome<'_>, OperationError> {
    Ok(Outcome {
        store: context.store.health(),
        damaged: context.store.damaged_blobs().await?,
        notes: &context.options.notes,
    })
}
