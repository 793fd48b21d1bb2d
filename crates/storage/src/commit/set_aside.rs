use berth_oci::Digest;

use super::change::{Begun, Change, Outcome, Plan};
use super::locks::Lock;
use super::put_blob::agrees;
use super::step::Step;
use crate::StorageError;
use crate::disk::Disk;
use crate::index::{Expected, Fact, Read, Write};
use crate::layout::Key;

/// Takes damaged bytes out of the way, so that the next push of the digest stores good ones.
pub(crate) struct SetAside {
    pub(crate) digest: Digest,
    /// How the file looked when it was found damaged.
    pub(crate) sig: Vec<u8>,
}

impl Change for SetAside {
    fn locks(&self, _read: &Read<'_>, _disk: &Disk) -> Result<Vec<Lock>, StorageError> {
        Ok(vec![Lock::exclusive(Key::Bytes(self.digest))])
    }

    fn begin(self: Box<Self>, _write: &Write<'_>, disk: &Disk) -> Result<Begun, StorageError> {
        let key = Key::Bytes(self.digest);
        let sig = Some(self.sig);
        if !agrees(
            disk,
            &[Expected {
                key: key.clone(),
                sig,
            }],
        )? {
            return Ok(Begun::Answered(Outcome::Absent));
        }
        Ok(Begun::Planned(Plan {
            place: vec![Step::Move {
                from: disk.layout.path(&key),
                to: disk.layout.damaged(&self.digest),
            }],
            intents: vec![key],
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
