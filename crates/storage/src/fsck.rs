//! Checks a whole folder that no process serves: every byte, every link, and the index against both.
//!
//! It changes nothing. It also checks a folder that Docker's registry wrote and Berth has never seen.

mod against_index;
mod bytes;
mod repository;

use std::collections::HashSet;
use std::fmt;
use std::path::{Path, PathBuf};

use berth_oci::Digest;

use crate::disk::{self, Disk};
use crate::layout::Layout;
use crate::lock::OwnerLock;
use crate::{StorageError, scan};

/// What to check.
#[derive(Clone, Copy, Debug)]
pub struct FsckOptions {
    /// Whether all bytes are read and hashed, which takes as long as reading the disk does.
    pub hash: bool,
    /// Whether manifests may name content that is not in their repository.
    pub allow_sparse: bool,
}

/// What was checked and what was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FsckReport {
    pub blobs: u64,
    pub bytes: u64,
    pub repositories: u64,
    pub manifests: u64,
    pub tags: u64,
    pub lines: Vec<FsckLine>,
}

/// One thing that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FsckLine {
    /// The file or folder, below the root.
    pub path: PathBuf,
    pub what: FsckFault,
}

/// What can be wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FsckFault {
    /// The bytes are not those of the digest in their path.
    Damaged { found: Digest },
    /// No digest stands in a link.
    TornLink,
    /// A tag points at a manifest that its repository lacks.
    DanglingTag { digest: Digest },
    /// A manifest's own bytes are missing.
    NoManifest { digest: Digest },
    /// A manifest names content that its repository lacks.
    MissingContent { digest: Digest },
    /// A repository with manifests has no folder `_layers`.
    NoLayersFolder,
    /// The index says something else than the layout.
    IndexDiffers,
    /// The index can't be read.
    IndexUnusable,
    /// A link to bytes that are gone, which no manifest needs: garbage collection of Docker's registry leaves
    /// such.
    DanglingLink { digest: Digest },
    /// A manifest of a kind that Berth can't read.
    UnknownManifest { digest: Digest },
    /// A write that was cut off, and that nobody was promised.
    Unfinished,
}

impl Default for FsckOptions {
    fn default() -> Self {
        Self {
            hash: true,
            allow_sparse: false,
        }
    }
}

impl FsckReport {
    /// Whether all that was ever acknowledged is there and whole.
    pub fn is_clean(&self) -> bool {
        self.lines.iter().all(|line| line.what.is_harmless())
    }
}

impl FsckFault {
    /// Whether nobody can notice it.
    pub fn is_harmless(&self) -> bool {
        matches!(
            self,
            Self::DanglingLink { .. } | Self::UnknownManifest { .. } | Self::Unfinished
        )
    }

    /// What to do about it.
    pub fn what_next(&self) -> &'static str {
        match self {
            Self::Damaged { .. } => "it will not be served; push it again, or restore it",
            Self::TornLink => "the next start or first use mends it from its path where that tells enough",
            Self::DanglingTag { .. } => "it will not be served; push the tag again, or delete it",
            Self::NoManifest { .. } => "it will not be served; push it again, or delete it",
            Self::MissingContent { .. } => "pulls of it fail; push the image again, or delete the manifest",
            Self::NoLayersFolder => "make the folder: without it Docker's registry would collect the blobs",
            Self::IndexDiffers => "the first use corrects it; or remove `.berth/index.sqlite` and start",
            Self::IndexUnusable => "the next start makes it anew",
            Self::DanglingLink { .. } => "nothing: no manifest needs it",
            Self::UnknownManifest { .. } => "nothing: it is kept, with every digest that stands in it",
            Self::Unfinished => "nothing: the next start finishes or removes it",
        }
    }
}

impl fmt::Display for FsckFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Damaged { found } => write!(f, "damaged: the bytes have the digest {found}"),
            Self::TornLink => f.write_str("a link without a digest"),
            Self::DanglingTag { digest } => write!(f, "a tag on {digest}, which is not here"),
            Self::NoManifest { digest } => write!(f, "the bytes of the manifest {digest} are missing"),
            Self::MissingContent { digest } => write!(f, "the manifest needs {digest}, which is not here"),
            Self::NoLayersFolder => f.write_str("a repository without `_layers`"),
            Self::IndexDiffers => f.write_str("the index says something else"),
            Self::IndexUnusable => f.write_str("the index can't be read"),
            Self::DanglingLink { digest } => write!(f, "a link to {digest}, whose bytes are gone"),
            Self::UnknownManifest { digest } => write!(f, "{digest} is no manifest that Berth can read"),
            Self::Unfinished => f.write_str("an unfinished write"),
        }
    }
}

impl fmt::Display for FsckLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {}; {}",
            self.path.display(),
            self.what,
            self.what.what_next()
        )
    }
}

/// What the parts of the check share.
struct Check<'a> {
    disk: &'a Disk,
    options: FsckOptions,
    report: FsckReport,
    /// Digests whose bytes are there and, as far as they were hashed, right.
    present: HashSet<Digest>,
}

impl Check<'_> {
    fn find(&mut self, path: &Path, what: FsckFault) {
        let path = path.strip_prefix(self.disk.layout.root()).unwrap_or(path);
        self.report.lines.push(FsckLine {
            path: path.to_owned(),
            what,
        });
    }
}

/// Checks the folder at `root`. [`StorageError::Locked`] while a store has it open.
pub fn fsck(root: &Path, options: FsckOptions) -> Result<FsckReport, StorageError> {
    let disk = Disk::new(Layout::new(root.to_owned()));
    let blobs = disk.layout.v2();
    if disk::stat(&blobs)?.is_none() {
        let source = std::io::ErrorKind::NotFound.into();
        return Err(StorageError::io("looking for a store in", &blobs, source));
    }
    let _lock = match disk::stat(&disk.layout.private("lock"))? {
        Some(_) => Some(OwnerLock::acquire(&disk.layout)?),
        None => None,
    };
    let mut check = Check {
        disk: &disk,
        options,
        report: FsckReport::default(),
        present: HashSet::new(),
    };
    bytes::check(&mut check)?;
    let mut repositories = scan::repositories(&disk)?;
    repositories.sort();
    for name in &repositories {
        repository::check(&mut check, name)?;
    }
    against_index::check(&mut check, &repositories)?;
    Ok(check.report)
}
