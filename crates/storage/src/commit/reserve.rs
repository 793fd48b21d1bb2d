use crate::StorageError;
use crate::disk::{self, Disk};

/// Bytes kept back, so that on a full disk removals and the index still work.
#[cfg(not(test))]
const RESERVE: usize = 8 << 20;
/// Less in tests, which open many stores.
#[cfg(test)]
const RESERVE: usize = 8 << 10;

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
        let root = disk.layout.root();
        let Ok(space) = rustix::fs::statvfs(root) else {
            return Ok(());
        };
        let available = space.f_bavail.saturating_mul(space.f_frsize);
        let reserve = RESERVE as u64;
        if self.held && available < reserve / 2 {
            self.spend(disk);
        } else if !self.held && available > 4 * reserve {
            self.keep(disk);
        }
        if self.held {
            Ok(())
        } else {
            let source = std::io::ErrorKind::StorageFull.into();
            Err(StorageError::io("writing to", root, source))
        }
    }

    /// Frees the space.
    pub(crate) fn spend(&mut self, disk: &Disk) {
        // Without it there was nothing to free.
        let _ = disk.remove(&disk.layout.private("reserve"));
        self.held = false;
    }

    fn keep(&mut self, disk: &Disk) {
        let path = disk.layout.private("reserve");
        self.held = match disk::stat(&path) {
            Ok(Some(sig)) if sig.size == RESERVE as u64 => true,
            _ => disk.write(&path, &vec![0; RESERVE]).is_ok(),
        };
    }
}
