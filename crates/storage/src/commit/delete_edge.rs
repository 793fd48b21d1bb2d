use berth_oci::{Digest, RepositoryName};

use super::by::By;
use super::change::{Begun, Change, Outcome, Plan};
use super::locks::Lock;
use super::step::Step;
use crate::StorageError;
use crate::disk::Disk;
use crate::index::{Fact, Read, Write};
use crate::layout::Key;

/// Ends a repository's access to a blob, unless one of its manifests needs it.
pub(crate) struct DeleteEdge {
    pub(crate) repository: RepositoryName,
    pub(crate) digest: Digest,
    pub(crate) by: By,
}

impl Change for DeleteEdge {
    fn locks(&self, _read: &Read<'_>, _disk: &Disk) -> Result<Vec<Lock>, StorageError> {
        let edge = Key::Edge(self.repository.clone(), self.digest);
        Ok(vec![Lock::exclusive(edge)])
    }

    fn begin(self: Box<Self>, write: &Write<'_>, disk: &Disk) -> Result<Begun, StorageError> {
        let read = write.read();
        if read.edge(&self.repository, &self.digest)?.value.is_none() {
            return Ok(Begun::Answered(Outcome::Absent));
        }
        if let Some(by) = read.referenced_by(&self.repository, &self.digest)? {
            return Ok(Begun::Answered(Outcome::Referenced(by)));
        }
        let edge = Key::Edge(self.repository.clone(), self.digest);
        let links = vec![(edge, self.digest)];
        self.by
            .record(disk, &self.repository, links, vec![self.digest], None)?;
        Ok(Begun::Planned(remove_edge(disk, self.repository, self.digest)))
    }

    fn grows(&self) -> bool {
        false
    }
}

pub(super) fn remove_edge(disk: &Disk, repository: RepositoryName, digest: Digest) -> Plan {
    let edge = Key::Edge(repository.clone(), digest);
    Plan {
        place: vec![Step::RemoveLink(disk.layout.path(&edge))],
        intents: vec![edge],
        facts: vec![Fact::Edge {
            repository,
            digest,
            target: None,
        }],
        ..Plan::default()
    }
}
