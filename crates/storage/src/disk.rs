//! The calls that touch the disk, each with an error that names the path.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::StorageError;
use crate::layout::Layout;

/// The disk below one root folder.
#[derive(Clone)]
pub(crate) struct Disk {
    pub(crate) layout: Layout,
    #[cfg(test)]
    pub(crate) faults: std::sync::Arc<crate::faults::Faults>,
    #[cfg(test)]
    pub(crate) unsynced: std::sync::Arc<crate::power_cut::Unsynced>,
}

/// How a file looked when its content was last known. A different one means that somebody else wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sig {
    pub(crate) inode: u64,
    pub(crate) size: u64,
    /// Nanoseconds since 1970.
    pub(crate) modified: i64,
    /// Nanoseconds since 1970.
    pub(crate) changed: i64,
}

impl Disk {
    pub(crate) fn new(layout: Layout) -> Self {
        Self {
            layout,
            #[cfg(test)]
            faults: std::sync::Arc::default(),
            #[cfg(test)]
            unsynced: std::sync::Arc::default(),
        }
    }

    /// Writes a new file, or replaces the content of a temporary one.
    pub(crate) fn write(&self, path: &Path, bytes: &[u8]) -> Result<File, StorageError> {
        self.step("writing", path)?;
        let file = File::create(path)
            .and_then(|mut file| file.write_all(bytes).map(|()| file))
            .map_err(|error| StorageError::io("writing", path, error))?;
        #[cfg(test)]
        self.unsynced.written(&file);
        Ok(file)
    }

    /// Gives a file its last name, replacing what had it.
    pub(crate) fn rename(&self, from: &Path, to: &Path) -> Result<(), StorageError> {
        self.step("renaming to", to)?;
        #[cfg(test)]
        let before = fs::read(to).ok();
        fs::rename(from, to).map_err(|error| StorageError::io("renaming to", to, error))?;
        #[cfg(test)]
        self.unsynced.named(from, to, before);
        Ok(())
    }

    /// Gives a file a second name. False where that name is taken.
    pub(crate) fn link(&self, from: &Path, to: &Path) -> Result<bool, StorageError> {
        self.step("linking to", to)?;
        match fs::hard_link(from, to) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(StorageError::io("linking to", to, error)),
        }
    }

    /// Makes a folder and those above it; answers those that it made, the upper ones first.
    pub(crate) fn make_folder(&self, folder: &Path) -> Result<Vec<PathBuf>, StorageError> {
        self.step("making the folder", folder)?;
        let mut made = Vec::new();
        make(folder, &mut made).map_err(|error| StorageError::io("making the folder", folder, error))?;
        #[cfg(test)]
        self.unsynced.made(&made);
        Ok(made)
    }

    /// False where there was nothing to remove.
    pub(crate) fn remove(&self, path: &Path) -> Result<bool, StorageError> {
        self.step("removing", path)?;
        #[cfg(test)]
        self.unsynced.removing(path);
        match fs::remove_file(path) {
            Ok(()) => Ok(true),
            Err(error) => absent::<()>(error)
                .map(|_| false)
                .map_err(|error| StorageError::io("removing", path, error)),
        }
    }

    pub(crate) fn remove_tree(&self, folder: &Path) -> Result<(), StorageError> {
        self.step("removing", folder)?;
        #[cfg(test)]
        self.unsynced.removing(folder);
        match fs::remove_dir_all(folder) {
            Ok(()) => Ok(()),
            Err(error) => absent::<()>(error)
                .map(drop)
                .map_err(|error| StorageError::io("removing", folder, error)),
        }
    }

    /// Makes a file's content, or a folder's names, survive a power cut.
    pub(crate) fn sync(&self, path: &Path) -> Result<(), StorageError> {
        self.step("syncing", path)?;
        match File::open(path).and_then(|file| file.sync_all()) {
            Ok(()) => {
                #[cfg(test)]
                self.unsynced.synced(path);
                Ok(())
            }
            // A folder that a later removal took away needs no sync: its parent's says that it went.
            Err(error) => absent::<()>(error)
                .map(drop)
                .map_err(|error| StorageError::io("syncing", path, error)),
        }
    }

    #[cfg(test)]
    pub(crate) fn step(&self, doing: &'static str, path: &Path) -> Result<(), StorageError> {
        self.faults.strike(doing, path)
    }

    #[cfg(not(test))]
    #[expect(
        clippy::unused_self,
        clippy::unnecessary_wraps,
        reason = "the tests make these calls fail"
    )]
    #[inline]
    pub(crate) fn step(&self, _doing: &'static str, _path: &Path) -> Result<(), StorageError> {
        Ok(())
    }
}

impl Sig {
    pub(crate) fn of(metadata: &fs::Metadata) -> Self {
        let nanoseconds =
            |seconds: i64, rest: i64| seconds.saturating_mul(1_000_000_000).saturating_add(rest);
        Self {
            inode: metadata.ino(),
            size: metadata.size(),
            modified: nanoseconds(metadata.mtime(), metadata.mtime_nsec()),
            changed: nanoseconds(metadata.ctime(), metadata.ctime_nsec()),
        }
    }

    /// The form in which the index keeps it.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let parts = [
            self.inode.to_le_bytes(),
            self.size.to_le_bytes(),
            self.modified.to_le_bytes(),
            self.changed.to_le_bytes(),
        ];
        parts.concat()
    }
}

/// `None` where there is no such file.
pub(crate) fn read(path: &Path) -> Result<Option<Vec<u8>>, StorageError> {
    let mut bytes = Vec::new();
    match File::open(path).and_then(|mut file| file.read_to_end(&mut bytes)) {
        Ok(_) => Ok(Some(bytes)),
        Err(error) => absent(error).map_err(|error| StorageError::io("reading", path, error)),
    }
}

pub(crate) fn stat(path: &Path) -> Result<Option<Sig>, StorageError> {
    match fs::metadata(path) {
        Ok(metadata) => Ok(Some(Sig::of(&metadata))),
        Err(error) => absent(error).map_err(|error| StorageError::io("looking at", path, error)),
    }
}

/// The names in a folder, in no order; none where there is no folder.
pub(crate) fn list(folder: &Path) -> Result<Vec<String>, StorageError> {
    let failed = |error| StorageError::io("listing", folder, error);
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => return absent::<()>(error).map(|_| Vec::new()).map_err(failed),
    };
    let mut names = Vec::new();
    for entry in entries {
        if let Ok(name) = entry.map_err(failed)?.file_name().into_string() {
            names.push(name);
        }
    }
    Ok(names)
}

/// Removes a folder if it is empty. What keeps it (a file on its way out on NFS, a newcomer) is no fault.
pub(crate) fn remove_empty(folder: &Path) {
    let _ = fs::remove_dir(folder);
}

fn make(folder: &Path, made: &mut Vec<PathBuf>) -> io::Result<()> {
    match fs::create_dir(folder) {
        Ok(()) => made.push(folder.to_owned()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            make(folder.parent().ok_or(error)?, made)?;
            return make(folder, made);
        }
        Err(error) => return Err(error),
    }
    Ok(())
}

/// "Not there" as an answer, anything else as an error.
fn absent<T>(error: io::Error) -> io::Result<Option<T>> {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Ok(None),
        _ => Err(error),
    }
}
