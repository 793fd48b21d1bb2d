use std::sync::Arc;
use std::time::SystemTime;

use berth_oci::{Digest, RepositoryName};
use bytes::Bytes;

use super::files;
use super::lane::{Hashers, Lane, Writer};
use super::sessions::Parked;
use crate::answers::FinishUpload;
use crate::commit::{BlobData, PutBlob, Staged};
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
    pub(super) started: SystemTime,
    /// `None` as long as all that came is in `parts`: a small upload that one request ends never has a folder.
    pub(super) writer: Option<Lane<Writer>>,
    pub(super) hashers: Lane<Hashers>,
    pub(super) mark: Option<(u64, Hashers)>,
    pub(super) owner: Option<Arc<str>>,
}

impl Open {
    /// Hands what was collected to both lanes.
    pub(super) async fn dispatch(&mut self) -> Result<(), StorageError> {
        if !self.parts.is_empty() {
            self.make_file().await?;
        }
        let Some(writer) = &mut self.writer else {
            return Ok(());
        };
        writer.settle().await?;
        self.hashers.settle().await?;
        if self.parts.is_empty() {
            return Ok(());
        }
        self.collected = 0;
        let parts = std::mem::take(&mut self.parts);
        let same = parts.clone();
        writer.start(move |writer| writer.write(&parts));
        self.hashers.start(move |hashers| {
            hashers.update_all(&same);
            Ok(())
        });
        Ok(())
    }

    async fn make_file(&mut self) -> Result<(), StorageError> {
        if self.writer.is_none() {
            let (repository, id, started) = (self.repository.clone(), self.id, self.started);
            let owner = self.owner.clone();
            let make = move |inner: &Inner| files::create(inner, &repository, id, started, owner.as_deref());
            self.writer = Some(Lane::new(self.store.run(make).await?));
        }
        Ok(())
    }

    pub(super) async fn rollback(&mut self) -> Result<(), StorageError> {
        let Some((offset, hashers)) = self.mark.clone() else {
            return Ok(());
        };
        self.parts.clear();
        self.collected = 0;
        self.hashers.settle().await?;
        if let Some(writer) = &mut self.writer {
            writer.settle().await?.cut(offset)?;
        }
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
                    started: self.started,
                    has_file: self.writer.is_some(),
                    hashers,
                    owner: self.owner,
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
        if let Some(writer) = &mut self.writer {
            let synced = writer.settle().await?.synced;
            if synced > 0 {
                let (repository, id) = (self.repository.clone(), self.id);
                let owner = self.owner.clone();
                let note =
                    move |inner: &Inner| files::note(&inner.disk, &repository, id, synced, owner.as_deref());
                self.store.run(note).await?;
            }
        }
        self.hashers.settle().await.cloned()
    }

    /// Forgets what the session was after an error: the next request finds what the disk holds, but nothing of a
    /// chunk that was to be all or nothing. What met a full disk goes whole: kept, it would keep the disk full.
    async fn lose(mut self, error: StorageError) -> StorageError {
        if matches!(error, StorageError::NoSpace { .. }) {
            return match self.discard().await {
                Ok(()) => error,
                Err(worse) => worse,
            };
        }
        if self.writer.is_none() && self.mark.is_none() {
            // What can't be written either is lost with the rest.
            let _ = self.dispatch().await;
        }
        if let Some(writer) = self.writer {
            let _ = writer.into_inner().await;
        }
        let (inner, repository, id) = (self.store.inner, self.repository, self.id);
        let mark = self.mark.map(|(offset, _)| offset);
        let cut = blocking(move || {
            let cut = mark.map_or(Ok(()), |offset| files::cut_back(&inner, &repository, id, offset));
            inner.sessions.forget(id);
            cut
        });
        match cut.await {
            Ok(()) => error,
            Err(worse) => worse,
        }
    }

    pub(super) async fn finish(mut self, digest: Digest) -> Result<FinishUpload, StorageError> {
        let stored = if self.writer.is_none() {
            self.store_small(digest).await
        } else {
            self.store_file(digest).await
        };
        match stored {
            Ok(stored) => {
                self.discard().await?;
                Ok(stored)
            }
            Err(error) => Err(self.lose(error).await),
        }
    }

    /// Ends an upload that is all in memory.
    async fn store_small(&mut self, digest: Digest) -> Result<FinishUpload, StorageError> {
        let (repository, parts) = (self.repository.clone(), self.parts.clone());
        let mut hashers = self.hashers.settle().await?.clone();
        let staged = self.store.run(move |inner| {
            hashers.update_all(&parts);
            let content = parts.concat();
            let found = hashers.digest(digest.algorithm());
            let found = found.unwrap_or_else(|| Digest::of(digest.algorithm(), &content));
            if found != digest {
                return Ok(Err(found));
            }
            let data = Staged::write(&inner.disk, &*inner.options.random, &content)?;
            PutBlob::stage(inner, repository, digest, BlobData::Staged(data)).map(Ok)
        });
        match staged.await? {
            Ok(put) => self.commit(put).await,
            Err(found) => Ok(FinishUpload::DigestMismatch { found }),
        }
    }

    async fn store_file(&mut self, digest: Digest) -> Result<FinishUpload, StorageError> {
        self.dispatch().await?;
        let Some(writer) = &mut self.writer else {
            return Err(StorageError::SessionLost);
        };
        let writer = writer.settle().await?;
        let (path, file) = (writer.path.clone(), writer.file.try_clone());
        let found = self.hashers.settle().await?.digest(digest.algorithm());
        let (repository, size) = (self.repository.clone(), self.received);
        let staged = self.store.run(move |inner| {
            let found = match found {
                Some(found) => found,
                None => files::hash_file(&path, digest.algorithm())?,
            };
            if found != digest {
                return Ok(Err(found));
            }
            if size > SYNCED_ALONE {
                let synced = file.and_then(|file| file.sync_data());
                synced.map_err(|error| StorageError::io("syncing", &path, error))?;
            }
            PutBlob::stage(inner, repository, digest, BlobData::File(path)).map(Ok)
        });
        match staged.await? {
            Ok(put) => self.commit(put).await,
            Err(found) => Ok(FinishUpload::DigestMismatch { found }),
        }
    }

    async fn commit(&self, put: PutBlob) -> Result<FinishUpload, StorageError> {
        self.store.inner.leases.lease(&put.repository, &put.digest);
        self.store.inner.committer.commit(put).await?;
        Ok(FinishUpload::Stored { size: self.received })
    }

    /// Removes what came.
    pub(super) async fn discard(self) -> Result<(), StorageError> {
        let (inner, id) = (self.store.inner, self.id);
        let Some(writer) = self.writer else {
            inner.sessions.forget(id);
            return Ok(());
        };
        let _ = writer.into_inner().await;
        blocking(move || {
            let folder = inner.disk.layout.upload(&self.repository, id);
            let removed = inner.disk.remove_tree(&folder);
            inner.sessions.forget(id);
            removed
        })
        .await
    }
}
