use berth_oci::{Digest, RepositoryName, TagName, TagOrDigest};

use crate::StorageError;
use crate::answers::StoredManifest;
use crate::cache::Cached;
use crate::commit::SetAside;
use crate::disk;
use crate::layout::Key;
use crate::store::{Inner, Store};

impl Store {
    /// The manifest that the tag points at, or that has the digest.
    pub async fn get_manifest(
        &self,
        repository: &RepositoryName,
        reference: &TagOrDigest,
    ) -> Result<Option<StoredManifest>, StorageError> {
        if let Some(stored) = self.inner.cached_manifest(repository, reference) {
            return Ok(Some(stored));
        }
        let (repository, reference) = (repository.clone(), reference.clone());
        self.run(move |inner| inner.find_manifest(&repository, &reference))
            .await
    }
}

impl Inner {
    fn cached_manifest(
        &self,
        repository: &RepositoryName,
        reference: &TagOrDigest,
    ) -> Option<StoredManifest> {
        let digest = match reference {
            TagOrDigest::Digest(digest) => *digest,
            TagOrDigest::Tag(tag) => match self.cache.get(&Key::Tag(repository.clone(), tag.clone())) {
                Some(Cached::Tag(digest)) => digest,
                _ => return None,
            },
        };
        match self.cache.get(&Key::Revision(repository.clone(), digest)) {
            Some(Cached::Manifest(stored)) => Some(stored),
            _ => None,
        }
    }

    /// A manifest from the index and the disk, its bytes hashed.
    pub(crate) fn find_manifest(
        &self,
        repository: &RepositoryName,
        reference: &TagOrDigest,
    ) -> Result<Option<StoredManifest>, StorageError> {
        let digest = match reference {
            TagOrDigest::Digest(digest) => *digest,
            TagOrDigest::Tag(tag) => match self.find_tag(repository, tag)? {
                Some(digest) => digest,
                None => return Ok(None),
            },
        };
        let key = Key::Revision(repository.clone(), digest);
        let ticket = self.cache.ticket(&key);
        let Some(media_type) = self.lookup(|read| read.manifest(repository, &digest))? else {
            return Ok(None);
        };
        let path = self.disk.layout.bytes(&digest);
        let (Some(sig), Some(bytes)) = (disk::stat(&path)?, disk::read(&path)?) else {
            return Ok(None);
        };
        if Digest::of(digest.algorithm(), &bytes) != digest {
            tracing::error!(%repository, %digest, "a stored manifest is damaged; it is set aside");
            let sig = sig.bytes();
            self.committer.commit_blocking(SetAside { digest, sig })?;
            return Ok(None);
        }
        let stored = StoredManifest {
            digest,
            media_type,
            bytes: bytes.into(),
        };
        self.cache.keep(key, ticket, Cached::Manifest(stored.clone()));
        Ok(Some(stored))
    }

    fn find_tag(&self, repository: &RepositoryName, tag: &TagName) -> Result<Option<Digest>, StorageError> {
        let key = Key::Tag(repository.clone(), tag.clone());
        let ticket = self.cache.ticket(&key);
        let found = self.lookup(|read| read.tag(repository, tag))?;
        if let Some(digest) = found {
            self.cache.keep(key, ticket, Cached::Tag(digest));
        }
        Ok(found)
    }
}
