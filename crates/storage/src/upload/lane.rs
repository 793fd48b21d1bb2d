use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::num::NonZeroU64;
use std::path::PathBuf;

use berth_oci::{Algorithm, Digest, Hasher};
use bytes::Bytes;
use rustix::fs::Advice;
use tokio::task::JoinHandle;

use crate::StorageError;

/// Bytes after which writing to the disk begins.
const WRITE_BACK: u64 = 8 << 20;
/// Bytes after which it is waited for: what an upload has at most to send again after a power cut.
const SYNC: u64 = 64 << 20;

/// Work on one value, a piece at a time, off the threads that serve requests. While one piece is worked on, the
/// owner collects the next: so two lanes (hashing, writing) and the network run side by side without a thread
/// that waits for a slow client.
pub(crate) struct Lane<T> {
    state: Option<T>,
    running: Option<JoinHandle<Result<T, StorageError>>>,
}

/// The file of a session, and where in it the next byte goes.
pub(crate) struct Writer {
    pub(crate) file: File,
    pub(crate) path: PathBuf,
    /// Bytes written.
    written: u64,
    /// Bytes known to be durable.
    pub(crate) synced: u64,
    /// Bytes whose writing to the disk has begun.
    begun: u64,
}

/// The hashes of what came so far.
#[derive(Clone)]
pub(crate) struct Hashers {
    sha256: Hasher,
    /// Only where the client said that its digest would be one, for it costs as much again.
    sha512: Option<Hasher>,
}

impl<T: Send + 'static> Lane<T> {
    pub(crate) fn new(state: T) -> Self {
        Self {
            state: Some(state),
            running: None,
        }
    }

    /// Waits for the piece in work. Dropping the wait loses nothing.
    pub(crate) async fn settle(&mut self) -> Result<&mut T, StorageError> {
        if let Some(running) = &mut self.running {
            let ended = running.await;
            self.running = None;
            self.state = Some(ended.unwrap_or(Err(StorageError::SessionLost))?);
        }
        self.state.as_mut().ok_or(StorageError::SessionLost)
    }

    /// Begins the next piece; the lane must be settled.
    pub(crate) fn start(&mut self, work: impl FnOnce(&mut T) -> Result<(), StorageError> + Send + 'static) {
        if let Some(mut state) = self.state.take() {
            self.running = Some(tokio::task::spawn_blocking(move || {
                work(&mut state)?;
                Ok(state)
            }));
        }
    }

    /// Ends the lane.
    pub(crate) async fn into_inner(mut self) -> Result<T, StorageError> {
        self.settle().await?;
        self.state.ok_or(StorageError::SessionLost)
    }
}

impl Writer {
    /// A file whose next byte goes to `written`; `synced` of them are durable.
    pub(crate) fn new(file: File, path: PathBuf, written: u64, synced: u64) -> Self {
        Self {
            file,
            path,
            written,
            synced,
            begun: synced,
        }
    }

    /// Cuts the file back.
    pub(crate) fn cut(&mut self, length: u64) -> Result<(), StorageError> {
        let cut = self.file.set_len(length);
        cut.and_then(|()| self.file.seek(SeekFrom::Start(length)))
            .map_err(|error| StorageError::io("cutting back", &self.path, error))?;
        self.written = length;
        self.synced = self.synced.min(length);
        self.begun = self.begun.min(length);
        Ok(())
    }

    pub(crate) fn write(&mut self, pieces: &[Bytes]) -> Result<(), StorageError> {
        for piece in pieces {
            self.file
                .write_all(piece)
                .map_err(|error| StorageError::io("writing", &self.path, error))?;
            self.written += piece.len() as u64;
        }
        self.write_back()
    }

    /// Keeps the disk busy while bytes come in, so that the sync at the end, and barriers of others, don't meet
    /// gigabytes. `DontNeed` begins the writing of a range and returns; pages that are being written stay cached.
    fn write_back(&mut self) -> Result<(), StorageError> {
        let window = self.written - self.begun;
        if window < WRITE_BACK {
            return Ok(());
        }
        let (file, length) = (&self.file, NonZeroU64::new(window));
        let begun = rustix::fs::fadvise(file, self.begun, length, Advice::DontNeed);
        begun.map_err(|error| StorageError::io("writing back", &self.path, error.into()))?;
        self.begun = self.written;
        if self.written - self.synced >= SYNC {
            let synced = self.file.sync_data();
            synced.map_err(|error| StorageError::io("syncing", &self.path, error))?;
            self.synced = self.written;
        }
        Ok(())
    }
}

impl Hashers {
    pub(crate) fn new(algorithm: Option<Algorithm>) -> Self {
        Self {
            sha256: Hasher::new(Algorithm::Sha256),
            sha512: (algorithm == Some(Algorithm::Sha512)).then(|| Hasher::new(Algorithm::Sha512)),
        }
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.sha256.update(bytes);
        if let Some(sha512) = &mut self.sha512 {
            sha512.update(bytes);
        }
    }

    pub(crate) fn update_all(&mut self, parts: &[Bytes]) {
        for part in parts {
            self.update(part);
        }
    }

    /// `None` where that algorithm was not hashed along.
    pub(crate) fn digest(&self, algorithm: Algorithm) -> Option<Digest> {
        match algorithm {
            Algorithm::Sha256 => Some(self.sha256.clone().finish()),
            Algorithm::Sha512 => self.sha512.clone().map(Hasher::finish),
        }
    }
}
