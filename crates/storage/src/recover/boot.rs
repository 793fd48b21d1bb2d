use crate::StorageError;
use crate::disk::{self, Disk};

/// Another text after each start of the machine (`random(4)`).
const BOOT_ID: &str = "/proc/sys/kernel/random/boot_id";

/// Whether the machine stopped while a process had the folder: then what that one wrote and didn't sync may be
/// gone. A process that is merely killed loses nothing, for the kernel has it.
///
/// Notes which start of the machine this is; [`forget`] takes the note away.
pub(super) fn cache_was_lost(disk: &Disk) -> Result<bool, StorageError> {
    let path = disk.layout.private("boot");
    let before = disk::read(&path)?;
    let now = disk::read(std::path::Path::new(BOOT_ID))?.unwrap_or_default();
    disk.write(&path, &now)?;
    disk.sync(&path)?;
    Ok(before.is_some_and(|before| before != now || now.is_empty()))
}

/// The process ends in order, and all is synced.
pub(crate) fn forget(disk: &Disk) -> Result<(), StorageError> {
    disk.remove(&disk.layout.private("boot")).map(drop)
}
