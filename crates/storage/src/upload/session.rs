use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use berth_oci::{Algorithm, Digest, Hasher, RepositoryName};
use bytes::Bytes;

use super::lane::{Hashers, Lane, Writer};
use super::sessions::{Hold, Parked};
use crate::answers::{FinishUpload, ResumedUpload};
use crate::commit::{PutBlob, Staged};
use crate::disk;
use crate::store::{Store, blocking};
use crate::{StorageError, UploadId};

/// Bytes that are collected before they are hashed and written.
const PIECE: usize = 1 << 20;
/// Parts that are collected at most, however small each is.
const PARTS: usize = 4096;
/// A file of more bytes is synced on its own, so that no barrier that others wait for meets it.
const SYNCED_ALONE: u64 = 1 << 20;

/// An upload that this request holds: `append`, then `pause`, `finish` or `cancel`.
///
/// Dropping it keeps what came, or what came before [`UploadSession::mark`], and lets the next request go on.
pub struct UploadSession {
    open: Option<Box<Open>>,
}

struct Open {
    store: Store,
    repository: RepositoryName,
    id: UploadId,
    received: u64,
    parts: Vec<Bytes>,
    collected: usize,
    writer: Lane<Writer>,
    hashers: Lane<Hashers>,
    mark: Option<(u64, Hashers)>,
}

impl Store {
    /// Begins an upload. `algorithm`: the one that the digest at its end will have, where that is known.
    pub async fn start_upload(
        &self,
        repository: &RepositoryName,
        algorithm: Option<Algorithm>,
    ) -> Result<UploadSession, StorageError> {
        UploadSession::start(self.clone(), repository.clone(), algorithm).await
    }

    /// Goes on with an upload, also one from before a restart.
    pub async fn resume_upload(
        &self,
        repository: &RepositoryName,
        id: UploadId,
    ) -> Result<ResumedUpload, StorageError> {
        UploadSession::resume(self.clone(), repository.clone(), id).await
    }

    /// Bytes that the session has; `None` where there is no such session.
    pub async fn upload_offset(
        &self,
        repository: &RepositoryName,
        id: UploadId,
    ) -> Result<Option<u64>, StorageError> {
        UploadSession::offset_of(self.clone(), repository.clone(), id).await
    }
}

impl UploadSession {
    /// The session's name, for the `Location` header.
    pub fn id(&self) -> UploadId {
        self.open().id
    }

    /// Bytes received so far.
    pub fn offset(&self) -> u64 {
        self.open().received
    }

    /// Takes the next bytes. They are hashed and written while the caller waits for those after them.
    pub async fn append(&mut self, bytes: Bytes) -> Result<(), StorageError> {
        let open = self.open_mut();
        if bytes.is_empty() {
            return Ok(());
        }
        if open.collected >= PIECE || open.parts.len() >= PARTS {
            open.dispatch().await?;
        }
        open.received += bytes.len() as u64;
        open.collected += bytes.len();
        open.parts.push(bytes);
        Ok(())
    }

    /// Begins a chunk that is all or nothing: until `pause` or `finish`, a rollback or a drop undoes it.
    pub async fn mark(&mut self) -> Result<(), StorageError> {
        let open = self.open_mut();
        open.dispatch().await?;
        let hashers = open.hashers.settle().await?.clone();
        open.mark = Some((open.received, hashers));
        Ok(())
    }

    /// Goes back to the mark.
    pub async fn rollback(&mut self) -> Result<(), StorageError> {
        self.open_mut().rollback().await
    }

    /// Ends a request: the session waits for the next one. Answers the offset.
    pub async fn pause(mut self) -> Result<u64, StorageError> {
        let Some(mut open) = self.open.take() else {
            return Err(StorageError::SessionLost);
        };
        open.mark = None;
        own_task(open.release()).await
    }

    /// Ends the upload: checks the digest, makes the blob durable and readable in the repository.
    pub async fn finish(mut self, digest: &Digest) -> Result<FinishUpload, StorageError> {
        let Some(open) = self.open.take() else {
            return Err(StorageError::SessionLost);
        };
        own_task(open.finish(*digest)).await
    }

    /// Ends the upload and removes what came.
    pub async fn cancel(mut self) -> Result<(), StorageError> {
        let Some(open) = self.open.take() else {
            return Err(StorageError::SessionLost);
        };
        own_task(open.discard()).await
    }

    async fn start(
        store: Store,
        repository: RepositoryName,
        algorithm: Option<Algorithm>,
    ) -> Result<Self, StorageError> {
        let id = UploadId::random(&*store.inner.options.random);
        let (inner, name) = (store.inner.clone(), repository.clone());
        let writer = blocking(move || {
            let layout = &inner.disk.layout;
            let folder = layout.upload(&name, id);
            inner.disk.make_folder(&folder)?;
            let started = started_at(inner.options.clock.now());
            inner.disk.write(&folder.join("startedat"), started.as_bytes())?;
            let path = folder.join("data");
            let file = inner.disk.write(&path, b"")?;
            Ok(Writer { file, path })
        })
        .await?;
        store.inner.sessions.hold(&repository, id);
        Ok(Self::new(
            store,
            repository,
            id,
            writer,
            0,
            Hashers::new(algorithm),
        ))
    }

    async fn resume(
        store: Store,
        repository: RepositoryName,
        id: UploadId,
    ) -> Result<ResumedUpload, StorageError> {
        let parked = match store.inner.sessions.hold(&repository, id) {
            Hold::Parked(parked) => Some((parked.received, parked.hashers)),
            Hold::Unseen => None,
            Hold::Busy => return Ok(ResumedUpload::Busy),
            Hold::Foreign => return Ok(ResumedUpload::Unknown),
        };
        let path = data_path(&store, &repository, id);
        let opened = own_task(async move { blocking(move || reopen(path, parked)).await }).await;
        match opened {
            Ok(Some((writer, received, hashers))) => Ok(ResumedUpload::Session(Self::new(
                store, repository, id, writer, received, hashers,
            ))),
            Ok(None) => {
                store.inner.sessions.forget(id);
                Ok(ResumedUpload::Unknown)
            }
            Err(error) => {
                store.inner.sessions.forget(id);
                Err(error)
            }
        }
    }

    async fn offset_of(
        store: Store,
        repository: RepositoryName,
        id: UploadId,
    ) -> Result<Option<u64>, StorageError> {
        if let Some(offset) = store.inner.sessions.offset(&repository, id) {
            return Ok(Some(offset));
        }
        let path = data_path(&store, &repository, id);
        blocking(move || Ok(disk::stat(&path)?.map(|sig| sig.size))).await
    }

    fn new(
        store: Store,
        repository: RepositoryName,
        id: UploadId,
        writer: Writer,
        received: u64,
        hashers: Hashers,
    ) -> Self {
        Self {
            open: Some(Box::new(Open {
                store,
                repository,
                id,
                received,
                parts: Vec::new(),
                collected: 0,
                writer: Lane::new(writer),
                hashers: Lane::new(hashers),
                mark: None,
            })),
        }
    }

    fn open(&self) -> &Open {
        self.open
            .as_ref()
            .expect("only what consumes the session empties it")
    }

    fn open_mut(&mut self) -> &mut Open {
        self.open
            .as_mut()
            .expect("only what consumes the session empties it")
    }
}

impl Open {
    /// Hands what was collected to both lanes.
    async fn dispatch(&mut self) -> Result<(), StorageError> {
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

    async fn rollback(&mut self) -> Result<(), StorageError> {
        let Some((offset, hashers)) = self.mark.clone() else {
            return Ok(());
        };
        self.parts.clear();
        self.collected = 0;
        self.hashers.settle().await?;
        let writer = self.writer.settle().await?;
        let cut = writer
            .file
            .set_len(offset)
            .and_then(|()| writer.file.seek(SeekFrom::Start(offset)));
        cut.map_err(|error| StorageError::io("cutting back", &writer.path, error))?;
        self.hashers = Lane::new(hashers);
        self.received = offset;
        Ok(())
    }

    async fn release(mut self) -> Result<u64, StorageError> {
        let settled = async {
            self.rollback().await?;
            self.dispatch().await?;
            self.writer.settle().await?;
            self.hashers.settle().await.cloned()
        }
        .await;
        match settled {
            Ok(hashers) => {
                let parked = Parked {
                    repository: self.repository,
                    received: self.received,
                    hashers,
                };
                self.store.inner.sessions.park(self.id, parked);
                Ok(self.received)
            }
            Err(error) => {
                self.store.inner.sessions.forget(self.id);
                Err(error)
            }
        }
    }

    async fn finish(mut self, digest: Digest) -> Result<FinishUpload, StorageError> {
        self.dispatch().await?;
        let path = self.writer.settle().await?.path.clone();
        let found = match self.hashers.settle().await?.digest(digest.algorithm()) {
            Some(found) => found,
            None => blocking(move || hash_file(&path, digest.algorithm())).await?,
        };
        if found != digest {
            self.discard().await?;
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
        self.discard().await?;
        Ok(FinishUpload::Stored { size })
    }

    async fn discard(self) -> Result<(), StorageError> {
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

impl Drop for UploadSession {
    fn drop(&mut self) {
        let Some(open) = self.open.take() else {
            return;
        };
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn(open.release())),
            Err(_) => open.store.inner.sessions.forget(open.id),
        }
    }
}

impl std::fmt::Debug for UploadSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UploadSession")
            .field("id", &self.open.as_ref().map(|open| open.id))
            .finish_non_exhaustive()
    }
}

/// Runs work to its end even when the request that waits for it goes away.
async fn own_task<T: Send + 'static>(
    work: impl Future<Output = Result<T, StorageError>> + Send + 'static,
) -> Result<T, StorageError> {
    tokio::spawn(work).await.unwrap_or(Err(StorageError::SessionLost))
}

fn data_path(store: &Store, repository: &RepositoryName, id: UploadId) -> PathBuf {
    store.inner.disk.layout.upload(repository, id).join("data")
}

/// Opens the file of a session; without what was known of it, hashes it anew.
fn reopen(
    path: PathBuf,
    known: Option<(u64, Hashers)>,
) -> Result<Option<(Writer, u64, Hashers)>, StorageError> {
    let opened = File::options().read(true).write(true).open(&path);
    let mut file = match opened {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(StorageError::io("opening", &path, error)),
    };
    let failed = |error| StorageError::io("reading", &path, error);
    let (received, hashers) = if let Some(known) = known {
        known
    } else {
        let mut hashers = Hashers::new(None);
        let mut buffer = vec![0; PIECE];
        let mut received = 0;
        loop {
            match file.read(&mut buffer).map_err(failed)? {
                0 => break (received, hashers),
                read => {
                    hashers.update(&buffer[..read]);
                    received += read as u64;
                }
            }
        }
    };
    file.set_len(received).map_err(failed)?;
    file.seek(SeekFrom::Start(received)).map_err(failed)?;
    Ok(Some((Writer { file, path }, received, hashers)))
}

pub(crate) fn hash_file(path: &Path, algorithm: Algorithm) -> Result<Digest, StorageError> {
    let failed = |error| StorageError::io("hashing", path, error);
    let mut file = File::open(path).map_err(failed)?;
    let mut hasher = Hasher::new(algorithm);
    let mut buffer = vec![0; PIECE];
    loop {
        match file.read(&mut buffer).map_err(failed)? {
            0 => return Ok(hasher.finish()),
            read => hasher.update(&buffer[..read]),
        }
    }
}

/// The form of `startedat`: RFC 3339, UTC, seconds.
fn started_at(now: std::time::SystemTime) -> String {
    let since = now
        .duration_since(std::time::SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    let seconds = i64::try_from(since.as_secs()).unwrap_or_default();
    jiff::Timestamp::from_second(seconds)
        .unwrap_or_default()
        .to_string()
}
