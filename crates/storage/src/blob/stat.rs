use berth_oci::{Digest, RepositoryName};

use crate::StorageError;
use crate::cache::Cached;
use crate::index::BlobRow;
use crate::layout::Key;
use crate::store::{Inner, Store};

impl Store {
    /// The blob's size in bytes, where the repository has it. Who is told so may put a manifest on it for one grace.
    pub async fn stat_blob(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
    ) -> Result<Option<u64>, StorageError> {
        // Promised before anybody looks: a sweep that begins after this leaves it.
        if !self.inner.leases.lease(repository, digest) {
            return Ok(None);
        }
        if let Some(blob) = self.inner.cached_blob(repository, digest) {
            return Ok(Some(blob.size));
        }
        let (repository, digest) = (repository.clone(), *digest);
        let found = self
            .run(move |inner| inner.find_blob(&repository, &digest))
            .await?;
        Ok(found.map(|blob| blob.size))
    }
}

impl Inner {
    pub(crate) fn cached_blob(&self, repository: &RepositoryName, digest: &Digest) -> Option<BlobRow> {
        let Some(Cached::Edge(target)) = self.cache.get(&Key::Edge(repository.clone(), *digest)) else {
            return None;
        };
        match self.cache.get(&Key::Bytes(target)) {
            Some(Cached::Bytes(blob)) => Some(blob),
            _ => None,
        }
    }

    /// The blob behind a digest in a repository, from the index, checked on the disk.
    pub(crate) fn find_blob(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
    ) -> Result<Option<BlobRow>, StorageError> {
        let edge = Key::Edge(repository.clone(), *digest);
        let (edge_ticket, bytes_ticket) = (self.cache.ticket(&edge), self.cache.ticket(&Key::Bytes(*digest)));
        let found = self.lookup(|read| read.edge(repository, digest))?;
        if let Some(blob) = found.filter(|blob| blob.target == *digest) {
            self.cache.keep(edge, edge_ticket, Cached::Edge(*digest));
            self.cache
                .keep(Key::Bytes(*digest), bytes_ticket, Cached::Bytes(blob));
        }
        Ok(found)
    }
}
