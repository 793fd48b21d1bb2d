//! end-1: is this a registry, and am I let in? And Berth's own question: is it well?

use berth_storage::StoreHealth;

use crate::context::Context;

/// What the health answer says.
pub(crate) struct Outcome<'a> {
    pub(crate) store: StoreHealth,
    pub(crate) notes: &'a [String],
}

/// How the store is, with what was said at assembly.
pub(crate) fn health(context: &Context) -> Outcome<'_> {
    Outcome {
        store: context.store.health(),
        notes: &context.options.notes,
    }
}
