use berth_oci::{Digest, RepositoryName, TagName};

use super::change::{Begun, Change, Outcome, Plan};
use super::locks::Lock;
use super::put_blob::is_stored;
use super::step::{Staged, Step};
use crate::StorageError;
use crate::disk::{self, Disk};
use crate::index::{Fact, ManifestFact, Read, Write};
use crate::layout::Key;

/// Stores a manifest, whose bytes were hashed to `digest`, and points tags at it.
pub(crate) struct PutStaged {
    pub(crate) repository: RepositoryName,
    pub(crate) digest: Digest,
    pub(crate) manifest: ManifestFact,
    /// Whether it may name content that is not there.
    pub(crate) sparse: bool,
    pub(crate) bytes: Staged,
    /// What tells the media type where the bytes don't.
    pub(crate) told: Option<Staged>,
    pub(crate) link: Staged,
    pub(crate) tags: Vec<StagedTag>,
}

pub(crate) struct StagedTag {
    pub(crate) tag: TagName,
    pub(crate) current: Staged,
    pub(crate) history: Staged,
}

impl PutStaged {
    fn missing(&self, read: &Read<'_>) -> Result<Vec<Digest>, StorageError> {
        let mut missing = Vec::new();
        if self.sparse {
            return Ok(missing);
        }
        for blob in &self.manifest.blobs {
            if read.edge(&self.repository, blob)?.value.is_none() {
                missing.push(*blob);
            }
        }
        for child in &self.manifest.children {
            if read.manifest(&self.repository, child)?.value.is_none() {
                missing.push(*child);
            }
        }
        Ok(missing)
    }

    /// The tag becomes visible to Docker's registry at once if it is new (it was promised to nobody), and only
    /// after the manifest is durable if it points elsewhere until then.
    fn plan_tag(&self, staged: StagedTag, disk: &Disk, plan: &mut Plan) -> Result<(), StorageError> {
        let key = Key::Tag(self.repository.clone(), staged.tag.clone());
        plan.place.push(Step::Place {
            staged: staged.history,
            to: disk
                .layout
                .tag_history(&self.repository, &staged.tag, &self.digest),
        });
        let current = Step::Place {
            staged: staged.current,
            to: disk.layout.path(&key),
        };
        if disk::stat(&disk.layout.path(&key))?.is_some() {
            plan.swing.push(current);
        } else {
            plan.place.push(current);
        }
        plan.intents.push(key);
        plan.facts.push(Fact::Tag {
            repository: self.repository.clone(),
            tag: staged.tag,
            manifest: Some(self.digest),
        });
        Ok(())
    }
}

impl Change for PutStaged {
    fn locks(&self, read: &Read<'_>, disk: &Disk) -> Result<Vec<Lock>, StorageError> {
        let name = || self.repository.clone();
        let mut locks: Vec<Lock> = self
            .tags
            .iter()
            .map(|staged| Lock::exclusive(Key::Tag(name(), staged.tag.clone())))
            .collect();
        locks.push(Lock::exclusive(Key::Revision(name(), self.digest)));
        let children = self
            .manifest
            .children
            .iter()
            .filter(|child| **child != self.digest);
        locks.extend(children.map(|child| Lock::shared(Key::Revision(name(), *child))));
        locks.extend(
            self.manifest
                .blobs
                .iter()
                .map(|blob| Lock::shared(Key::Edge(name(), *blob))),
        );
        let bytes = Key::Bytes(self.digest);
        locks.push(if is_stored(read, disk, &self.digest)? {
            Lock::shared(bytes)
        } else {
            Lock::exclusive(bytes)
        });
        Ok(locks)
    }

    fn begin(mut self: Box<Self>, write: &Write<'_>, disk: &Disk) -> Result<Begun, StorageError> {
        let missing = self.missing(&write.read())?;
        if !missing.is_empty() {
            return Ok(Begun::Answered(Outcome::Missing(missing)));
        }
        write.add_references(&self.repository, &self.digest, &self.manifest)?;
        let mut plan = Plan::default();
        // Docker's registry finds repositories by this folder, and would collect the blobs of one without it.
        plan.place
            .push(Step::MakeFolder(disk.layout.edges(&self.repository)));
        for tag in std::mem::take(&mut self.tags) {
            self.plan_tag(tag, disk, &mut plan)?;
        }
        let this = *self;
        if !is_stored(&write.read(), disk, &this.digest)? {
            let bytes = Key::Bytes(this.digest);
            let to = disk.layout.path(&bytes);
            plan.place.push(Step::Place {
                staged: this.bytes,
                to,
            });
            plan.intents.push(bytes);
            plan.facts.push(Fact::Bytes {
                digest: this.digest,
                present: true,
                verified: true,
            });
        }
        let told = disk.layout.media_type(&this.repository, &this.digest);
        plan.place
            .extend(this.told.map(|staged| Step::Place { staged, to: told }));
        let revision = Key::Revision(this.repository.clone(), this.digest);
        plan.place.push(Step::Place {
            staged: this.link,
            to: disk.layout.path(&revision),
        });
        plan.intents.push(revision);
        plan.facts.push(Fact::Revision {
            repository: this.repository,
            digest: this.digest,
            manifest: Some(this.manifest),
        });
        // A tag's row is written after its manifest's.
        plan.facts.sort_by_key(|fact| matches!(fact, Fact::Tag { .. }));
        Ok(Begun::Planned(plan))
    }

    fn grows(&self) -> bool {
        true
    }
}
