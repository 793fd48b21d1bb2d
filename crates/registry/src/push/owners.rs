use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use berth_storage::UploadId;

use crate::access::Principal;

/// Who started which upload: nobody else can go on with it.
///
/// Held in memory. After a restart, or past the limit, an upload belongs to whoever knows its name, which
/// can't be guessed, and may push to its repository.
#[derive(Default)]
pub(crate) struct UploadOwners {
    owners: Mutex<HashMap<UploadId, Principal>>,
}

impl UploadOwners {
    const LIMIT: usize = 10_000;

    pub(crate) fn set(&self, upload: UploadId, owner: Principal) {
        // Everyone shares what nobody owns.
        if owner == Principal::Anonymous {
            return;
        }
        let mut owners = self.lock();
        if owners.len() >= Self::LIMIT {
            owners.clear();
        }
        owners.insert(upload, owner);
    }

    pub(crate) fn allows(&self, upload: UploadId, principal: &Principal) -> bool {
        self.lock().get(&upload).is_none_or(|owner| owner == principal)
    }

    pub(crate) fn forget(&self, upload: UploadId) {
        self.lock().remove(&upload);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<UploadId, Principal>> {
        self.owners.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
