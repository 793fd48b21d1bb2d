//! The scrub: reads all stored bytes anew, and takes out of the way what is not what its digest says.
//!
//! It goes through `blobs` folder by folder and notes which were done: a pass that a stop cuts off goes on where it was.

use berth_oci::{Algorithm, Digest, Hasher};

use crate::commit::{SetAside, Verified};
use crate::disk::{self, Disk};
use crate::store::{Inner, Store};
use crate::upload::read_file;
use crate::{StorageError, scan};

/// The last folder that was read.
const NOTE: &str = "scrub";

/// What a pass found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScrubReport {
    pub blobs: u64,
    pub bytes: u64,
    /// Set aside: not served from now, and healed by the next push.
    pub damaged: Vec<Digest>,
    /// What the disk would not give; it stays where it is.
    pub unreadable: Vec<Digest>,
    /// The pass ended because `pace` said so; the next goes on from there.
    pub stopped: bool,
}

impl Store {
    /// Reads what is stored, once. `pace` is told of each piece how many bytes it has, on a thread that may wait, and
    /// says whether to go on.
    pub async fn scrub(
        &self,
        pace: impl FnMut(u64) -> bool + Send + 'static,
    ) -> Result<ScrubReport, StorageError> {
        self.run(move |inner| pass(inner, pace)).await
    }

    /// How many blobs were set aside and not pushed again since.
    pub async fn damaged_blobs(&self) -> Result<usize, StorageError> {
        self.run(|inner| {
            let mut missing = 0;
            for digest in scan::damaged(&inner.disk)? {
                missing += usize::from(disk::stat(&inner.disk.layout.bytes(&digest))?.is_none());
            }
            Ok(missing)
        })
        .await
    }
}

fn pass(inner: &Inner, mut pace: impl FnMut(u64) -> bool) -> Result<ScrubReport, StorageError> {
    let note = inner.disk.layout.private(NOTE);
    let done = disk::read(&note)?.unwrap_or_default();
    let mut report = ScrubReport::default();
    for folder in folders(&inner.disk)? {
        let name = folder.to_string();
        if name.as_bytes() <= done.as_slice() {
            continue;
        }
        for digest in folder.digests(&inner.disk)? {
            if !check(inner, &digest, &mut pace, &mut report)? {
                report.stopped = true;
                return Ok(report);
            }
        }
        // Losing it costs reading again.
        inner.disk.write(&note, name.as_bytes())?;
    }
    inner.disk.remove(&note)?;
    Ok(report)
}

/// One of the folders below `blobs`.
struct Folder {
    algorithm: Algorithm,
    shard: String,
}

impl std::fmt::Display for Folder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.algorithm.name(), self.shard)
    }
}

impl Folder {
    fn digests(&self, disk: &Disk) -> Result<Vec<Digest>, StorageError> {
        let mut names = disk::list(&disk.layout.blobs(self.algorithm).join(&self.shard))?;
        names.sort();
        let digests = names.iter().filter(|hex| hex.starts_with(&self.shard));
        Ok(digests
            .filter_map(|hex| Digest::from_hex(self.algorithm, hex).ok())
            .collect())
    }
}

/// In the order of their names.
fn folders(disk: &Disk) -> Result<Vec<Folder>, StorageError> {
    let mut folders = Vec::new();
    for algorithm in Algorithm::ALL {
        let shards = disk::list(&disk.layout.blobs(algorithm))?;
        folders.extend(shards.into_iter().map(|shard| Folder { algorithm, shard }));
    }
    folders.sort_by_key(Folder::to_string);
    Ok(folders)
}

/// Whether to go on.
fn check(
    inner: &Inner,
    digest: &Digest,
    pace: &mut impl FnMut(u64) -> bool,
    report: &mut ScrubReport,
) -> Result<bool, StorageError> {
    let path = inner.disk.layout.bytes(digest);
    // From before the read: what changes meanwhile is somebody else's news.
    let Some(sig) = disk::stat(&path)? else {
        return Ok(true);
    };
    let mut hasher = Hasher::new(digest.algorithm());
    let mut goes_on = true;
    let read = read_file(&path, |piece| {
        hasher.update(piece);
        goes_on = pace(piece.len() as u64);
        goes_on
    });
    match read {
        Ok(()) if !goes_on => return Ok(false),
        Ok(()) => {}
        // Swept meanwhile.
        Err(_) if disk::stat(&path)?.is_none() => return Ok(true),
        Err(error) => {
            tracing::error!(%digest, error = &error as &dyn std::error::Error, "stored bytes can't be read");
            report.unreadable.push(*digest);
            return Ok(true);
        }
    }
    report.blobs += 1;
    report.bytes += sig.size;
    if hasher.finish() == *digest {
        note_right(inner, digest, sig)?;
    } else {
        set_aside(inner, digest, sig, report)?;
    }
    Ok(true)
}

/// What a first pull would hash before it is sent needs no hashing then.
fn note_right(inner: &Inner, digest: &Digest, sig: disk::Sig) -> Result<(), StorageError> {
    let known = inner.readers.read(|read| read.blob(digest))?.value;
    if known.is_some_and(|blob| !blob.verified) {
        let (digest, sig) = (*digest, sig.bytes());
        inner.committer.commit_blocking(Verified { digest, sig })?;
    }
    Ok(())
}

fn set_aside(
    inner: &Inner,
    digest: &Digest,
    sig: disk::Sig,
    report: &mut ScrubReport,
) -> Result<(), StorageError> {
    tracing::error!(%digest, "stored bytes are damaged; they are set aside: push them again");
    report.damaged.push(*digest);
    let (digest, sig) = (*digest, sig.bytes());
    inner
        .committer
        .commit_blocking(SetAside { digest, sig })
        .map(drop)
}
