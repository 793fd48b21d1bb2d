use berth_oci::{Digest, RepositoryName};

use super::change::{Begun, Change, Outcome, Plan};
use super::locks::Lock;
use super::step::{Staged, Step};
use crate::StorageError;
use crate::disk::Disk;
use crate::index::{Fact, Read, Write};
use crate::layout::Key;

/// Lets a repository read a blob that another one has.
pub(crate) struct Mount {
    pub(crate) from: RepositoryName,
    pub(crate) to: RepositoryName,
    pub(crate) digest: Digest,
    pub(crate) link: Staged,
}

impl Change for Mount {
    fn locks(&self, _read: &Read<'_>, _disk: &Disk) -> Result<Vec<Lock>, StorageError> {
        let mut locks = vec![
            Lock::exclusive(Key::Edge(self.to.clone(), self.digest)),
            Lock::shared(Key::Bytes(self.digest)),
        ];
        if self.from != self.to {
            locks.push(Lock::shared(Key::Edge(self.from.clone(), self.digest)));
        }
        Ok(locks)
    }

    fn begin(self: Box<Self>, write: &Write<'_>, disk: &Disk) -> Result<Begun, StorageError> {
        let source = write.read().edge(&self.from, &self.digest)?.value;
        if source.is_none_or(|blob| blob.target != self.digest) {
            return Ok(Begun::Answered(Outcome::Absent));
        }
        let edge = Key::Edge(self.to.clone(), self.digest);
        if write.read().edge(&self.to, &self.digest)?.value.is_some() {
            return Ok(Begun::Answered(Outcome::Done));
        }
        Ok(Begun::Planned(Plan {
            place: vec![Step::Place {
                staged: self.link,
                to: disk.layout.path(&edge),
            }],
            intents: vec![edge],
            facts: vec![Fact::Edge {
                repository: self.to,
                digest: self.digest,
                target: Some(self.digest),
            }],
            ..Plan::default()
        }))
    }

    fn grows(&self) -> bool {
        true
    }
}
