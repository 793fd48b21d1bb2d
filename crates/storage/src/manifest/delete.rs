use berth_oci::{Digest, RepositoryName};

use crate::StorageError;
use crate::commit::{DeleteManifest, Outcome};
use crate::recover::scan_one;
use crate::store::Store;

impl Store {
    /// Removes a manifest from the repository, and every tag that points at it. False where it wasn't there.
    /// Written down under the name `by`: see [`Store::restore`].
    pub async fn delete_manifest(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        by: &str,
    ) -> Result<bool, StorageError> {
        let (name, digest) = (repository.clone(), *digest);
        // Every tag on it must be known first.
        self.run(move |inner| {
            scan_one(inner, &name)?;
            inner.lookup(|read| read.manifest(&name, &digest)).map(drop)
        })
        .await?;
        let delete = DeleteManifest {
            repository: repository.clone(),
            digest,
            by: self.inner.by(by),
        };
        Ok(self.inner.committer.commit(delete).await? == Outcome::Done)
    }
}
