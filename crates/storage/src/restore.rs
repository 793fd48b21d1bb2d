//! Takes deletes back within the grace: what was written down before is written again, what it points at first.

use std::collections::BTreeSet;

use berth_oci::{Digest, Manifest, MediaType, RepositoryName, TagName, TagOrDigest};
use bytes::Bytes;

use crate::StorageError;
use crate::answers::{ManifestPut, PutManifest};
use crate::commit::{BlobData, PutBlob};
use crate::disk;
use crate::state_store::{Deleted, Deletion};
use crate::store::{Inner, Store};
use crate::upload::hash_file;

/// What became of a delete that was to be taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Restored {
    /// It is there again, with these tags.
    Done { digest: Digest, tags: Vec<TagName> },
    /// Nothing of that name was deleted within the grace.
    Unknown,
    /// The tag points at something else by now.
    Occupied { by: Digest },
    /// These can't be had back: they were deleted longer ago, or damaged.
    Lost(Vec<Digest>),
}

impl Store {
    /// What was deleted within the grace, the latest first.
    pub async fn deletions(&self) -> Result<Vec<Deletion>, StorageError> {
        self.run(|inner| inner.state.deletions(inner.grace_began())).await
    }

    /// Takes back the last delete of a tag, of a manifest with the tags that went with it, or of a blob.
    ///
    /// What the manifest needs and was deleted too comes back with it. A tag that points elsewhere by now stays.
    pub async fn restore(
        &self,
        repository: &RepositoryName,
        reference: &TagOrDigest,
    ) -> Result<Restored, StorageError> {
        let deletions = self.deletions().await?;
        let of_repository = || deletions.iter().filter(|one| one.repository == *repository);
        let wanted = of_repository().find(|one| match (&one.what, reference) {
            (Deleted::Tag(tag), TagOrDigest::Tag(wanted)) => tag == wanted,
            (Deleted::Manifest | Deleted::Blob, TagOrDigest::Digest(wanted)) => one.digest == *wanted,
            _ => false,
        });
        let Some(wanted) = wanted else {
            return Ok(Restored::Unknown);
        };
        match &wanted.what {
            Deleted::Blob => self.restore_blob(wanted).await,
            Deleted::Tag(tag) => {
                if let Some(by) = self.digest_of(repository, tag).await? {
                    return Ok(if by == wanted.digest {
                        self.forget([wanted]).await?;
                        Restored::Done {
                            digest: by,
                            tags: vec![tag.clone()],
                        }
                    } else {
                        Restored::Occupied { by }
                    });
                }
                // The manifest may have gone after the tag, and knows its own type then.
                let manifest =
                    of_repository().find(|one| one.what == Deleted::Manifest && one.digest == wanted.digest);
                self.restore_manifest(manifest.unwrap_or(wanted), vec![(tag.clone(), wanted)])
                    .await
            }
            Deleted::Manifest => {
                let mut tags = Vec::new();
                for one in of_repository().filter(|one| one.act == wanted.act) {
                    if let Deleted::Tag(tag) = &one.what
                        && self.digest_of(repository, tag).await?.is_none()
                    {
                        tags.push((tag.clone(), one));
                    }
                }
                self.restore_manifest(wanted, tags).await
            }
        }
    }

    async fn digest_of(
        &self,
        repository: &RepositoryName,
        tag: &TagName,
    ) -> Result<Option<Digest>, StorageError> {
        let found = self
            .get_manifest(repository, &TagOrDigest::Tag(tag.clone()))
            .await?;
        Ok(found.map(|found| found.digest))
    }

    async fn restore_blob(&self, deletion: &Deletion) -> Result<Restored, StorageError> {
        let (repository, digest) = (deletion.repository.clone(), deletion.digest);
        let staged = self
            .run(move |inner| stage_blob(inner, repository, digest))
            .await?;
        let Some(put) = staged else {
            return Ok(Restored::Lost(vec![digest]));
        };
        self.inner.leases.lease(&put.repository, &put.digest);
        self.inner.committer.commit(put).await?;
        self.forget([deletion]).await?;
        Ok(Restored::Done {
            digest,
            tags: Vec::new(),
        })
    }

    async fn restore_manifest(
        &self,
        deletion: &Deletion,
        tags: Vec<(TagName, &Deletion)>,
    ) -> Result<Restored, StorageError> {
        let digest = deletion.digest;
        let names: Vec<TagName> = tags.iter().map(|(tag, _)| tag.clone()).collect();
        let (told, put_tags) = (deletion.media_type.clone(), names.clone());
        let (name, stored) = (deletion.repository.clone(), digest);
        let put = self
            .run(move |inner| read_put(inner, &name, stored, told.as_deref(), put_tags))
            .await?;
        let Some(put) = put else {
            return Ok(Restored::Lost(vec![digest]));
        };
        let mut tried = BTreeSet::new();
        loop {
            let missing = match self.put_manifest(&deletion.repository, put.clone()).await? {
                PutManifest::Stored => break,
                PutManifest::DigestMismatch { .. } => vec![digest],
                PutManifest::MissingContent(missing) => missing,
            };
            for one in &missing {
                let again = tried.insert(*one);
                let reference = TagOrDigest::Digest(*one);
                let back = again
                    && matches!(
                        Box::pin(self.restore(&deletion.repository, &reference)).await?,
                        Restored::Done { .. }
                    );
                if !back {
                    return Ok(Restored::Lost(missing));
                }
            }
        }
        self.forget(tags.iter().map(|(_, one)| *one).chain([deletion]))
            .await?;
        Ok(Restored::Done { digest, tags: names })
    }

    async fn forget(&self, deletions: impl IntoIterator<Item = &Deletion>) -> Result<(), StorageError> {
        let ids: Vec<i64> = deletions.into_iter().map(|one| one.id).collect();
        self.run(move |inner| ids.iter().try_for_each(|id| inner.state.forget_deletion(*id)))
            .await
    }
}

/// The bytes are there still; only the link went. They are hashed, for nobody may have looked at them for long.
fn stage_blob(
    inner: &Inner,
    repository: RepositoryName,
    digest: Digest,
) -> Result<Option<PutBlob>, StorageError> {
    let path = inner.disk.layout.bytes(&digest);
    if disk::stat(&path)?.is_none() || hash_file(&path, digest.algorithm())? != digest {
        return Ok(None);
    }
    PutBlob::stage(inner, repository, digest, BlobData::File(path)).map(Some)
}

fn read_put(
    inner: &Inner,
    repository: &RepositoryName,
    digest: Digest,
    told: Option<&str>,
    tags: Vec<TagName>,
) -> Result<Option<ManifestPut>, StorageError> {
    let Some(bytes) = disk::read(&inner.disk.layout.bytes(&digest))? else {
        return Ok(None);
    };
    let told = told.and_then(MediaType::parse);
    let standing = crate::scan::told_media_type(&inner.disk, repository, &digest)?;
    let manifest = Manifest::parse(&bytes, told.or(standing).as_ref()).ok();
    Ok(manifest.map(|manifest| ManifestPut {
        manifest,
        digest,
        bytes: Bytes::from(bytes),
        tags,
    }))
}
