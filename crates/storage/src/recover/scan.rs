use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use berth_oci::{Algorithm, RepositoryName};

use crate::StorageError;
use crate::disk::{self, Disk};
use crate::layout::Key;
use crate::scan;
use crate::store::Inner;

/// Keys that one change reads anew: few enough that pushes between two of them don't wait long.
const BATCH: usize = 256;

/// Repositories whose rows may not agree with their folders. Single tags, manifests and blobs are checked at
/// their first use anyway; only lists wait for the scan.
pub(crate) struct Scans {
    /// For each, whether it was read; locked while it is.
    pending: Mutex<BTreeMap<RepositoryName, Arc<Mutex<bool>>>>,
    left: AtomicUsize,
}

impl Scans {
    pub(crate) fn new(changed: BTreeSet<RepositoryName>) -> Self {
        Self {
            left: AtomicUsize::new(changed.len()),
            pending: Mutex::new(changed.into_iter().map(|name| (name, Arc::default())).collect()),
        }
    }

    /// Whether every repository was read.
    pub(crate) fn are_done(&self) -> bool {
        self.left.load(Ordering::Acquire) == 0
    }

    fn of(&self, name: &RepositoryName) -> Option<Arc<Mutex<bool>>> {
        self.pending
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(name)
            .cloned()
    }

    /// One that is to be read.
    pub(crate) fn next(&self) -> Option<RepositoryName> {
        let pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        pending.keys().next().cloned()
    }

    fn finish(&self, name: &RepositoryName) {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        if pending.remove(name).is_some() {
            self.left.store(pending.len(), Ordering::Release);
        }
    }
}

/// Reads one repository's folders, if that is still to be done. Who asks meanwhile waits for the same.
pub(crate) fn scan_one(inner: &Inner, name: &RepositoryName) -> Result<(), StorageError> {
    if inner.scans.are_done() {
        return Ok(());
    }
    let Some(scan) = inner.scans.of(name) else {
        return Ok(());
    };
    let mut read = scan.lock().unwrap_or_else(PoisonError::into_inner);
    if !*read {
        scan_folders(inner, name)?;
        *read = true;
        inner.scans.finish(name);
    }
    Ok(())
}

/// Reads all that is to be read, one repository after the other, while the store serves.
pub(crate) fn scan_all(inner: &Weak<Inner>) {
    loop {
        let Some(inner) = inner.upgrade() else { return };
        let Some(name) = inner.scans.next() else { return };
        if let Err(error) = scan_one(&inner, &name) {
            if !matches!(error, StorageError::Closed) {
                tracing::error!(repository = %name, %error, "a repository could not be read; its lists are refused");
            }
            return;
        }
    }
}

fn scan_folders(inner: &Inner, name: &RepositoryName) -> Result<(), StorageError> {
    let disk = &inner.disk;
    // From before the look: what changes meanwhile shows as another time at the next start.
    let times = folder_times(disk, name)?;
    let mut keys: BTreeSet<Key> = inner.readers.read(|read| read.keys(name))?.into_iter().collect();
    let edges = scan::edges(disk, name)?.into_iter();
    keys.extend(edges.map(|digest| Key::Edge(name.clone(), digest)));
    let revisions = scan::revisions(disk, name)?.into_iter();
    keys.extend(revisions.map(|digest| Key::Revision(name.clone(), digest)));
    let tags = scan::tags(disk, name)?.into_iter();
    keys.extend(tags.map(|tag| Key::Tag(name.clone(), tag)));
    // Edges, then revisions, then tags: each finds what it points at.
    let keys: Vec<Key> = keys.into_iter().rev().collect();
    for batch in keys.chunks(BATCH) {
        inner.reconcile(batch.to_vec())?;
    }
    let name = name.clone();
    inner
        .committer
        .administer(Box::new(move |write| write.set_scanned(&name, &times)))
}

/// The times of the folders in which a new blob, manifest or tag leaves a trace.
pub(crate) fn folder_times(disk: &Disk, name: &RepositoryName) -> Result<Vec<u8>, StorageError> {
    let layout = &disk.layout;
    let mut folders = vec![layout.tags(name), layout.uploads(name)];
    for algorithm in Algorithm::ALL {
        folders.push(layout.edges(name).join(algorithm.name()));
        folders.push(layout.revisions(name).join(algorithm.name()));
    }
    let mut times = Vec::new();
    for folder in folders {
        let (inode, modified) = disk::stat(&folder)?.map_or((0, 0), |sig| (sig.inode, sig.modified));
        times.extend_from_slice(&inode.to_le_bytes());
        times.extend_from_slice(&modified.to_le_bytes());
    }
    Ok(times)
}
