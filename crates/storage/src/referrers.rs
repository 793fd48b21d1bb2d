use berth_oci::{Descriptor, Digest, Manifest, MediaType, RepositoryName, TagOrDigest, fallback_tag};

use crate::StorageError;
use crate::recover::scan_one;
use crate::store::{Inner, Store};

impl Store {
    /// Descriptors of the manifests whose subject is `subject`, those that the fallback tag lists among them, each
    /// once.
    pub async fn referrers(
        &self,
        repository: &RepositoryName,
        subject: &Digest,
        artifact_type: Option<&MediaType>,
    ) -> Result<Vec<Descriptor>, StorageError> {
        let (repository, subject, wanted) = (repository.clone(), *subject, artifact_type.cloned());
        self.run(move |inner| {
            scan_one(inner, &repository)?;
            let mut found = inner.readers.read(|read| read.referrers(&repository, &subject))?;
            for descriptor in by_fallback_tag(inner, &repository, &subject)? {
                if found.iter().all(|known| known.digest != descriptor.digest) {
                    found.push(descriptor);
                }
            }
            found.retain(|descriptor| wanted.is_none() || descriptor.artifact_type == wanted);
            Ok(found)
        })
        .await
    }
}

/// What clients of registries without this API listed under a tag.
fn by_fallback_tag(
    inner: &Inner,
    repository: &RepositoryName,
    subject: &Digest,
) -> Result<Vec<Descriptor>, StorageError> {
    let Ok(tag) = fallback_tag(subject).parse() else {
        return Ok(Vec::new());
    };
    let stored = inner.find_manifest(repository, &TagOrDigest::Tag(tag))?;
    let index = stored.and_then(|stored| Manifest::parse(&stored.bytes, Some(&stored.media_type)).ok());
    Ok(index.map(|index| index.manifests).unwrap_or_default())
}
