use std::fs::{File, TryLockError};
use std::io::Write;
use std::path::Path;
use std::time::Duration;

use crate::StorageError;
use crate::layout::Layout;

/// How often, and how long between, the lock is tried: a predecessor may be closing.
const TRIES: u32 = 10;
const PAUSE: Duration = Duration::from_millis(100);

/// Holds `.berth/lock` for as long as it lives: one process owns the folder.
#[derive(Debug)]
pub(crate) struct OwnerLock {
    _file: File,
}

impl OwnerLock {
    pub(crate) fn acquire(layout: &Layout) -> Result<Self, StorageError> {
        let path = layout.private("lock");
        let failed = |error| StorageError::io("locking", &path, error);
        let mut file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(failed)?;
        for remaining in (0..TRIES).rev() {
            match file.try_lock() {
                Ok(()) => {
                    let holder = format!("process {}\n", std::process::id());
                    // The name is a help for people, the lock is what counts.
                    let _ = file.set_len(0).and_then(|()| file.write_all(holder.as_bytes()));
                    return Ok(Self { _file: file });
                }
                Err(TryLockError::Error(error)) => return Err(failed(error)),
                Err(TryLockError::WouldBlock) if remaining > 0 => std::thread::sleep(PAUSE),
                Err(TryLockError::WouldBlock) => {}
            }
        }
        Err(StorageError::Locked {
            root: layout.root().to_owned(),
            holder: holder(&path),
        })
    }
}

fn holder(lock: &Path) -> String {
    let name = std::fs::read_to_string(lock).unwrap_or_default();
    match name.trim() {
        "" => "another process".to_owned(),
        name => name.to_owned(),
    }
}
