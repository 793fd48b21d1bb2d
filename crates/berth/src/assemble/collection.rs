use std::time::Duration;

use berth_config::value::CronSchedule;
use berth_storage::{Store, SweepOptions};
use jiff::tz::TimeZone;

use crate::world::SystemClock;

/// How often the clock is looked at: more than once a minute, so that none is missed.
const LOOK: Duration = Duration::from_secs(20);

/// Sweeps when the schedule says so, in UTC, for as long as it is polled.
pub(super) async fn run(schedule: CronSchedule, store: Store) {
    let mut last = None;
    loop {
        let now = TimeZone::UTC.to_datetime(SystemClock::timestamp());
        let minute = (now.date(), now.hour(), now.minute());
        if schedule.fires_in(now) && last.replace(minute) != Some(minute) {
            sweep(&store).await;
        }
        tokio::time::sleep(LOOK).await;
    }
}

async fn sweep(store: &Store) {
    match store.sweep(SweepOptions::default(), |_| {}).await {
        Ok(report) => tracing::info!(
            unneeded = report.unneeded,
            removed_blobs = report.removed_blobs,
            freed_bytes = report.freed_bytes,
            "what nothing needs was swept"
        ),
        Err(error) => tracing::error!(%error, "the sweep on schedule failed; the next one goes on"),
    }
}
