use std::sync::Arc;

use berth_oci::{Digest, RepositoryName};

use super::change::{Begun, Change, Outcome};
use super::delete_edge::remove_edge;
use super::locks::Lock;
use crate::disk::Disk;
use crate::index::{Read, Write};
use crate::layout::Key;
use crate::{StateStore, StorageError};

/// Ends a repository's access to a blob that nothing needs. The caller has closed it to promises.
///
/// With the edge's lock held and every earlier change in the index, all is asked once more: a manifest that was put
/// since has its references there, and one that comes later waits for the lock and then misses the edge.
pub(crate) struct SweepEdge {
    pub(crate) repository: RepositoryName,
    pub(crate) digest: Digest,
    pub(crate) state: Arc<StateStore>,
    /// What was deleted before this time can no longer be taken back. Nanoseconds since 1970.
    pub(crate) taken_back_from: i64,
}

impl Change for SweepEdge {
    fn locks(&self, _read: &Read<'_>, _disk: &Disk) -> Result<Vec<Lock>, StorageError> {
        let edge = Key::Edge(self.repository.clone(), self.digest);
        Ok(vec![Lock::exclusive(edge)])
    }

    fn begin(self: Box<Self>, write: &Write<'_>, disk: &Disk) -> Result<Begun, StorageError> {
        let read = write.read();
        if read.edge(&self.repository, &self.digest)?.value.is_none() {
            return Ok(Begun::Answered(Outcome::Absent));
        }
        let needed = read.needs_edge(&self.repository, &self.digest)?
            || self
                .state
                .needs_edge(&self.repository, &self.digest, self.taken_back_from)?;
        if needed {
            return Ok(Begun::Answered(Outcome::Referenced(self.digest)));
        }
        Ok(Begun::Planned(remove_edge(disk, self.repository, self.digest)))
    }

    fn grows(&self) -> bool {
        false
    }
}
