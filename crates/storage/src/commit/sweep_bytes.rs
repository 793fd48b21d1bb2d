use std::sync::Arc;

use berth_oci::Digest;

use super::change::{Begun, Change, Outcome, Plan};
use super::locks::Lock;
use super::step::Step;
use crate::disk::Disk;
use crate::index::{Fact, Read, Write};
use crate::layout::Key;
use crate::{StateStore, StorageError};

/// Removes bytes to which nothing leads. The edges that led there are durably gone before.
///
/// An upload of the same bytes waits for this key, and then places its own copy; a mount needs an edge, and there is
/// none.
pub(crate) struct SweepBytes {
    pub(crate) digest: Digest,
    pub(crate) state: Arc<StateStore>,
    /// What was deleted before this time can no longer be taken back. Nanoseconds since 1970.
    pub(crate) taken_back_from: i64,
}

impl Change for SweepBytes {
    fn locks(&self, _read: &Read<'_>, _disk: &Disk) -> Result<Vec<Lock>, StorageError> {
        Ok(vec![Lock::exclusive(Key::Bytes(self.digest))])
    }

    fn begin(self: Box<Self>, write: &Write<'_>, disk: &Disk) -> Result<Begun, StorageError> {
        let read = write.read();
        if read.blob(&self.digest)?.value.is_none() {
            return Ok(Begun::Answered(Outcome::Absent));
        }
        let needed =
            read.needs_bytes(&self.digest)? || self.state.needs_bytes(&self.digest, self.taken_back_from)?;
        if needed {
            return Ok(Begun::Answered(Outcome::Referenced(self.digest)));
        }
        let bytes = Key::Bytes(self.digest);
        Ok(Begun::Planned(Plan {
            place: vec![Step::RemoveLink(disk.layout.path(&bytes))],
            intents: vec![bytes],
            facts: vec![Fact::Bytes {
                digest: self.digest,
                present: false,
                verified: false,
            }],
            ..Plan::default()
        }))
    }

    fn grows(&self) -> bool {
        false
    }
}
