use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use berth_oci::RepositoryName;

use crate::disk;
use crate::store::Inner;
use crate::sweep::tree_bytes;
use crate::{StorageError, UploadId, scan};

/// How often old sessions are looked for.
const EVERY: Duration = Duration::from_secs(3600);

/// When old sessions were last looked for.
#[derive(Default)]
pub(crate) struct LastLook(AtomicU64);

/// Whether an hour has passed since old sessions were looked for. Says so to one caller.
pub(super) fn is_due(inner: &Inner) -> bool {
    let now = seconds(inner.options.clock.now());
    let last = inner.last_look.0.load(Ordering::Relaxed);
    let mine = || {
        inner
            .last_look
            .0
            .compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed)
            .is_ok()
    };
    // The first time is the start's: there may be thousands of repositories to look through.
    last > 0 && now >= last.saturating_add(EVERY.as_secs()) && mine()
}

/// What old sessions gave back.
#[derive(Default)]
pub(crate) struct Expired {
    pub(crate) sessions: u64,
    /// Whole blocks on the disk.
    pub(crate) bytes: u64,
}

/// Removes the sessions that began longer ago than the store keeps them and that no request holds.
pub(crate) fn expire(inner: &Inner) -> Result<Expired, StorageError> {
    let mut expired = Expired::default();
    let now = inner.options.clock.now();
    inner.last_look.0.store(seconds(now), Ordering::Relaxed);
    let oldest = seconds(now).saturating_sub(inner.options.upload_expiry.as_secs());
    for alone in inner.sessions.without_file() {
        if seconds(alone.started) < oldest {
            expired.sessions += u64::from(inner.sessions.retire(alone.id));
        }
    }
    let repositories = scan::repositories_with(&inner.disk, |name| name == "_uploads")?;
    for repository in repositories {
        let uploads = inner.disk.layout.uploads(&repository);
        for id in disk::list(&uploads)? {
            if let Ok(id) = id.parse::<UploadId>()
                && started(inner, &repository, id)?.is_some_and(|started| started < oldest)
                && inner.sessions.retire(id)
            {
                let folder = inner.disk.layout.upload(&repository, id);
                let bytes = tree_bytes(&folder);
                inner.disk.remove_tree(&folder)?;
                expired.sessions += 1;
                expired.bytes += bytes;
            }
        }
    }
    Ok(expired)
}

/// Seconds since 1970 at which the session began; without a note of it, those of its folder.
fn started(inner: &Inner, repository: &RepositoryName, id: UploadId) -> Result<Option<u64>, StorageError> {
    let folder = inner.disk.layout.upload(repository, id);
    let note = disk::read(&folder.join("startedat"))?.unwrap_or_default();
    let noted = std::str::from_utf8(&note)
        .ok()
        .and_then(|text| text.trim().parse::<jiff::Timestamp>().ok());
    let noted = noted.and_then(|time| u64::try_from(time.as_second()).ok());
    Ok(match noted {
        Some(noted) => Some(noted),
        None => disk::stat(&folder)?.and_then(|sig| u64::try_from(sig.modified / 1_000_000_000).ok()),
    })
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs()
}
