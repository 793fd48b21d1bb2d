use berth_oci::{Digest, Manifest, RepositoryName};

use crate::StorageError;
use crate::answers::{ManifestPut, PutManifest};
use crate::commit::{Outcome, PutStaged, Staged, StagedTag};
use crate::index::ManifestFact;
use crate::store::{Inner, Store};

impl Store {
    /// Stores a manifest and points its tags at it, the last of those who push at the same time winning.
    ///
    /// A tag that moves points at the old manifest or at the new one, through any crash, and at the new one only
    /// when that is durable.
    pub async fn put_manifest(
        &self,
        repository: &RepositoryName,
        put: ManifestPut,
    ) -> Result<PutManifest, StorageError> {
        let name = repository.clone();
        let staged = self.run(move |inner| stage(inner, name, &put)).await?;
        let staged = match staged {
            Ok(staged) => staged,
            Err(found) => return Ok(PutManifest::DigestMismatch { found }),
        };
        Ok(match self.inner.committer.commit(staged).await? {
            Outcome::Missing(missing) => PutManifest::MissingContent(missing),
            _ => PutManifest::Stored,
        })
    }
}

/// Writes all files under temporary names. `Err`: the digest that the bytes have instead.
fn stage(
    inner: &Inner,
    repository: RepositoryName,
    put: &ManifestPut,
) -> Result<Result<PutStaged, Digest>, StorageError> {
    let found = Digest::of(put.digest.algorithm(), &put.bytes);
    if found != put.digest {
        return Ok(Err(found));
    }
    let manifest = ManifestFact::new(&put.manifest, put.bytes.len());
    find_content(inner, &repository, &manifest)?;
    let write = |bytes: &[u8]| Staged::write(&inner.disk, &*inner.options.random, bytes);
    let link = put.digest.to_string();
    let tags = put.tags.iter().map(|tag| {
        Ok(StagedTag {
            tag: tag.clone(),
            current: write(link.as_bytes())?,
            history: write(link.as_bytes())?,
        })
    });
    Ok(Ok(PutStaged {
        tags: tags.collect::<Result<_, StorageError>>()?,
        told: told(put).map(|told| write(told.as_bytes())).transpose()?,
        bytes: write(&put.bytes)?,
        link: write(link.as_bytes())?,
        sparse: inner.options.allow_sparse,
        repository,
        digest: put.digest,
        manifest,
    }))
}

/// Makes sure that the index knows the content which is there: the committer decides by the index alone.
fn find_content(
    inner: &Inner,
    repository: &RepositoryName,
    manifest: &ManifestFact,
) -> Result<(), StorageError> {
    for blob in &manifest.blobs {
        if inner.cached_blob(repository, blob).is_none() {
            inner.find_blob(repository, blob)?;
        }
    }
    for child in &manifest.children {
        inner.lookup(|read| read.manifest(repository, child))?;
    }
    Ok(())
}

/// What is kept beside the revision where the body alone gives another media type.
fn told(put: &ManifestPut) -> Option<String> {
    let derived = Manifest::parse(&put.bytes, None)
        .ok()
        .map(|manifest| manifest.media_type);
    (derived.as_ref() != Some(&put.manifest.media_type))
        .then(|| serde_json::json!({"mediaType": put.manifest.media_type}).to_string())
}
