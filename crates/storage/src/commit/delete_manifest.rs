use berth_oci::{Digest, RepositoryName, TagName};

use super::by::By;
use super::change::{Begun, Change, Outcome, Plan};
use super::locks::Lock;
use super::step::Step;
use crate::StorageError;
use crate::disk::Disk;
use crate::index::{Fact, Read, Write};
use crate::layout::Key;
use crate::scan;

/// Removes a manifest from a repository, and every tag that points at it. Its blobs stay.
pub(crate) struct DeleteManifest {
    pub(crate) repository: RepositoryName,
    pub(crate) digest: Digest,
    pub(crate) by: By,
}

impl Change for DeleteManifest {
    fn locks(&self, read: &Read<'_>, _disk: &Disk) -> Result<Vec<Lock>, StorageError> {
        let tags = read.tags_on(&self.repository, &self.digest)?;
        let mut locks: Vec<Lock> = tags
            .into_iter()
            .map(|tag| Lock::exclusive(Key::Tag(self.repository.clone(), tag)))
            .collect();
        locks.push(Lock::exclusive(Key::Revision(
            self.repository.clone(),
            self.digest,
        )));
        Ok(locks)
    }

    fn begin(self: Box<Self>, write: &Write<'_>, disk: &Disk) -> Result<Begun, StorageError> {
        let read = write.read();
        if read.manifest(&self.repository, &self.digest)?.value.is_none() {
            return Ok(Begun::Answered(Outcome::Absent));
        }
        let tags = read.tags_on(&self.repository, &self.digest)?;
        self.record(&read, disk, &tags)?;
        let mut plan = Plan::default();
        for tag in tags {
            let folder = disk.layout.tags(&self.repository).join(tag.as_str());
            plan.place.push(Step::RemoveTag(folder));
            plan.intents.push(Key::Tag(self.repository.clone(), tag.clone()));
            plan.facts.push(Fact::Tag {
                repository: self.repository.clone(),
                tag,
                manifest: None,
            });
        }
        let revision = Key::Revision(self.repository.clone(), self.digest);
        let told = disk.layout.media_type(&self.repository, &self.digest);
        // The pointers are durably gone before what they point at.
        let remove = [
            Step::RemoveLink(disk.layout.path(&revision)),
            Step::RemoveLink(told),
        ];
        if plan.place.is_empty() {
            plan.place.extend(remove);
        } else {
            plan.swing.extend(remove);
        }
        plan.intents.push(revision);
        plan.facts.push(Fact::Revision {
            repository: self.repository,
            digest: self.digest,
            manifest: None,
        });
        Ok(Begun::Planned(plan))
    }

    fn grows(&self) -> bool {
        false
    }
}

impl DeleteManifest {
    /// Writes down the revision, the tags on it, and all that the manifest needs.
    fn record(&self, read: &Read<'_>, disk: &Disk, tags: &[TagName]) -> Result<(), StorageError> {
        let name = &self.repository;
        let mut links = vec![(Key::Revision(name.clone(), self.digest), self.digest)];
        for tag in tags {
            links.push((Key::Tag(name.clone(), tag.clone()), self.digest));
        }
        let mut needs = read.references(name, &self.digest)?;
        needs.push(self.digest);
        let told = scan::told_media_type(disk, name, &self.digest)?;
        let told = told.map(|told| told.as_str().to_owned());
        self.by.record(disk, name, links, needs, told)
    }
}
