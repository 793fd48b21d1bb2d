use berth_oci::{Digest, RepositoryName};

use crate::StorageError;
use crate::answers::BlobDeletion;
use crate::commit::{DeleteEdge, Outcome};
use crate::recover::scan_one;
use crate::store::Store;

impl Store {
    /// Ends the repository's access to a blob, unless one of its manifests needs it. The bytes stay for the
    /// sweep, which removes them when no repository needs them. Written down under the name `by`: see [`Store::restore`].
    pub async fn delete_blob(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        by: &str,
    ) -> Result<BlobDeletion, StorageError> {
        let (name, digest) = (repository.clone(), *digest);
        // All that refers to it must be known first.
        self.run(move |inner| {
            scan_one(inner, &name)?;
            inner.find_blob(&name, &digest).map(drop)
        })
        .await?;
        let delete = DeleteEdge {
            repository: repository.clone(),
            digest,
            by: self.inner.by(by),
        };
        Ok(match self.inner.committer.commit(delete).await? {
            Outcome::Done => BlobDeletion::Deleted,
            Outcome::Referenced(by) => BlobDeletion::Referenced { by },
            Outcome::Absent | Outcome::Missing(_) => BlobDeletion::NotFound,
        })
    }
}
