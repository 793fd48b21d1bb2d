//! Makes the k-th change of the disk fail, for tests.

use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use crate::StorageError;

/// Counts the steps that change the disk, and fails from a chosen one.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    steps: AtomicI64,
    /// The step that fails; zero for none.
    fail_at: AtomicI64,
    /// Whether all later steps fail too, as if the process had been killed there.
    dead_after: AtomicBool,
    full: AtomicBool,
}

impl Faults {
    /// The `step`-th change from now fails (1 is the next one).
    pub(crate) fn fail(&self, step: i64, full: bool) {
        self.full.store(full, Ordering::SeqCst);
        self.dead_after.store(false, Ordering::SeqCst);
        self.steps.store(0, Ordering::SeqCst);
        self.fail_at.store(step, Ordering::SeqCst);
    }

    /// The `step`-th change from now and every later one fails.
    pub(crate) fn die(&self, step: i64) {
        self.fail(step, false);
        self.dead_after.store(true, Ordering::SeqCst);
    }

    /// Whether the chosen step was reached.
    pub(crate) fn struck(&self) -> bool {
        let fail_at = self.fail_at.load(Ordering::SeqCst);
        fail_at > 0 && self.steps.load(Ordering::SeqCst) >= fail_at
    }

    pub(crate) fn strike(&self, doing: &'static str, path: &Path) -> Result<(), StorageError> {
        let step = self.steps.fetch_add(1, Ordering::SeqCst) + 1;
        let fail_at = self.fail_at.load(Ordering::SeqCst);
        let fails = step == fail_at || (self.dead_after.load(Ordering::SeqCst) && step > fail_at);
        if fail_at == 0 || !fails {
            return Ok(());
        }
        let kind = if self.full.load(Ordering::SeqCst) {
            io::ErrorKind::StorageFull
        } else {
            io::ErrorKind::Other
        };
        Err(StorageError::io(
            doing,
            path,
            io::Error::new(kind, "made to fail"),
        ))
    }
}
