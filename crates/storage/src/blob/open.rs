use std::fs::File;
use std::sync::Arc;

use berth_oci::{Digest, RepositoryName};

use super::reader::BlobReader;
use crate::StorageError;
use crate::disk::Sig;
use crate::index::BlobRow;
use crate::layout::Key;
use crate::store::{Inner, Store};

impl Store {
    /// A reader of the blob, where the repository has it.
    ///
    /// Bytes that were hashed since they last changed are sent as they are. Others are checked: up to 4 MiB
    /// before they are sent, more while they are sent, and then the last chunk is held back until it is known
    /// that all is right.
    pub async fn open_blob(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
    ) -> Result<Option<BlobReader>, StorageError> {
        let (store, repository, digest) = (self.clone(), repository.clone(), *digest);
        self.run(move |inner| {
            let cached = inner.cached_blob(&repository, &digest);
            let opened = cached.map(|blob| open(inner, &blob)).transpose()?.flatten();
            let opened = match opened {
                Some(opened) => Some(opened),
                // Not in the cache, or not there as it was: the disk decides.
                None => match inner.find_blob(&repository, &digest)? {
                    Some(blob) => open(inner, &blob)?,
                    None => None,
                },
            };
            match opened {
                Some((file, sig, blob)) => BlobReader::new(store, file, sig, &blob),
                None => Ok(None),
            }
        })
        .await
    }
}

/// `None` where the file is not there, or not of the size that it had.
fn open(inner: &Inner, blob: &BlobRow) -> Result<Option<(Arc<File>, Sig, BlobRow)>, StorageError> {
    let path = inner.disk.layout.bytes(&blob.target);
    let found = File::open(&path).and_then(|file| Ok((Sig::of(&file.metadata()?), file)));
    match found {
        Ok((sig, file)) if sig.size == blob.size => Ok(Some((Arc::new(file), sig, *blob))),
        Ok(_) => {
            inner.cache.forget(&Key::Bytes(blob.target));
            Ok(None)
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            inner.cache.forget(&Key::Bytes(blob.target));
            Ok(None)
        }
        Err(error) => Err(StorageError::io("opening", &path, error)),
    }
}
