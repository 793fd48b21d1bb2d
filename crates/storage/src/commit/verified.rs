use berth_oci::Digest;

use super::change::{Begun, Change, Outcome, Plan};
use super::locks::Lock;
use super::put_blob::agrees;
use crate::StorageError;
use crate::disk::Disk;
use crate::index::{Expected, Fact, Read, Write};
use crate::layout::Key;

/// Records that bytes were hashed and are what their digest says.
pub(crate) struct Verified {
    pub(crate) digest: Digest,
    /// How the file looked when it was hashed.
    pub(crate) sig: Vec<u8>,
}

impl Change for Verified {
    fn locks(&self, _read: &Read<'_>, _disk: &Disk) -> Result<Vec<Lock>, StorageError> {
        Ok(vec![Lock::exclusive(Key::Bytes(self.digest))])
    }

    fn begin(self: Box<Self>, write: &Write<'_>, disk: &Disk) -> Result<Begun, StorageError> {
        let key = Key::Bytes(self.digest);
        let sig = Some(self.sig);
        let same = agrees(
            disk,
            &[Expected {
                key: key.clone(),
                sig,
            }],
        )?;
        if !same || write.read().blob(&self.digest)?.value.is_none() {
            return Ok(Begun::Answered(Outcome::Absent));
        }
        Ok(Begun::Planned(Plan {
            facts: vec![Fact::Bytes {
                digest: self.digest,
                present: true,
                verified: true,
            }],
            ..Plan::default()
        }))
    }

    fn grows(&self) -> bool {
        false
    }
}
