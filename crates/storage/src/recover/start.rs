use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use berth_oci::{Algorithm, RepositoryName};
use rusqlite::Connection;

use super::scan::{Scans, folder_times};
use super::{boot, format};
use crate::cache::Cache;
use crate::commit::{Barrier, Committer, Reconcile, Rounds};
use crate::disk::{self, Disk};
use crate::index::{self, Identity, Write, failed};
use crate::layout::Key;
use crate::store::StoreOptions;
use crate::{StorageError, scan};

/// The note that the index failed: the next start makes it anew.
const BROKEN: &str = "index.broken";

/// What a start on a folder gives.
pub(crate) struct Started {
    pub(crate) committer: Committer,
    pub(crate) scans: Scans,
    pub(crate) cache_was_lost: bool,
}

/// Makes the folder ready: one filesystem, an index that was made from this layout, and nothing half done.
pub(crate) fn start(
    disk: &Disk,
    options: &StoreOptions,
    cache: &Arc<Cache>,
) -> Result<Started, StorageError> {
    let known = format::read(disk)?;
    make_folders(disk)?;
    probe(disk)?;
    let cache_was_lost = boot::cache_was_lost(disk)?;
    let barrier = Barrier::of(disk.layout.root())?;
    let (connection, intents, scans) = open_index(disk, options, known, barrier.covers_index())?;
    let rounds = Rounds::new(
        disk.clone(),
        connection,
        barrier,
        Arc::clone(cache),
        Arc::clone(&options.clock),
    );
    let committer = Committer::start(rounds);
    settle(&committer, options, intents)?;
    Ok(Started {
        committer,
        scans,
        cache_was_lost,
    })
}

fn make_folders(disk: &Disk) -> Result<(), StorageError> {
    let temporary = disk.layout.private("tmp");
    disk.remove_tree(&temporary)?;
    let mut made = disk.make_folder(&temporary)?;
    made.extend(disk.make_folder(&disk.layout.private("damaged"))?);
    made.extend(disk.make_folder(&disk.layout.repositories())?);
    // Made once, so that a push doesn't have to make and sync them.
    let shards = disk.layout.blobs(Algorithm::Sha256);
    for shard in 0..=255_u8 {
        made.extend(disk.make_folder(&shards.join(format!("{shard:02x}")))?);
    }
    let parents: BTreeSet<&Path> = made.iter().filter_map(|folder| folder.parent()).collect();
    parents.into_iter().try_for_each(|folder| disk.sync(folder))
}

/// Renames a file the way a push does: bind mounts may look like one filesystem and not be.
fn probe(disk: &Disk) -> Result<(), StorageError> {
    let mut from = disk.layout.private("tmp").join("probe");
    disk.write(&from, b"")?;
    let folders = [disk.layout.repositories(), disk.layout.blobs(Algorithm::Sha256)];
    for to in folders.map(|folder| folder.join(".berth-probe")) {
        match disk.rename(&from, &to) {
            Err(StorageError::Io { source, .. }) if source.kind() == std::io::ErrorKind::CrossesDevices => {
                disk.remove(&from)?;
                return Err(StorageError::NotOneFilesystem { from, to });
            }
            renamed => renamed?,
        }
        from = to;
    }
    disk.remove(&from).map(drop)
}

type Opened = (Connection, Vec<(i64, String)>, Scans);

fn open_index(
    disk: &Disk,
    options: &StoreOptions,
    known: Option<Identity>,
    covered: bool,
) -> Result<Opened, StorageError> {
    let path = disk.layout.private("index.sqlite");
    let found = disk::stat(&path)?.and_then(|_| index::identity(&path));
    let broken = disk.layout.private(BROKEN);
    if found.is_none() || found != known || disk::stat(&broken)?.is_some() {
        for suffix in ["", "-wal", "-shm"] {
            disk.remove(&disk.layout.private(&format!("index.sqlite{suffix}")))?;
        }
        disk.remove(&broken)?;
        tracing::info!("the index is made anew from the layout");
    }
    let mut identity = known.unwrap_or_else(|| format::fresh(&*options.random));
    identity.epoch += 1;
    let mut connection = index::create(&path, &identity, !covered).map_err(failed("opening"))?;
    format::write(disk, &identity)?;
    let now = nanoseconds(options.clock.now());
    let transaction = connection
        .transaction()
        .map_err(failed("beginning a transaction"))?;
    let write = Write::new(&transaction, now);
    let scans = compare(disk, &write)?;
    let intents = write.read().intents()?;
    transaction.commit().map_err(failed("committing"))?;
    Ok((connection, intents, scans))
}

/// Finds the repositories that changed since the index last agreed with them: new ones, and those whose folders
/// have other times. A tag that was moved to where it pointed before leaves no such trace; its first use finds it.
fn compare(disk: &Disk, write: &Write<'_>) -> Result<Scans, StorageError> {
    let mut known: BTreeMap<RepositoryName, Option<Vec<u8>>> = write.read().scanned()?.into_iter().collect();
    let mut changed = BTreeSet::new();
    for name in scan::repositories(disk)? {
        let before = known.remove(&name);
        if before.is_none() {
            write.add_repository(&name)?;
        }
        if before.flatten() != Some(folder_times(disk, &name)?) {
            write.set_unscanned(&name)?;
            changed.insert(name);
        }
    }
    for gone in known.keys() {
        write.drop_repository(gone)?;
    }
    Ok(Scans::new(changed))
}

/// Looks at every path that an earlier process was about to change.
fn settle(
    committer: &Committer,
    options: &StoreOptions,
    intents: Vec<(i64, String)>,
) -> Result<(), StorageError> {
    if intents.is_empty() {
        return Ok(());
    }
    tracing::info!(
        paths = intents.len(),
        "finishing or undoing what an earlier process had begun"
    );
    // Bytes before the links to them: what is damaged is out of the way when a link is judged.
    let mut keys: Vec<Key> = intents.iter().filter_map(|(_, path)| Key::parse(path)).collect();
    keys.sort_by(|a, b| b.cmp(a));
    keys.dedup();
    for key in keys {
        committer.commit_blocking(Reconcile::new(vec![key], true, Arc::clone(&options.random)))?;
    }
    committer.administer(Box::new(move |write| {
        intents.iter().try_for_each(|(id, _)| write.drop_intent(*id))
    }))
}

fn nanoseconds(time: SystemTime) -> i64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)
}

/// Has the next start make the index anew.
pub(crate) fn distrust_index(disk: &Disk) {
    // On a disk that takes not even this, the next start finds out for itself.
    let _ = disk.write(&disk.layout.private(BROKEN), b"");
}
