use berth_oci::{Digest, RepositoryName};

use crate::StorageError;
use crate::commit::{Mount, Outcome, Staged};
use crate::store::{Inner, Store};

impl Store {
    /// Lets `to` read a blob that `from` (or, without it, any repository) has. False where that has it not.
    pub async fn mount_blob(
        &self,
        from: Option<&RepositoryName>,
        to: &RepositoryName,
        digest: &Digest,
    ) -> Result<bool, StorageError> {
        self.inner.leases.lease(to, digest);
        let (from, to, digest) = (from.cloned(), to.clone(), *digest);
        let staged = self.run(move |inner| stage(inner, from, to, digest)).await?;
        let Some(mount) = staged else {
            return Ok(false);
        };
        Ok(self.inner.committer.commit(mount).await? == Outcome::Done)
    }
}

fn stage(
    inner: &Inner,
    from: Option<RepositoryName>,
    to: RepositoryName,
    digest: Digest,
) -> Result<Option<Mount>, StorageError> {
    let from = match from {
        Some(from) => Some(from),
        None => inner.readers.read(|read| read.holder(&digest))?,
    };
    let Some(from) = from else {
        return Ok(None);
    };
    if inner.find_blob(&from, &digest)?.is_none() {
        return Ok(None);
    }
    let link = Staged::write(&inner.disk, &*inner.options.random, digest.to_string().as_bytes())?;
    Ok(Some(Mount {
        from,
        to,
        digest,
        link,
    }))
}
