use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Bytes of one block in `st_blocks`.
const BLOCK: u64 = 512;

/// What a file and its folder take on the disk, looked at before they go.
pub(crate) struct Measured {
    file: PathBuf,
    /// Bytes, none for a file that has another name.
    file_bytes: u64,
    folder_bytes: u64,
}

impl Measured {
    pub(crate) fn before(file: &Path) -> Self {
        let blocks = |path: &Path| fs::symlink_metadata(path).ok();
        Self {
            file_bytes: blocks(file).map_or(0, |found| {
                if found.nlink() > 1 {
                    0
                } else {
                    found.blocks() * BLOCK
                }
            }),
            folder_bytes: file
                .parent()
                .and_then(blocks)
                .map_or(0, |found| found.blocks() * BLOCK),
            file: file.to_owned(),
        }
    }

    /// Bytes that came back, and bytes that this process still holds open.
    pub(crate) fn freed(&self) -> (u64, u64) {
        let folder = self.file.parent().filter(|folder| folder.exists());
        let folder_bytes = if folder.is_some() { 0 } else { self.folder_bytes };
        if self.file.exists() {
            return (folder_bytes, 0);
        }
        if self.file_bytes > 0 && is_open(&self.file) {
            (folder_bytes, self.file_bytes)
        } else {
            (folder_bytes + self.file_bytes, 0)
        }
    }
}

/// Bytes that a whole folder takes.
pub(crate) fn tree_bytes(folder: &Path) -> u64 {
    let own = fs::symlink_metadata(folder).map_or(0, |found| found.blocks() * BLOCK);
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    own + entries.map(|entry| tree_bytes(&entry.path())).sum::<u64>()
}

/// Whether a reader of this process still has the file, which has lost its name.
fn is_open(file: &Path) -> bool {
    let deleted = PathBuf::from(format!("{} (deleted)", file.display()));
    let descriptors = fs::read_dir("/proc/self/fd").into_iter().flatten().flatten();
    descriptors
        .filter_map(|entry| fs::read_link(entry.path()).ok())
        .any(|target| target == deleted)
}
