use berth_oci::{RepositoryName, TagName};

use crate::StorageError;
use crate::commit::{DeleteTag, Outcome};
use crate::store::Store;

impl Store {
    /// Removes one tag; the manifest and its other tags stay. False where it wasn't there.
    /// Written down under the name `by`: see [`Store::restore`].
    pub async fn delete_tag(
        &self,
        repository: &RepositoryName,
        tag: &TagName,
        by: &str,
    ) -> Result<bool, StorageError> {
        let delete = DeleteTag {
            repository: repository.clone(),
            tag: tag.clone(),
            by: self.inner.by(by),
        };
        Ok(self.inner.committer.commit(delete).await? == Outcome::Done)
    }
}
