use berth_oci::{RepositoryName, TagName};

use crate::StorageError;
use crate::answers::Page;
use crate::recover::scan_one;
use crate::store::Store;

impl Store {
    /// The repository's tags in ASCII order, after `after` (which need not exist). `None`: no such repository.
    pub async fn list_tags(
        &self,
        repository: &RepositoryName,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Option<Page<TagName>>, StorageError> {
        let (repository, after) = (repository.clone(), after.unwrap_or_default().to_owned());
        self.run(move |inner| {
            scan_one(inner, &repository)?;
            inner.readers.read(|read| {
                if !read.knows(&repository)? {
                    return Ok(None);
                }
                let tags = read.tags(&repository, &after, limit.saturating_add(1))?;
                Ok(Some(page(tags, limit)))
            })
        })
        .await
    }

    /// The repositories in ASCII order, after `after` (which need not exist).
    pub async fn list_repositories(
        &self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<RepositoryName>, StorageError> {
        let after = after.unwrap_or_default().to_owned();
        self.run(move |inner| {
            let names = inner
                .readers
                .read(|read| read.repositories(&after, limit.saturating_add(1)))?;
            Ok(page(names, limit))
        })
        .await
    }
}

/// Cuts one item more than was asked for down to what was.
fn page<T>(mut items: Vec<T>, limit: usize) -> Page<T> {
    let more = items.len() > limit;
    items.truncate(limit);
    Page { items, more }
}
