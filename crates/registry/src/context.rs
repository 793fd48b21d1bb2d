use std::sync::Arc;

use berth_storage::Store;

use crate::access::{Access, Action, Principal, Scope};
use crate::options::RegistryOptions;

/// What every operation works on.
pub(crate) struct Context {
    pub(crate) store: Store,
    pub(crate) options: RegistryOptions,
    pub(crate) access: Arc<dyn Access>,
}

impl Context {
    pub(crate) fn allows(&self, principal: &Principal, action: Action, scope: Scope<'_>) -> bool {
        self.access.allows(principal, action, scope)
    }
}
