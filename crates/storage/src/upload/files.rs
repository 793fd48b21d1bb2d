use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use berth_oci::{Algorithm, Digest, Hasher, RepositoryName};

use super::lane::{Hashers, Writer};
use crate::disk::{self, Disk};
use crate::store::Inner;
use crate::{StorageError, UploadId};

/// What Berth notes of a session, beside what Docker's registry knows.
const NOTE: &str = "berth-session";
/// Bytes that are read at once.
const PIECE: usize = 1 << 20;

/// Makes the folder of a session, as Docker's registry makes it: its own clean-up knows it then.
pub(super) fn create(
    inner: &Inner,
    repository: &RepositoryName,
    id: UploadId,
    started: SystemTime,
    owner: Option<&str>,
) -> Result<Writer, StorageError> {
    let folder = inner.disk.layout.upload(repository, id);
    inner.disk.make_folder(&folder)?;
    inner
        .disk
        .write(&folder.join("startedat"), started_at(started).as_bytes())?;
    if owner.is_some() {
        note(&inner.disk, repository, id, 0, owner)?;
    }
    let path = folder.join("data");
    let file = inner.disk.write(&path, b"")?;
    Ok(Writer::new(file, path, 0, 0))
}

/// Bytes of a session that no request holds.
pub(super) fn offset(
    inner: &Inner,
    repository: &RepositoryName,
    id: UploadId,
) -> Result<Option<u64>, StorageError> {
    let folder = inner.disk.layout.upload(repository, id);
    let Some(sig) = disk::stat(&folder.join("data"))? else {
        return Ok(None);
    };
    // After a power cut the file may have its length and not its bytes.
    Ok(Some(if inner.cache_was_lost {
        sig.size.min(synced(&folder)?)
    } else {
        sig.size
    }))
}

/// Opens the file of a session; without what was known of it, hashes it anew.
pub(super) fn reopen(
    inner: &Inner,
    repository: &RepositoryName,
    id: UploadId,
    known: Option<(u64, Hashers)>,
) -> Result<Option<(Writer, u64, Hashers)>, StorageError> {
    let Some(offset) = offset(inner, repository, id)? else {
        return Ok(None);
    };
    let folder = inner.disk.layout.upload(repository, id);
    let path = folder.join("data");
    let failed = |error| StorageError::io("opening", &path, error);
    let mut file = File::options()
        .read(true)
        .write(true)
        .open(&path)
        .map_err(failed)?;
    let (received, hashers) = match known {
        Some(known) => known,
        None => (offset, hash(&mut file, &path, offset)?),
    };
    let synced = synced(&folder)?.min(received);
    file.seek(SeekFrom::Start(received)).map_err(failed)?;
    let mut writer = Writer::new(file, path, received, synced);
    writer.cut(received)?;
    Ok(Some((writer, received, hashers)))
}

/// Writes down whose a session is, and how much of it is durable. Nothing waits for this note to be: an older one
/// says less.
pub(super) fn note(
    disk: &Disk,
    repository: &RepositoryName,
    id: UploadId,
    synced: u64,
    owner: Option<&str>,
) -> Result<(), StorageError> {
    let path = disk.layout.upload(repository, id).join(NOTE);
    let mut note = serde_json::json!({"synced": synced});
    if let Some(owner) = owner {
        note["owner"] = owner.into();
    }
    disk.write(&path, note.to_string().as_bytes()).map(drop)
}

/// Whose a session is, as its note has it.
pub(super) fn owner(
    disk: &Disk,
    repository: &RepositoryName,
    id: UploadId,
) -> Result<Option<Arc<str>>, StorageError> {
    let note = read_note(&disk.layout.upload(repository, id))?;
    Ok(note
        .get("owner")
        .and_then(serde_json::Value::as_str)
        .map(Arc::from))
}

fn synced(folder: &Path) -> Result<u64, StorageError> {
    let note = read_note(folder)?;
    Ok(note
        .get("synced")
        .and_then(serde_json::Value::as_u64)
        .unwrap_or_default())
}

fn read_note(folder: &Path) -> Result<serde_json::Value, StorageError> {
    let note = disk::read(&folder.join(NOTE))?.unwrap_or_default();
    Ok(serde_json::from_slice(&note).unwrap_or_default())
}

fn hash(file: &mut File, path: &Path, length: u64) -> Result<Hashers, StorageError> {
    let mut hashers = Hashers::new(None);
    read_all(&mut file.take(length), path, |bytes| hashers.update(bytes))?;
    Ok(hashers)
}

/// Hashes a whole file.
pub(crate) fn hash_file(path: &Path, algorithm: Algorithm) -> Result<Digest, StorageError> {
    let mut file = File::open(path).map_err(|error| StorageError::io("opening", path, error))?;
    let mut hasher = Hasher::new(algorithm);
    read_all(&mut file, path, |bytes| hasher.update(bytes))?;
    Ok(hasher.finish())
}

/// Reads a whole file in pieces, until `take` says that it has enough.
pub(crate) fn read_file(path: &Path, take: impl FnMut(&[u8]) -> bool) -> Result<(), StorageError> {
    let mut file = File::open(path).map_err(|error| StorageError::io("opening", path, error))?;
    read_pieces(&mut file, "reading", path, take)
}

fn read_all(from: &mut impl Read, path: &Path, mut take: impl FnMut(&[u8])) -> Result<(), StorageError> {
    read_pieces(from, "hashing", path, |bytes| {
        take(bytes);
        true
    })
}

fn read_pieces(
    from: &mut impl Read,
    doing: &'static str,
    path: &Path,
    mut take: impl FnMut(&[u8]) -> bool,
) -> Result<(), StorageError> {
    let mut buffer = vec![0; PIECE];
    loop {
        let read = from
            .read(&mut buffer)
            .map_err(|error| StorageError::io(doing, path, error))?;
        if read == 0 || !take(&buffer[..read]) {
            return Ok(());
        }
    }
}

/// The form of `startedat`: RFC 3339, UTC, seconds.
fn started_at(now: SystemTime) -> String {
    let since = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let seconds = i64::try_from(since.as_secs()).unwrap_or_default();
    jiff::Timestamp::from_second(seconds)
        .unwrap_or_default()
        .to_string()
}

/// Takes from a session what came after `offset`.
pub(super) fn cut_back(
    inner: &Inner,
    repository: &RepositoryName,
    id: UploadId,
    offset: u64,
) -> Result<(), StorageError> {
    let path = inner.disk.layout.upload(repository, id).join("data");
    if disk::stat(&path)?.is_none_or(|sig| sig.size <= offset) {
        return Ok(());
    }
    let file = File::options().write(true).open(&path);
    file.and_then(|file| file.set_len(offset))
        .map_err(|error| StorageError::io("cutting back", &path, error))
}

/// Gives every session that waits without a file one, so that the next process finds it.
pub(crate) fn keep_sessions(inner: &Inner) -> Result<(), StorageError> {
    for alone in inner.sessions.without_file() {
        create(
            inner,
            &alone.repository,
            alone.id,
            alone.started,
            alone.owner.as_deref(),
        )?;
    }
    Ok(())
}
