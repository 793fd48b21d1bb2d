use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use berth_oci::{ByteRange, Digest, Hasher};
use bytes::Bytes;
use rustix::buffer::spare_capacity;
use tokio::task::JoinHandle;

use crate::StorageError;
use crate::commit::{SetAside, Verified};
use crate::disk::Sig;
use crate::index::BlobRow;
use crate::store::{Store, blocking};

/// Bytes that one chunk has at most.
const CHUNK: u64 = 1 << 20;
/// Unverified bytes up to this many are hashed before the first is sent.
const HASHED_FIRST: u64 = 4 << 20;
/// Up to this many are read at once, with the opening.
const READ_AT_ONCE: u64 = 64 << 10;

/// Reads a blob, in chunks, while it may be deleted or healed under its name.
pub struct BlobReader {
    store: Store,
    source: Arc<Source>,
    size: u64,
    next: u64,
    end: u64,
    check: Check,
    whole: Option<Bytes>,
    ahead: Option<JoinHandle<Result<Read, StorageError>>>,
}

struct Source {
    file: Arc<File>,
    path: PathBuf,
    digest: Digest,
    sig: Sig,
}

/// How the bytes are known to be right.
enum Check {
    Done,
    /// Hashed while they are read.
    Along(Hasher),
    /// A part was asked for: the whole is hashed first.
    First,
}

/// A chunk, and the hash up to its end.
type Read = (Bytes, Option<Hasher>);

impl BlobReader {
    /// `None` where the bytes turn out to be damaged.
    pub(super) fn new(
        store: Store,
        file: Arc<File>,
        sig: Sig,
        blob: &BlobRow,
    ) -> Result<Option<Self>, StorageError> {
        let digest = blob.target;
        let path = store.inner.disk.layout.bytes(&digest);
        let mut check = if blob.verified {
            Check::Done
        } else {
            Check::Along(Hasher::new(digest.algorithm()))
        };
        if !blob.verified && sig.size <= HASHED_FIRST {
            let right = hash_open(&file, &path, sig.size, digest)? == digest;
            record(&store, digest, sig, right)?;
            if !right {
                return Ok(None);
            }
            check = Check::Done;
        }
        let whole = if matches!(check, Check::Done) && sig.size <= READ_AT_ONCE {
            Some(read_exactly(&file, &path, 0, sig.size)?)
        } else {
            None
        };
        Ok(Some(Self {
            store,
            source: Arc::new(Source {
                file,
                path,
                digest,
                sig,
            }),
            size: sig.size,
            next: 0,
            end: sig.size,
            check,
            whole,
            ahead: None,
        }))
    }

    /// Bytes of the whole blob, whatever the range.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Reads only this part, which must lie within the blob. Call it before the first chunk.
    pub fn set_range(&mut self, range: ByteRange) {
        self.next = range.start.min(self.size);
        self.end = range.start.saturating_add(range.length).min(self.size);
        if self.end - self.next < self.size && !matches!(self.check, Check::Done) {
            self.check = Check::First;
        }
    }

    /// The next bytes, up to 1 MiB; `None` at the end.
    ///
    /// [`StorageError::Damaged`]: the bytes are not those of the digest. The answer must be cut off; the last
    /// chunk has not been given out.
    pub async fn next_chunk(&mut self) -> Result<Option<Bytes>, StorageError> {
        if self.next >= self.end {
            return Ok(None);
        }
        let length = (self.end - self.next).min(CHUNK);
        if let Some(whole) = &self.whole {
            let start = usize::try_from(self.next).unwrap_or(usize::MAX);
            let chunk = whole.slice(start..start + usize::try_from(length).unwrap_or_default());
            self.next += length;
            return Ok(Some(chunk));
        }
        if matches!(self.check, Check::First) {
            let source = Arc::clone(&self.source);
            let hash = move || hash_open(&source.file, &source.path, source.sig.size, source.digest);
            let found = blocking(hash).await?;
            self.conclude(found).await?;
        }
        let (chunk, hasher) = self.read(self.next, length).await?;
        self.next += length;
        if let Some(hasher) = hasher {
            if self.next == self.size {
                self.conclude(hasher.finish()).await?;
            } else {
                self.check = Check::Along(hasher);
            }
        }
        if self.next < self.end {
            self.start_reading(self.next, (self.end - self.next).min(CHUNK));
        }
        Ok(Some(chunk))
    }

    /// The chunk that was read ahead, or one that is read now. Dropping the wait loses nothing.
    async fn read(&mut self, offset: u64, length: u64) -> Result<Read, StorageError> {
        if self.ahead.is_none() {
            self.start_reading(offset, length);
        }
        let Some(ahead) = &mut self.ahead else {
            return Err(StorageError::Closed);
        };
        let read = ahead.await.unwrap_or(Err(StorageError::Closed));
        self.ahead = None;
        read
    }

    fn start_reading(&mut self, offset: u64, length: u64) {
        let source = Arc::clone(&self.source);
        let hasher = match &self.check {
            Check::Along(hasher) => Some(hasher.clone()),
            _ => None,
        };
        self.ahead = Some(tokio::task::spawn_blocking(move || {
            let chunk = read_exactly(&source.file, &source.path, offset, length)?;
            let hasher = hasher.map(|mut hasher| {
                hasher.update(&chunk);
                hasher
            });
            Ok((chunk, hasher))
        }));
    }

    async fn conclude(&mut self, found: Digest) -> Result<(), StorageError> {
        self.check = Check::Done;
        let (digest, sig) = (self.source.digest, self.source.sig);
        let store = self.store.clone();
        blocking(move || record(&store, digest, sig, found == digest)).await?;
        if found == digest {
            Ok(())
        } else {
            Err(StorageError::Damaged { digest })
        }
    }
}

impl std::fmt::Debug for BlobReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BlobReader")
            .field("digest", &self.source.digest)
            .field("next", &self.next)
            .finish_non_exhaustive()
    }
}

/// Writes down what hashing found: that the bytes are right, or by taking them out of the way.
fn record(store: &Store, digest: Digest, sig: Sig, right: bool) -> Result<(), StorageError> {
    let sig = sig.bytes();
    let committer = &store.inner.committer;
    let recorded = if right {
        committer.commit_blocking(Verified { digest, sig })
    } else {
        tracing::error!(%digest, "stored bytes are damaged; they are set aside");
        committer.commit_blocking(SetAside { digest, sig })
    };
    match recorded {
        // Then the next reader hashes again.
        Ok(_) | Err(StorageError::ReadOnly { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Hashes the file that is open, whatever has its name by now.
fn hash_open(file: &File, path: &Path, size: u64, digest: Digest) -> Result<Digest, StorageError> {
    let mut hasher = Hasher::new(digest.algorithm());
    let mut offset = 0;
    while offset < size {
        let length = (size - offset).min(CHUNK);
        hasher.update(&read_exactly(file, path, offset, length)?);
        offset += length;
    }
    Ok(hasher.finish())
}

/// Reads `length` bytes at `offset`; fewer than that is an error, so that a short file cuts the answer.
fn read_exactly(file: &File, path: &Path, offset: u64, length: u64) -> Result<Bytes, StorageError> {
    let wanted = usize::try_from(length).unwrap_or(usize::MAX);
    let mut bytes = Vec::with_capacity(wanted);
    while bytes.len() < wanted {
        let at = offset + bytes.len() as u64;
        match rustix::io::pread(file, spare_capacity(&mut bytes), at) {
            Ok(0) => {
                let error = std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
                return Err(StorageError::io("reading", path, error));
            }
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(StorageError::io("reading", path, error.into())),
        }
    }
    bytes.truncate(wanted);
    Ok(bytes.into())
}
