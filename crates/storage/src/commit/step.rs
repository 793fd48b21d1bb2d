use std::path::{Path, PathBuf};

use crate::disk::{self, Disk};
use crate::{Random, StorageError, UploadId};

/// A file under a temporary name, removed unless it was given its last one.
#[derive(Debug)]
pub(crate) struct Staged {
    path: PathBuf,
    placed: bool,
}

/// One change of the layout.
pub(crate) enum Step {
    /// Gives a staged file its last name.
    Place { staged: Staged, to: PathBuf },
    /// Gives a file that has a name another one.
    Move { from: PathBuf, to: PathBuf },
    /// Gives the same bytes a second name.
    Link { from: PathBuf, to: PathBuf },
    /// Makes a folder that must be there, empty or not.
    MakeFolder(PathBuf),
    /// Removes a link file, and its folder if that is empty then.
    RemoveLink(PathBuf),
    /// Removes `tags/<tag>`, the link `current` first.
    RemoveTag(PathBuf),
}

/// What steps did, for the barrier and for undoing them.
#[derive(Default)]
pub(crate) struct Trace {
    /// Files that were not there before.
    pub(crate) added: Vec<PathBuf>,
    /// Folders whose names changed.
    pub(crate) folders: Vec<PathBuf>,
}

impl Staged {
    pub(crate) fn write(disk: &Disk, random: &dyn Random, bytes: &[u8]) -> Result<Self, StorageError> {
        let staged = Self {
            path: disk
                .layout
                .private("tmp")
                .join(UploadId::random(random).to_string()),
            placed: false,
        };
        disk.write(&staged.path, bytes)?;
        Ok(staged)
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if !self.placed {
            // What stays is removed at the next start.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

impl Step {
    /// The file whose content must be durable before the step.
    pub(crate) fn content(&self) -> Option<&Path> {
        match self {
            Self::Place { staged, .. } => Some(&staged.path),
            Self::Move { from, .. } => Some(from),
            _ => None,
        }
    }

    pub(crate) fn take(self, disk: &Disk, trace: &mut Trace) -> Result<(), StorageError> {
        match self {
            Self::Place { mut staged, to } => {
                trace.give_name(disk, &staged.path, &to)?;
                staged.placed = true;
            }
            Self::Move { from, to } => trace.give_name(disk, &from, &to)?,
            Self::Link { from, to } => {
                trace.make_folder(disk, parent(&to))?;
                if disk.link(&from, &to)? {
                    trace.added.push(to.clone());
                }
                trace.folders.push(parent(&to).to_owned());
            }
            Self::MakeFolder(folder) => trace.make_folder(disk, &folder)?,
            Self::RemoveLink(link) => {
                disk.remove(&link)?;
                let folder = parent(&link);
                trace.folders.push(folder.to_owned());
                trace.folders.push(parent(folder).to_owned());
                disk::remove_empty(folder);
            }
            Self::RemoveTag(folder) => {
                disk.remove(&folder.join("current/link"))?;
                trace.folders.push(folder.join("current"));
                trace.folders.push(parent(&folder).to_owned());
                disk.remove_tree(&folder)?;
            }
        }
        Ok(())
    }
}

impl Trace {
    fn give_name(&mut self, disk: &Disk, from: &Path, to: &Path) -> Result<(), StorageError> {
        self.make_folder(disk, parent(to))?;
        if disk::stat(to)?.is_none() {
            self.added.push(to.to_owned());
        }
        disk.rename(from, to)?;
        self.folders.push(parent(to).to_owned());
        Ok(())
    }

    fn make_folder(&mut self, disk: &Disk, folder: &Path) -> Result<(), StorageError> {
        for made in disk.make_folder(folder)? {
            self.folders.push(parent(&made).to_owned());
        }
        Ok(())
    }

    /// Takes the files away that were not there before.
    pub(crate) fn undo(&self, disk: &Disk) -> Result<(), StorageError> {
        for path in self.added.iter().rev() {
            disk.remove(path)?;
            disk::remove_empty(parent(path));
            // Docker's registry takes every folder below `tags` for a tag.
            if let Some(tag) = path
                .ancestors()
                .find(|folder| parent(folder).ends_with("_manifests/tags"))
            {
                let folders = path
                    .ancestors()
                    .skip(2)
                    .take_while(|folder| folder.starts_with(tag));
                folders.for_each(disk::remove_empty);
            }
        }
        Ok(())
    }
}

fn parent(path: &Path) -> &Path {
    path.parent().unwrap_or(path)
}
