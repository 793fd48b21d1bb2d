use std::time::Duration;

use berth_plan::object::ObjectKey;
use berth_plan::readiness::Readiness;
use tokio::time::{Instant, sleep_until};

use crate::Cluster;
use crate::refused::Refused;

/// How often each object is looked at.
const EVERY: Duration = Duration::from_secs(1);

/// Something changed while waiting.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Progress<'a> {
    /// The object.
    pub key: &'a ObjectKey,
    /// How it stands now; `None` once it is gone.
    pub readiness: Option<&'a Readiness>,
    /// How long the wait has lasted.
    pub waited: Duration,
}

/// How the objects stood when the wait ended, in the order in which they were named.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Waited {
    /// Each object; `None` for one that isn't there.
    pub objects: Vec<(ObjectKey, Option<Readiness>)>,
}

impl Waited {
    /// The objects that are not ready.
    pub fn unready(&self) -> impl Iterator<Item = &(ObjectKey, Option<Readiness>)> {
        self.objects
            .iter()
            .filter(|(_, it)| !matches!(it, Some(Readiness::Ready)))
    }

    /// Whether all are ready.
    pub fn is_ready(&self) -> bool {
        self.unready().next().is_none()
    }
}

impl Cluster {
    /// Waits until each object is ready or has failed, or the time is over. What changes is told as it changes.
    ///
    /// # Errors
    /// The first refusal of a look, with the object it was about.
    pub async fn wait(
        &self,
        keys: &[ObjectKey],
        limit: Duration,
        mut on_progress: impl FnMut(Progress<'_>),
    ) -> Result<Waited, Refused> {
        let settled =
            |it: Option<&Readiness>| matches!(it, Some(Readiness::Ready | Readiness::Failed { .. }));
        self.watch(keys, limit, settled, &mut on_progress).await
    }

    /// Waits until each object is gone, or the time is over.
    ///
    /// # Errors
    /// As [`Cluster::wait`].
    pub async fn wait_gone(
        &self,
        keys: &[ObjectKey],
        limit: Duration,
        mut on_progress: impl FnMut(Progress<'_>),
    ) -> Result<Waited, Refused> {
        self.watch(keys, limit, |it| it.is_none(), &mut on_progress).await
    }

    async fn watch(
        &self,
        keys: &[ObjectKey],
        limit: Duration,
        settled: impl Fn(Option<&Readiness>) -> bool,
        on_progress: &mut impl FnMut(Progress<'_>),
    ) -> Result<Waited, Refused> {
        let start = Instant::now();
        let mut seen: Vec<Option<Option<Readiness>>> = vec![None; keys.len()];
        let mut next = start;
        loop {
            for (key, seen) in keys.iter().zip(&mut seen) {
                if seen.as_ref().is_some_and(|it| settled(it.as_ref())) {
                    continue;
                }
                let now = self.get(key).await?.map(|object| Readiness::of(&object));
                if seen.as_ref() != Some(&now) {
                    on_progress(Progress {
                        key,
                        readiness: now.as_ref(),
                        waited: start.elapsed(),
                    });
                    *seen = Some(now);
                }
            }
            let done = seen.iter().flatten().all(|it| settled(it.as_ref()));
            next += EVERY;
            if done || next > start + limit {
                let objects = keys.iter().cloned().zip(seen.into_iter().map(Option::flatten));
                return Ok(Waited {
                    objects: objects.collect(),
                });
            }
            sleep_until(next).await;
        }
    }
}
