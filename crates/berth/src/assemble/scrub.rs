use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use berth_storage::{ScrubReport, StorageError, Store};
use tokio::task::JoinHandle;

/// Bytes a second that are read anew: little beside what a disk gives.
const RATE: u64 = 16 << 20;
/// From the end of a pass to the next.
const PAUSE: Duration = Duration::from_secs(3600);

/// The scrub, beside a registry that serves.
pub(super) struct Scrubbing {
    stop: Arc<AtomicBool>,
    task: JoinHandle<()>,
}

impl Scrubbing {
    pub(super) fn start(store: Store) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let task = tokio::spawn(passes(store, Arc::clone(&stop)));
        Self { stop, task }
    }

    /// Ends it: a pass under way notes how far it came.
    pub(super) async fn stop(self) {
        self.stop.store(true, Ordering::Relaxed);
        self.task.abort();
        // Aborted, or at its end: either way it is over.
        let _ = self.task.await;
    }
}

async fn passes(store: Store, stop: Arc<AtomicBool>) {
    loop {
        tell(store.scrub(pacing(Arc::clone(&stop))).await);
        tokio::time::sleep(PAUSE).await;
    }
}

/// Waits after each piece as long as it takes at that rate.
fn pacing(stop: Arc<AtomicBool>) -> impl FnMut(u64) -> bool {
    move |bytes| {
        std::thread::sleep(Duration::from_nanos(bytes.saturating_mul(1_000_000_000) / RATE));
        !stop.load(Ordering::Relaxed)
    }
}

fn tell(pass: Result<ScrubReport, StorageError>) {
    match pass {
        Ok(report) if report.stopped => {}
        Ok(report) => tracing::info!(
            blobs = report.blobs,
            bytes = report.bytes,
            damaged = report.damaged.len(),
            unreadable = report.unreadable.len(),
            "all that is stored was read anew"
        ),
        Err(StorageError::Closed) => {}
        Err(error) => tracing::warn!(
            error = &error as &dyn std::error::Error,
            "the scrub could not go on; it begins anew later"
        ),
    }
}
