use std::path::PathBuf;

use berth_oci::{Digest, RepositoryName};

use super::change::{Begun, Change, Outcome, Plan};
use super::locks::Lock;
use super::step::{Staged, Step};
use crate::StorageError;
use crate::disk::{self, Disk};
use crate::index::{Fact, Read, Write};
use crate::layout::Key;
use crate::store::Inner;

/// Stores an upload's bytes, which were hashed to `digest`, and lets the repository read them.
pub(crate) struct PutBlob {
    pub(crate) repository: RepositoryName,
    pub(crate) digest: Digest,
    data: BlobData,
    link: Staged,
}

/// Where an upload's bytes are. What still lies there afterwards was stored before.
pub(crate) enum BlobData {
    /// In a session's folder.
    File(PathBuf),
    Staged(Staged),
}

impl PutBlob {
    pub(crate) fn stage(
        inner: &Inner,
        repository: RepositoryName,
        digest: Digest,
        data: BlobData,
    ) -> Result<Self, StorageError> {
        let link = Staged::write(&inner.disk, &*inner.options.random, digest.to_string().as_bytes())?;
        Ok(Self {
            repository,
            digest,
            data,
            link,
        })
    }
}

impl Change for PutBlob {
    fn locks(&self, read: &Read<'_>, disk: &Disk) -> Result<Vec<Lock>, StorageError> {
        let bytes = Key::Bytes(self.digest);
        Ok(vec![
            Lock::exclusive(Key::Edge(self.repository.clone(), self.digest)),
            if is_stored(read, disk, &self.digest)? {
                Lock::shared(bytes)
            } else {
                Lock::exclusive(bytes)
            },
        ])
    }

    fn begin(self: Box<Self>, write: &Write<'_>, disk: &Disk) -> Result<Begun, StorageError> {
        let edge = Key::Edge(self.repository.clone(), self.digest);
        let stored = is_stored(&write.read(), disk, &self.digest)?;
        if stored && is_linked(&write.read(), disk, &self.repository, &self.digest)? {
            return Ok(Begun::Answered(Outcome::Done));
        }
        let mut plan = Plan::default();
        if !stored {
            let bytes = Key::Bytes(self.digest);
            let to = disk.layout.path(&bytes);
            plan.place.push(match self.data {
                BlobData::File(from) => Step::Move { from, to },
                BlobData::Staged(staged) => Step::Place { staged, to },
            });
            plan.intents.push(bytes);
            plan.facts.push(Fact::Bytes {
                digest: self.digest,
                present: true,
                verified: true,
            });
        }
        plan.place.push(Step::Place {
            staged: self.link,
            to: disk.layout.path(&edge),
        });
        plan.intents.push(edge);
        plan.facts.push(Fact::Edge {
            repository: self.repository,
            digest: self.digest,
            target: Some(self.digest),
        });
        Ok(Begun::Planned(plan))
    }

    fn grows(&self) -> bool {
        true
    }
}

/// Whether the bytes are there, were hashed, and look as they did then. Others are replaced: a push heals.
pub(super) fn is_stored(read: &Read<'_>, disk: &Disk, digest: &Digest) -> Result<bool, StorageError> {
    let found = read.blob(digest)?;
    Ok(found.value.is_some_and(|blob| blob.verified) && agrees(disk, &found.expected)?)
}

fn is_linked(
    read: &Read<'_>,
    disk: &Disk,
    repository: &RepositoryName,
    digest: &Digest,
) -> Result<bool, StorageError> {
    let found = read.edge(repository, digest)?;
    Ok(found.value.is_some_and(|blob| blob.target == *digest) && agrees(disk, &found.expected)?)
}

pub(super) fn agrees(disk: &Disk, expected: &[crate::index::Expected]) -> Result<bool, StorageError> {
    for expected in expected {
        let sig = disk::stat(&disk.layout.path(&expected.key))?.map(|sig| sig.bytes());
        if sig != expected.sig {
            return Ok(false);
        }
    }
    Ok(true)
}
