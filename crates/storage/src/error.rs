use std::io;
use std::path::{Path, PathBuf};

use berth_oci::Digest;

/// Why the store could not do what it was asked.
///
/// "Not there" is never an error: the operations answer `None` or `false`.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StorageError {
    /// The disk is full (or a quota is). Nothing of the operation stays.
    #[error("no space left while {doing} {}: free space on that disk and try again", path.display())]
    NoSpace {
        doing: &'static str,
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    /// The store answers reads only, because a write could neither be finished nor be undone.
    #[error("the store is read-only: {because}; check the disk, then start again")]
    ReadOnly { because: String },
    /// Another process owns the folder.
    #[error("{} is in use by {holder}: stop that process or choose another folder", root.display())]
    Locked { root: PathBuf, holder: String },
    /// Parts of the folder lie on different filesystems, so a rename can't be the last step of a write.
    #[error("{} and {} are not on one filesystem: mount the whole root folder from one", from.display(), to.display())]
    NotOneFilesystem { from: PathBuf, to: PathBuf },
    /// The folder was written by a later version of Berth.
    #[error("{} was written by a later version of Berth (format {found}): use that version", path.display())]
    LaterFormat { path: PathBuf, found: u64 },
    #[error("{doing} {} failed", path.display())]
    Io {
        doing: &'static str,
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("{doing} in the index failed")]
    Index {
        doing: &'static str,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// What can't be rebuilt could not be read or written.
    #[error("{doing} failed in the state store `.berth/state.sqlite`")]
    State {
        doing: &'static str,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Stored bytes are not what their digest says. They have been set aside; a new push heals the digest.
    #[error("the bytes stored for {digest} are damaged; they were set aside: push it again")]
    Damaged { digest: Digest },
    /// The session ended with an earlier error, or its folder was removed.
    #[error("the upload session can't go on: start a new one")]
    SessionLost,
    /// The store was closed while the operation waited.
    #[error("the store is closed")]
    Closed,
}

impl StorageError {
    /// Sorts an I/O error by what a caller can do about it.
    pub(crate) fn io(doing: &'static str, path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                Self::NoSpace { doing, path, source }
            }
            _ => Self::Io { doing, path, source },
        }
    }

    /// The same error for one more of those who waited for the same barrier.
    pub(crate) fn again(&self) -> Self {
        let copy = |source: &io::Error| {
            source.raw_os_error().map_or_else(
                || io::Error::new(source.kind(), source.to_string()),
                io::Error::from_raw_os_error,
            )
        };
        match self {
            Self::NoSpace { doing, path, source } => Self::NoSpace {
                doing,
                path: path.clone(),
                source: copy(source),
            },
            Self::Io { doing, path, source } => Self::Io {
                doing,
                path: path.clone(),
                source: copy(source),
            },
            Self::Index { doing, source } => Self::Index {
                doing,
                source: source.to_string().into(),
            },
            Self::ReadOnly { because } => Self::ReadOnly {
                because: because.clone(),
            },
            other => Self::ReadOnly {
                because: other.to_string(),
            },
        }
    }
}
