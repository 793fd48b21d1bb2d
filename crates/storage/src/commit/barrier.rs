use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};

use crate::StorageError;
use crate::disk::Disk;

/// Filesystems on which `syncfs` makes all names and contents durable (`statfs(2)`).
const EXT4: i64 = 0xEF53;
const XFS: i64 = 0x5846_5342;
const BTRFS: i64 = 0x9123_683E;
const F2FS: i64 = 0xF2F5_2010;

/// Threads that sync side by side where each file is synced on its own.
const SYNCING: usize = 8;

/// Makes what was written before it durable, whatever comes after.
pub(crate) enum Barrier {
    /// One call for the whole filesystem. The descriptor stays open, for errors are reported to each once.
    Whole(File),
    /// Each file and folder by name: on overlays, FUSE and network filesystems the one call may do little.
    Each,
}

impl Barrier {
    /// The kind that holds on the filesystem of `root`.
    pub(crate) fn of(root: &Path) -> Result<Self, StorageError> {
        let failed = |error| StorageError::io("opening", root, error);
        let folder = File::open(root).map_err(failed)?;
        let kind = rustix::fs::fstatfs(&folder)
            .map_err(|error| failed(error.into()))?
            .f_type;
        Ok(if [EXT4, XFS, BTRFS, F2FS].contains(&kind) {
            Self::Whole(folder)
        } else {
            Self::Each
        })
    }

    /// Whether a barrier covers the index's log too, as one more file of the filesystem.
    pub(crate) fn covers_index(&self) -> bool {
        matches!(self, Self::Whole(_))
    }

    /// Waits until `paths` (and, of the whole kind, everything else) would survive a power cut.
    pub(crate) fn pass(&self, disk: &Disk, paths: &BTreeSet<PathBuf>) -> Result<(), StorageError> {
        match self {
            Self::Whole(folder) => {
                disk.step("syncing", disk.layout.root())?;
                rustix::fs::syncfs(folder)
                    .map_err(|error| StorageError::io("syncing", disk.layout.root(), error.into()))?;
                #[cfg(test)]
                disk.unsynced.synced_all();
                Ok(())
            }
            Self::Each => sync_each(disk, &paths.iter().map(PathBuf::as_path).collect::<Vec<_>>()),
        }
    }
}

fn sync_each(disk: &Disk, paths: &[&Path]) -> Result<(), StorageError> {
    let share = paths.len().div_ceil(SYNCING).max(1);
    std::thread::scope(|scope| {
        let threads: Vec<_> = paths
            .chunks(share)
            .map(|share| scope.spawn(move || share.iter().try_for_each(|path| disk.sync(path))))
            .collect();
        threads
            .into_iter()
            .try_for_each(|thread| thread.join().unwrap_or(Err(StorageError::Closed)))
    })
}
