use std::sync::Arc;

use berth_oci::{Digest, RepositoryName};

use crate::disk::Disk;
use crate::layout::Key;
use crate::state_store::Deletions;
use crate::{StateStore, StorageError};

/// Who deletes, and where it is written down before it is done.
pub(crate) struct By {
    pub(crate) state: Arc<StateStore>,
    pub(crate) principal: String,
    /// Nanoseconds since 1970.
    pub(crate) at: i64,
}

impl By {
    /// Writes down the links that are about to go. Within the decision: they are what goes, whatever was pushed
    /// meanwhile.
    pub(super) fn record(
        &self,
        disk: &Disk,
        repository: &RepositoryName,
        links: Vec<(Key, Digest)>,
        needs: Vec<Digest>,
        media_type: Option<String>,
    ) -> Result<(), StorageError> {
        disk.step("recording", disk.layout.root())?;
        self.state.record_deletions(&Deletions {
            repository,
            links,
            media_type,
            needs,
            at: self.at,
            by: &self.principal,
        })
    }
}
