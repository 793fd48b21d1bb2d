use berth_oci::{RepositoryName, TagName};

use super::by::By;
use super::change::{Begun, Change, Outcome, Plan};
use super::locks::Lock;
use super::step::Step;
use crate::StorageError;
use crate::disk::{self, Disk};
use crate::index::{Fact, Read, Write};
use crate::layout::Key;

/// Removes one tag. Its manifest, and other tags on it, stay.
pub(crate) struct DeleteTag {
    pub(crate) repository: RepositoryName,
    pub(crate) tag: TagName,
    pub(crate) by: By,
}

impl Change for DeleteTag {
    fn locks(&self, _read: &Read<'_>, _disk: &Disk) -> Result<Vec<Lock>, StorageError> {
        let tag = Key::Tag(self.repository.clone(), self.tag.clone());
        Ok(vec![Lock::exclusive(tag)])
    }

    fn begin(self: Box<Self>, write: &Write<'_>, disk: &Disk) -> Result<Begun, StorageError> {
        // The folder rules, not the row: a dangling tag of Docker's registry can be removed too.
        let folder = disk.layout.tags(&self.repository).join(self.tag.as_str());
        if disk::stat(&folder)?.is_none() {
            return Ok(Begun::Answered(Outcome::Absent));
        }
        let key = Key::Tag(self.repository.clone(), self.tag.clone());
        // One that dangles leads nowhere: there is nothing to take back.
        if let Some(digest) = write.read().tag(&self.repository, &self.tag)?.value {
            let mut needs = write.read().references(&self.repository, &digest)?;
            needs.push(digest);
            self.by
                .record(disk, &self.repository, vec![(key.clone(), digest)], needs, None)?;
        }
        Ok(Begun::Planned(Plan {
            place: vec![Step::RemoveTag(folder)],
            intents: vec![key],
            facts: vec![Fact::Tag {
                repository: self.repository,
                tag: self.tag,
                manifest: None,
            }],
            ..Plan::default()
        }))
    }

    fn grows(&self) -> bool {
        false
    }
}
