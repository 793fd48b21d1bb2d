use crate::StorageError;
use crate::disk::{self, Disk};

const RESERVED: &str = "reserve";

/// Bytes kept back, so that on a full disk removals and the index still work.
#[cfg(not(test))]
const RESERVE: usize = 8 << 20;
/// Less in tests, which open many stores.
#[cfg(test)]
const RESERVE: usize = 8 << 10;

/// Whether there is room for so many bytes more. Once the reserve is gone, there has to be plenty before there is: else
/// a full disk would go to and fro with each removal.
pub(crate) fn room(disk: &Disk, bytes: u64) -> Result<(), StorageError> {
    let root = disk.layout.root();
    let Ok(space) = rustix::fs::statvfs(root) else {
        return Ok(());
    };
    let available = space.f_bavail.saturating_mul(space.f_frsize);
    let reserve = RESERVE as u64;
    let held = disk::stat(&disk.layout.private(RESERVED))?.is_some_and(|sig| sig.size == reserve);
    let least = if held { reserve / 2 } else { 4 * reserve };
    if available >= bytes.saturating_add(least) {
        return Ok(());
    }
    let source = std::io::ErrorKind::StorageFull.into();
    Err(StorageError::io("writing to", root, source))
}

/// Where less than so many bytes have room, the store calls itself full: before small pushes are refused.
pub(crate) const MARGIN: u64 = RESERVE as u64 / 2;

/// A file that takes space which a full disk then still has.
pub(crate) struct Reserve {
    held: bool,
}

impl Reserve {
    pub(crate) fn new(disk: &Disk) -> Self {
        let mut reserve = Self { held: false };
        reserve.keep(disk);
        reserve
    }

    /// Lets go of the reserve when little is left, and takes it again when there is plenty. Answers the error
    /// for those who would grow the store, while there is not.
    pub(crate) fn check(&mut self, disk: &Disk) -> Result<(), StorageError> {
        let room = room(disk, 0);
        if self.held && room.is_err() {
            self.spend(disk);
        } else if !self.held && room.is_ok() {
            self.keep(disk);
        }
        room
    }

    /// Frees the space.
    pub(crate) fn spend(&mut self, disk: &Disk) {
        // Without it there was nothing to free.
        let _ = disk.remove(&disk.layout.private(RESERVED));
        self.held = false;
    }

    fn keep(&mut self, disk: &Disk) {
        let path = disk.layout.private(RESERVED);
        self.held = match disk::stat(&path) {
            Ok(Some(sig)) if sig.size == RESERVE as u64 => true,
            _ => disk.write(&path, &vec![0; RESERVE]).is_ok(),
        };
    }
}
