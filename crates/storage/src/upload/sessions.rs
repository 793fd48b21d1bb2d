use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use berth_oci::RepositoryName;

use super::lane::Hashers;
use crate::UploadId;

/// The sessions that this process knows: one holder each.
#[derive(Default)]
pub(crate) struct Sessions {
    slots: Mutex<HashMap<UploadId, Slot>>,
}

enum Slot {
    Held {
        repository: RepositoryName,
        /// It had no file when it was taken: what came until then is nothing, and the disk knows nothing of it.
        is_here_alone: bool,
        owner: Option<Arc<str>>,
    },
    Parked(Box<Parked>),
}

/// A session between two requests.
pub(crate) struct Parked {
    pub(crate) repository: RepositoryName,
    /// Bytes in the file.
    pub(crate) received: u64,
    pub(crate) started: SystemTime,
    /// False as long as nothing came: then the session is here alone.
    pub(crate) has_file: bool,
    pub(crate) hashers: Hashers,
    pub(crate) owner: Option<Arc<str>>,
}

/// A session that the disk knows nothing of.
pub(crate) struct Alone {
    pub(crate) id: UploadId,
    pub(crate) repository: RepositoryName,
    pub(crate) started: SystemTime,
    pub(crate) owner: Option<Arc<str>>,
}

/// What trying to hold a session gave.
pub(crate) enum Hold {
    Parked(Box<Parked>),
    /// Not known to this process: it may be on the disk. The caller holds it now.
    Unseen,
    Busy,
    /// It belongs to another repository.
    Foreign,
}

/// How much of a session came.
pub(crate) enum Offset {
    /// So many bytes: it waits for its next request.
    Known(u64),
    /// A request holds it, and began where the disk knew nothing of it.
    HeldAlone,
    /// What the disk says.
    OnDisk,
}

/// Whose a session is.
pub(crate) enum Owner {
    Known(Option<Arc<str>>),
    /// What the disk says.
    OnDisk,
}

impl Sessions {
    /// Takes a session that is new.
    pub(crate) fn begin(&self, repository: &RepositoryName, id: UploadId) {
        self.slots().insert(
            id,
            Slot::Held {
                repository: repository.clone(),
                is_here_alone: true,
                owner: None,
            },
        );
    }

    /// Takes a session that may be there.
    pub(crate) fn hold(&self, repository: &RepositoryName, id: UploadId) -> Hold {
        let mut slots = self.slots();
        let (is_here_alone, owner) = match slots.get(&id) {
            Some(Slot::Held {
                repository: owner, ..
            }) if owner == repository => return Hold::Busy,
            Some(Slot::Parked(parked)) if parked.repository == *repository => {
                (!parked.has_file, parked.owner.clone())
            }
            Some(_) => return Hold::Foreign,
            None => (false, None),
        };
        let held = Slot::Held {
            repository: repository.clone(),
            is_here_alone,
            owner,
        };
        match slots.insert(id, held) {
            Some(Slot::Parked(parked)) => Hold::Parked(parked),
            _ => Hold::Unseen,
        }
    }

    pub(crate) fn park(&self, id: UploadId, parked: Parked) {
        self.slots().insert(id, Slot::Parked(Box::new(parked)));
    }

    /// Forgets a session; what the disk says of it rules from now.
    pub(crate) fn forget(&self, id: UploadId) {
        self.slots().remove(&id);
    }

    /// Forgets a session that is to be removed. False while a request holds it.
    pub(crate) fn retire(&self, id: UploadId) -> bool {
        let mut slots = self.slots();
        if matches!(slots.get(&id), Some(Slot::Held { .. })) {
            return false;
        }
        slots.remove(&id);
        true
    }

    /// How much of a session came, as far as this process knows without asking the disk.
    pub(crate) fn offset(&self, repository: &RepositoryName, id: UploadId) -> Offset {
        match self.slots().get(&id) {
            Some(Slot::Parked(parked)) if parked.repository == *repository => Offset::Known(parked.received),
            Some(Slot::Held {
                repository: owner,
                is_here_alone: true,
                ..
            }) if owner == repository => Offset::HeldAlone,
            _ => Offset::OnDisk,
        }
    }

    /// Whether an upload to the repository is under way here.
    pub(crate) fn has_one(&self, repository: &RepositoryName) -> bool {
        self.slots().values().any(|slot| match slot {
            Slot::Held {
                repository: owner, ..
            } => owner == repository,
            Slot::Parked(parked) => parked.repository == *repository,
        })
    }

    /// Whose the session is, as far as this process knows without asking the disk.
    pub(crate) fn owner(&self, id: UploadId) -> Owner {
        match self.slots().get(&id) {
            Some(Slot::Parked(parked)) => Owner::Known(parked.owner.clone()),
            Some(Slot::Held {
                owner: Some(owner), ..
            }) => Owner::Known(Some(Arc::clone(owner))),
            _ => Owner::OnDisk,
        }
    }

    /// The sessions that wait and are here alone.
    pub(crate) fn without_file(&self) -> Vec<Alone> {
        let slots = self.slots();
        let parked = slots.iter().filter_map(|(id, slot)| match slot {
            Slot::Parked(parked) if !parked.has_file => Some(Alone {
                id: *id,
                repository: parked.repository.clone(),
                started: parked.started,
                owner: parked.owner.clone(),
            }),
            _ => None,
        });
        parked.collect()
    }

    fn slots(&self) -> std::sync::MutexGuard<'_, HashMap<UploadId, Slot>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
