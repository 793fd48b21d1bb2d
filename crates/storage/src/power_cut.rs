//! What a power cut may take away, for tests: any part of what no barrier has covered yet.
//!
//! The model is strict POSIX: a name is durable when its folder was synced, content when its file was. Real
//! filesystems keep more.

use std::fs::{self, File};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The changes since the last barrier that covered them, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct Unsynced {
    changes: Mutex<Vec<Change>>,
}

#[derive(Debug)]
enum Change {
    Written {
        file: File,
    },
    Made {
        folder: PathBuf,
    },
    Named {
        from: PathBuf,
        to: PathBuf,
        inode: u64,
        before: Option<Vec<u8>>,
    },
    Removed {
        path: PathBuf,
        content: Vec<u8>,
    },
}

impl Unsynced {
    pub(crate) fn written(&self, file: &File) {
        let file = file.try_clone().unwrap();
        self.changes().push(Change::Written { file });
    }

    pub(crate) fn made(&self, folders: &[PathBuf]) {
        let made = folders.iter().cloned().map(|folder| Change::Made { folder });
        self.changes().extend(made);
    }

    /// Names a file; `before` is what had the name.
    pub(crate) fn named(&self, from: &Path, to: &Path, before: Option<Vec<u8>>) {
        self.changes().push(Change::Named {
            from: from.to_owned(),
            to: to.to_owned(),
            inode: fs::metadata(to).unwrap().ino(),
            before,
        });
    }

    /// Called before the removal of a file, or of all files below a folder.
    pub(crate) fn removing(&self, path: &Path) {
        if path.is_dir() {
            for entry in fs::read_dir(path).unwrap() {
                self.removing(&entry.unwrap().path());
            }
        } else if let Ok(content) = fs::read(path) {
            let path = path.to_owned();
            self.changes().push(Change::Removed { path, content });
        }
    }

    pub(crate) fn synced_all(&self) {
        self.changes().clear();
    }

    /// A file or a folder was synced.
    pub(crate) fn synced(&self, path: &Path) {
        let inode = fs::metadata(path).map(|metadata| metadata.ino()).ok();
        self.changes().retain(|change| match change {
            Change::Written { file } => file.metadata().ok().map(|metadata| metadata.ino()) != inode,
            Change::Made { folder: name }
            | Change::Named { to: name, .. }
            | Change::Removed { path: name, .. } => {
                // A removal whose folder went too is durable with that folder's removal.
                let folder = name.ancestors().skip(1).find(|folder| folder.exists());
                folder != Some(path)
            }
        });
    }

    /// Cuts the power: takes back what `takes` says, the latest first.
    pub(crate) fn cut(&self, takes: impl Fn(usize) -> bool) {
        let changes = std::mem::take(&mut *self.changes());
        for (number, change) in changes.into_iter().enumerate().rev() {
            if takes(number) {
                change.take_back();
            }
        }
    }

    fn changes(&self) -> MutexGuard<'_, Vec<Change>> {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Change {
    fn take_back(self) {
        match self {
            Self::Written { file } => file.set_len(0).unwrap(),
            // With all that is in it, durable or not: nothing leads there any more.
            Self::Made { folder } => drop(fs::remove_dir_all(folder)),
            Self::Named {
                from,
                to,
                inode,
                before,
            } => {
                if !fs::metadata(&to).is_ok_and(|metadata| metadata.ino() == inode) {
                    return;
                }
                fs::create_dir_all(from.parent().unwrap()).unwrap();
                fs::rename(&to, from).unwrap();
                if let Some(before) = before {
                    fs::write(to, before).unwrap();
                }
            }
            Self::Removed { path, content } => {
                if !path.exists() {
                    fs::create_dir_all(path.parent().unwrap()).unwrap();
                    fs::write(path, content).unwrap();
                }
            }
        }
    }
}
