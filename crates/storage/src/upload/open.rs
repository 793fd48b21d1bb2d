use berth_oci::{Digest, RepositoryName};
use bytes::Bytes;

use super::files;
use super::lane::{Hashers, Lane, Writer};
use super::sessions::Parked;
use crate::answers::FinishUpload;
use crate::commit::{PutBlob, Staged};
use crate::store::{Inner, Store, blocking};
use crate::{StorageError, UploadId};

/// A file of more bytes is synced on its own, so that no barrier that others wait for meets it.
const SYNCED_ALONE: u64 = 1 << 20;

/// A session in the hands of one request.
pub(super) struct Open {
    pub(super) store: Store,
    pub(super) repository: RepositoryName,
    pub(super) id: UploadId,
    pub(super) received: u64,
    pub(super) parts: Vec<Bytes>,
    pub(super) collected: usize,
    pub(super) writer: Lane<Writer>,
    pub(super) hashers: Lane<Hashers>,
    pub(super) mark: Option<(u64, Hashers)>,
}

impl Open {
    /// Hands what was collected to both lanes.
    pub(super) async fn dispatch(&mut self) -> Result<(), StorageError> {
        self.writer.settle().await?;
        self.hashers.settle().await?;
        if self.parts.is_empty() {
            return Ok(());
        }
        self.collected = 0;
        let parts = std::mem::take(&mut self.parts);
        let same = parts.clone();
        self.writer.start(move |writer| writer.write(&parts));
        self.hashers.start(move |hashers| {
            for part in &same {
                hashers.update(part);
            }
            Ok(())
        });
        Ok(())
    }

    pub(super) async fn rollback(&mut self) -> Result<(), StorageError> {
        let Some((offset, hashers)) = self.mark.clone() else {
            return Ok(());
        };
        self.parts.clear();
        self.collected = 0;
        self.hashers.settle().await?;
        let writer = self.writer.settle().await?;
        writer.cut(offset)?;
        self.hashers = Lane::new(hashers);
        self.received = offset;
        Ok(())
    }

    /// Lets go of the session: the next request may hold it.
    pub(super) async fn release(mut self) -> Result<u64, StorageError> {
        match self.settle().await {
            Ok(hashers) => {
                let parked = Parked {
                    repository: self.repository,
                    received: self.received,
                    hashers,
                };
                self.store.inner.sessions.park(self.id, parked);
                Ok(self.received)
            }
            Err(error) => Err(self.lose(error).await),
        }
    }

    async fn settle(&mut self) -> Result<Hashers, StorageError> {
        self.rollback().await?;
        self.dispatch().await?;
        let synced = self.writer.settle().await?.synced;
        if synced > 0 {
            let (repository, id) = (self.repository.clone(), self.id);
            let note = move |inner: &Inner| files::note_synced(&inner.disk, &repository, id, synced);
            self.store.run(note).await?;
        }
        self.hashers.settle().await.cloned()
    }

    /// Forgets what the session was after an error: the next request finds what the disk holds, but nothing of a
    /// chunk that was to be all or nothing.
    async fn lose(self, error: StorageError) -> StorageError {
        let (inner, repository, id) = (self.store.inner, self.repository, self.id);
        let _ = self.writer.into_inner().await;
        let mark = self.mark.map(|(offset, _)| offset);
        let cut = blocking(move || {
            let path = files::data_path(&inner, &repository, id);
            let cut = mark.map_or(Ok(()), |offset| {
                let file = std::fs::File::options().write(true).open(&path)?;
                if file.metadata()?.len() > offset {
                    file.set_len(offset)
                } else {
                    Ok(())
                }
            });
            inner.sessions.forget(id);
            cut.map_err(|error| StorageError::io("cutting back", &path, error))
        });
        match cut.await {
            Ok(()) => error,
            Err(worse) => worse,
        }
    }

    pub(super) async fn finish(mut self, digest: Digest) -> Result<FinishUpload, StorageError> {
        match self.store_blob(digest).await {
            Ok(stored) => {
                self.discard().await?;
                Ok(stored)
            }
            Err(error) => Err(self.lose(error).await),
        }
    }

    async fn store_blob(&mut self, digest: Digest) -> Result<FinishUpload, StorageError> {
        self.dispatch().await?;
        let path = self.writer.settle().await?.path.clone();
        let found = match self.hashers.settle().await?.digest(digest.algorithm()) {
            Some(found) => found,
            None => blocking(move || files::hash_file(&path, digest.algorithm())).await?,
        };
        if found != digest {
            return Ok(FinishUpload::DigestMismatch { found });
        }
        let (repository, size) = (self.repository.clone(), self.received);
        let writer = self.writer.settle().await?;
        let (data, file) = (writer.path.clone(), writer.file.try_clone());
        let staged = self.store.run(move |inner| {
            if size > SYNCED_ALONE {
                let synced = file.and_then(|file| file.sync_data());
                synced.map_err(|error| StorageError::io("syncing", &data, error))?;
            }
            let link = Staged::write(&inner.disk, &*inner.options.random, digest.to_string().as_bytes())?;
            Ok(PutBlob {
                repository,
                digest,
                data,
                link,
            })
        });
        let staged = staged.await?;
        self.store.inner.committer.commit(staged).await?;
        Ok(FinishUpload::Stored { size })
    }

    /// Removes what came.
    pub(super) async fn discard(self) -> Result<(), StorageError> {
        let _ = self.writer.into_inner().await;
        let (inner, id) = (self.store.inner, self.id);
        blocking(move || {
            let removed = inner
                .disk
                .remove_tree(&inner.disk.layout.upload(&self.repository, id));
            inner.sessions.forget(id);
            removed
        })
        .await
    }
}
