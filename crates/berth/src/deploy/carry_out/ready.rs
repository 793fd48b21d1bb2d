use std::time::Duration;

use berth_plan::change::Change;
use berth_plan::object::{ObjectKey, Stage};
use berth_plan::readiness::Readiness;

use super::{Ending, Run};

impl Run<'_> {
    /// Waits for what runs of the stages from one to another, whether it was changed or not.
    pub(super) async fn wait(&mut self, from: Stage, to: Stage) -> Result<(), Ending> {
        let waited_for = |change: &Change| {
            let is_workload =
                matches!(&*change.key.kind, "Deployment" | "StatefulSet") || change.stage == Stage::Migration;
            change.sent.is_some() && (from..=to).contains(&change.stage) && is_workload
        };
        let indices = self.indices(waited_for);
        if indices.is_empty() || !self.how.waits {
            return Ok(());
        }
        let keys: Vec<ObjectKey> = indices
            .iter()
            .map(|index| self.planned.plan.changes[*index].key.clone())
            .collect();
        let console = &mut *self.console;
        let waited = self.planned.cluster.wait(&keys, self.how.timeout, |progress| {
            if let Some(line) = standing(progress.key, progress.readiness, progress.waited) {
                console.progress(&line);
            }
        });
        let waited = tokio::select! {
            waited = waited => waited,
            () = self.interrupt.asked() => return Err(Ending::Interrupted),
        };
        let waited = match waited {
            Ok(waited) => waited,
            Err(refused) => {
                self.fail(indices[0], refused.to_string());
                return Err(Ending::Failed);
            }
        };
        let mut ending = Ok(());
        for (index, (_, readiness)) in indices.into_iter().zip(&waited.objects) {
            if let Some(because) = unready(readiness.as_ref(), self.how.timeout) {
                self.fail(index, because);
                ending = Err(Ending::Failed);
            }
        }
        ending
    }
}

/// One line on how an object stands; nothing for what is ready at the first look.
fn standing(key: &ObjectKey, readiness: Option<&Readiness>, waited: Duration) -> Option<String> {
    let seconds = waited.as_secs();
    match readiness {
        Some(Readiness::Ready) if seconds == 0 => None,
        Some(Readiness::Ready) => Some(format!("{key} is ready after {seconds} s")),
        Some(Readiness::InProgress { why }) => Some(format!("waiting for {key}: {why} ({seconds} s)")),
        Some(Readiness::Failed { why }) => Some(format!("{key} failed: {why}")),
        Some(Readiness::Terminating) => Some(format!("waiting for {key}: it is being deleted ({seconds} s)")),
        None => Some(format!("waiting for {key}: it isn't there ({seconds} s)")),
    }
}

/// Why an object isn't ready after all that time.
fn unready(readiness: Option<&Readiness>, limit: Duration) -> Option<String> {
    let next = "`kubectl describe` it and its pods, then run this again";
    let late = format!("not ready after {} s", limit.as_secs());
    match readiness {
        Some(Readiness::Ready) => None,
        Some(Readiness::InProgress { why }) => Some(format!("{late}: {why}; {next}")),
        Some(Readiness::Failed { why }) => Some(format!("{why}; {next}")),
        Some(Readiness::Terminating) => Some(format!("{late}: it is being deleted; {next}")),
        None => Some(format!("{late}: it isn't there; run this again")),
    }
}
