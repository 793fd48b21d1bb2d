//! Every operation on the layout alone, one at a time.

use std::path::{Path, PathBuf};

use berth_oci::{
    Descriptor, Digest, Manifest, MediaType, RepositoryName, TagName, TagOrDigest, fallback_tag,
};

use crate::answers::{BlobDeletion, ManifestPut, PutManifest, StoredManifest};
use crate::disk::{self, Disk};
use crate::layout::Key;
use crate::scan::{self, Link};
use crate::{Random, StorageError, UploadId};

pub(crate) struct Thin<'a> {
    pub(crate) disk: &'a Disk,
    pub(crate) random: &'a dyn Random,
    pub(crate) allow_sparse_index: bool,
}

impl Thin<'_> {
    fn temporary(&self) -> PathBuf {
        self.disk
            .layout
            .private("tmp")
            .join(UploadId::random(self.random).to_string())
    }

    fn place(&self, staged: &Path, to: &Path) -> Result<(), StorageError> {
        let folder = to.parent().unwrap_or(to);
        let made = self.disk.make_folder(folder)?;
        self.disk.rename(staged, to)?;
        self.disk.sync(folder)?;
        for folder in made {
            self.disk.sync(folder.parent().unwrap_or(&folder))?;
        }
        Ok(())
    }

    fn write(&self, to: &Path, bytes: &[u8]) -> Result<(), StorageError> {
        let staged = self.temporary();
        self.disk.write(&staged, bytes)?;
        self.disk.sync(&staged)?;
        self.place(&staged, to)
    }

    fn write_link(&self, key: &Key, digest: &Digest) -> Result<(), StorageError> {
        self.write(&self.disk.layout.path(key), digest.to_string().as_bytes())
    }

    pub(crate) fn size(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
    ) -> Result<Option<(Digest, u64)>, StorageError> {
        let Link::To(target) = scan::link(self.disk, &Key::Edge(repository.clone(), *digest))? else {
            return Ok(None);
        };
        let sig = disk::stat(&self.disk.layout.bytes(&target))?;
        Ok(sig.map(|sig| (target, sig.size)))
    }

    pub(crate) fn put_blob(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        staged: &Path,
    ) -> Result<(), StorageError> {
        self.disk.sync(staged)?;
        self.place(staged, &self.disk.layout.bytes(digest))?;
        self.write_link(&Key::Edge(repository.clone(), *digest), digest)
    }

    pub(crate) fn mount(
        &self,
        from: Option<&RepositoryName>,
        to: &RepositoryName,
        digest: &Digest,
    ) -> Result<bool, StorageError> {
        let sources = match from {
            Some(from) => vec![from.clone()],
            None => scan::repositories(self.disk)?,
        };
        for source in sources {
            if self.size(&source, digest)?.is_some() {
                self.write_link(&Key::Edge(to.clone(), *digest), digest)?;
                return Ok(true);
            }
        }
        Ok(false)
    }

    pub(crate) fn get(
        &self,
        repository: &RepositoryName,
        reference: &TagOrDigest,
    ) -> Result<Option<StoredManifest>, StorageError> {
        let digest = match reference {
            TagOrDigest::Digest(digest) => *digest,
            TagOrDigest::Tag(tag) => match scan::link(self.disk, &Key::Tag(repository.clone(), tag.clone()))?
            {
                Link::To(digest) => digest,
                _ => return Ok(None),
            },
        };
        let Link::To(target) = scan::link(self.disk, &Key::Revision(repository.clone(), digest))? else {
            return Ok(None);
        };
        let Some(bytes) = disk::read(&self.disk.layout.bytes(&target))? else {
            return Ok(None);
        };
        if Digest::of(digest.algorithm(), &bytes) != digest {
            return Ok(None);
        }
        let told = disk::read(&self.disk.layout.media_type(repository, &digest))?;
        let told = told.and_then(|bytes| MediaType::parse(std::str::from_utf8(&bytes).ok()?));
        let media_type = match Manifest::parse(&bytes, told.as_ref()) {
            Ok(manifest) => manifest.media_type,
            Err(_) => return Ok(None),
        };
        Ok(Some(StoredManifest {
            digest,
            media_type,
            bytes: bytes.into(),
        }))
    }

    pub(crate) fn put(
        &self,
        repository: &RepositoryName,
        put: &ManifestPut,
    ) -> Result<PutManifest, StorageError> {
        let found = Digest::of(put.digest.algorithm(), &put.bytes);
        if found != put.digest {
            return Ok(PutManifest::DigestMismatch { found });
        }
        let mut missing = Vec::new();
        for blob in put.manifest.required_blobs() {
            if self.size(repository, &blob)?.is_none() {
                missing.push(blob);
            }
        }
        for child in put.manifest.children() {
            if !self.allow_sparse_index && self.get(repository, &TagOrDigest::Digest(child))?.is_none() {
                missing.push(child);
            }
        }
        if !missing.is_empty() {
            return Ok(PutManifest::MissingContent(missing));
        }
        self.disk.make_folder(&self.disk.layout.edges(repository))?;
        self.write(&self.disk.layout.bytes(&put.digest), &put.bytes)?;
        if Manifest::parse(&put.bytes, None)
            .ok()
            .map(|manifest| manifest.media_type)
            != Some(put.manifest.media_type.clone())
        {
            let path = self.disk.layout.media_type(repository, &put.digest);
            self.write(&path, put.manifest.media_type.as_str().as_bytes())?;
        }
        self.write_link(&Key::Revision(repository.clone(), put.digest), &put.digest)?;
        for tag in &put.tags {
            let history = self.disk.layout.tag_history(repository, tag, &put.digest);
            self.write(&history, put.digest.to_string().as_bytes())?;
            self.write_link(&Key::Tag(repository.clone(), tag.clone()), &put.digest)?;
        }
        Ok(PutManifest::Stored)
    }

    pub(crate) fn tags(&self, repository: &RepositoryName) -> Result<Option<Vec<TagName>>, StorageError> {
        if disk::stat(&self.disk.layout.edges(repository))?.is_none()
            && disk::stat(&self.disk.layout.revisions(repository))?.is_none()
        {
            return Ok(None);
        }
        let mut tags = scan::tags(self.disk, repository)?;
        tags.sort();
        Ok(Some(tags))
    }

    pub(crate) fn delete_tag(
        &self,
        repository: &RepositoryName,
        tag: &TagName,
    ) -> Result<bool, StorageError> {
        let folder = self.disk.layout.tags(repository).join(tag.as_str());
        if disk::stat(&folder)?.is_none() {
            return Ok(false);
        }
        self.disk.remove_tree(&folder)?;
        self.disk.sync(&self.disk.layout.tags(repository))?;
        Ok(true)
    }

    pub(crate) fn delete_manifest(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
    ) -> Result<bool, StorageError> {
        for tag in scan::tags(self.disk, repository)? {
            if scan::link(self.disk, &Key::Tag(repository.clone(), tag.clone()))? == Link::To(*digest) {
                self.delete_tag(repository, &tag)?;
            }
        }
        self.remove_link(&Key::Revision(repository.clone(), *digest))
    }

    fn remove_link(&self, key: &Key) -> Result<bool, StorageError> {
        let path = self.disk.layout.path(key);
        let folder = path.parent().unwrap_or(&path);
        let removed = self.disk.remove(&path)?;
        if removed {
            self.disk.remove_tree(folder)?;
            self.disk.sync(folder.parent().unwrap_or(folder))?;
        }
        Ok(removed)
    }

    pub(crate) fn delete_blob(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
    ) -> Result<BlobDeletion, StorageError> {
        for by in scan::revisions(self.disk, repository)? {
            let Some(stored) = self.get(repository, &TagOrDigest::Digest(by))? else {
                continue;
            };
            if Manifest::parse(&stored.bytes, Some(&stored.media_type))
                .is_ok_and(|manifest| manifest.required_blobs().contains(digest))
            {
                return Ok(BlobDeletion::Referenced { by });
            }
        }
        Ok(if self.remove_link(&Key::Edge(repository.clone(), *digest))? {
            BlobDeletion::Deleted
        } else {
            BlobDeletion::NotFound
        })
    }

    pub(crate) fn referrers(
        &self,
        repository: &RepositoryName,
        subject: &Digest,
        artifact_type: Option<&MediaType>,
    ) -> Result<Vec<Descriptor>, StorageError> {
        let mut found = Vec::new();
        for digest in scan::revisions(self.disk, repository)? {
            let Some(stored) = self.get(repository, &TagOrDigest::Digest(digest))? else {
                continue;
            };
            let Ok(manifest) = Manifest::parse(&stored.bytes, Some(&stored.media_type)) else {
                continue;
            };
            if manifest.subject.is_some_and(|own| own.digest == *subject) {
                found.push(Descriptor {
                    media_type: manifest.media_type,
                    digest,
                    size: stored.bytes.len() as u64,
                    artifact_type: manifest.artifact_type,
                    annotations: manifest.annotations,
                });
            }
        }
        if let Ok(tag) = fallback_tag(subject).parse()
            && let Some(stored) = self.get(repository, &TagOrDigest::Tag(tag))?
            && let Ok(index) = Manifest::parse(&stored.bytes, Some(&stored.media_type))
        {
            for descriptor in index.manifests {
                if !found.iter().any(|known| known.digest == descriptor.digest) {
                    found.push(descriptor);
                }
            }
        }
        found.retain(|descriptor| {
            artifact_type.is_none_or(|wanted| descriptor.artifact_type.as_ref() == Some(wanted))
        });
        Ok(found)
    }
}
