use std::sync::Arc;
use std::time::SystemTime;

use berth_oci::{Algorithm, Digest, RepositoryName};
use bytes::Bytes;

use super::expire::{expire, is_due};
use super::files;
use super::lane::{Hashers, Lane, Writer};
use super::open::Open;
use super::sessions::{Hold, Offset, Owner};
use crate::answers::{FinishUpload, ResumedUpload};
use crate::store::Store;
use crate::{StorageError, UploadId};

/// Bytes that are collected before they are hashed and written.
const PIECE: usize = 1 << 20;
/// Parts that are collected at most, however small each is.
const PARTS: usize = 4096;

/// An upload that this request holds: `append`, then `pause`, `finish` or `cancel`.
///
/// Dropping it keeps what came, or what came before [`UploadSession::mark`], and lets the next request go on.
pub struct UploadSession {
    open: Option<Box<Open>>,
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

    /// Whose the session is, as [`UploadSession::set_owner`] said; `None` where nobody's, or where there is none.
    pub async fn upload_owner(
        &self,
        repository: &RepositoryName,
        id: UploadId,
    ) -> Result<Option<Arc<str>>, StorageError> {
        if let Owner::Known(owner) = self.inner.sessions.owner(id) {
            return Ok(owner);
        }
        let repository = repository.clone();
        self.run(move |inner| files::owner(&inner.disk, &repository, id))
            .await
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

    /// Says whose the session is, in a word that only the caller understands; a restart keeps it.
    pub fn set_owner(&mut self, owner: Arc<str>) {
        self.open_mut().owner = Some(owner);
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
        let inner = &store.inner;
        if let Some(because) = inner.committer.read_only() {
            let because = because.to_owned();
            return Err(StorageError::ReadOnly { because });
        }
        if is_due(inner) {
            store.run(|inner| expire(inner).map(drop)).await?;
        }
        let id = UploadId::random(&*store.inner.options.random);
        let started = store.inner.options.clock.now();
        store.inner.sessions.begin(&repository, id);
        let hashers = Hashers::new(algorithm);
        Ok(Self::new(store, repository, id, started, None, 0, hashers))
    }

    async fn resume(
        store: Store,
        repository: RepositoryName,
        id: UploadId,
    ) -> Result<ResumedUpload, StorageError> {
        let parked = match store.inner.sessions.hold(&repository, id) {
            Hold::Parked(parked) => Some(parked),
            Hold::Unseen => None,
            Hold::Busy => return Ok(ResumedUpload::Busy),
            Hold::Foreign => return Ok(ResumedUpload::Unknown),
        };
        // Held from here: in a task that can't be dropped half way, and whose session lets go if nobody takes it.
        own_task(async move {
            let started = store.inner.options.clock.now();
            let started = parked.as_ref().map_or(started, |parked| parked.started);
            let (known, owner) = match parked {
                Some(parked) if !parked.has_file => {
                    let mut session = Self::new(store, repository, id, started, None, 0, parked.hashers);
                    session.open_mut().owner = parked.owner;
                    return Ok(ResumedUpload::Session(session));
                }
                Some(parked) => (Some((parked.received, parked.hashers)), parked.owner),
                None => (None, None),
            };
            let name = repository.clone();
            let reopened = store
                .run(move |inner| {
                    let owner = owner
                        .map_or_else(|| files::owner(&inner.disk, &name, id), |owner| Ok(Some(owner)))?;
                    Ok(files::reopen(inner, &name, id, known)?.map(|reopened| (reopened, owner)))
                })
                .await;
            if let Ok(Some(((writer, received, hashers), owner))) = reopened {
                let writer = Some(Lane::new(writer));
                let mut session = Self::new(store, repository, id, started, writer, received, hashers);
                session.open_mut().owner = owner;
                return Ok(ResumedUpload::Session(session));
            }
            store.inner.sessions.forget(id);
            reopened.map(|_| ResumedUpload::Unknown)
        })
        .await
    }

    async fn offset_of(
        store: Store,
        repository: RepositoryName,
        id: UploadId,
    ) -> Result<Option<u64>, StorageError> {
        let known = match store.inner.sessions.offset(&repository, id) {
            Offset::Known(offset) => return Ok(Some(offset)),
            Offset::HeldAlone => Some(0),
            Offset::OnDisk => None,
        };
        let on_disk = store
            .run(move |inner| files::offset(inner, &repository, id))
            .await?;
        Ok(on_disk.or(known))
    }

    fn new(
        store: Store,
        repository: RepositoryName,
        id: UploadId,
        started: SystemTime,
        writer: Option<Lane<Writer>>,
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
                started,
                writer,
                hashers: Lane::new(hashers),
                mark: None,
                owner: None,
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
