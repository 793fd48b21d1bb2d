mod inventory;
mod ready;

use std::time::Duration;

use berth_plan::change::{Action, Change, Outcome, Outcomes};
use berth_plan::object::{Kind as _, ObjectKey, PersistentVolumeClaim, Stage};

use super::Planned;
use super::act::{Stopped, act, remove};
use crate::console::Console;
use crate::lifecycle::Interrupt;

/// How a plan is carried out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct How {
    /// How long one stage may take to become ready, and one object to go.
    pub(crate) timeout: Duration,
    /// Whether readiness is waited for.
    pub(crate) waits: bool,
    /// Whether what others own is taken over.
    pub(crate) adopt: bool,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// All of it is done.
    Whole,
    /// Something failed; what comes after it is not done.
    Failed,
    /// The process was asked to stop.
    Interrupted,
}

/// Carries a plan out: first what is wanted, stage by stage, then what goes. The inventory is widened before anything of
/// it is there, and narrowed once all that left is gone, so that whatever happens in between the next run finds it all.
pub(crate) async fn carry_out(
    planned: &mut Planned,
    how: &How,
    interrupt: &mut Interrupt,
    console: &mut Console,
) -> (Ending, Outcomes) {
    let mut run = Run {
        outcomes: vec![None; planned.plan.changes.len()],
        beside: Vec::new(),
        planned,
        how,
        interrupt,
        console,
    };
    let ending = match run.all().await {
        Ok(()) => Ending::Whole,
        Err(ending) => ending,
    };
    let outcomes = run.finish();
    (ending, outcomes)
}

struct Run<'a> {
    planned: &'a mut Planned,
    how: &'a How,
    interrupt: &'a mut Interrupt,
    console: &'a mut Console,
    /// What came of each change, in the plan's order.
    outcomes: Vec<Option<Outcome>>,
    /// What came of objects that are no part of the plan.
    beside: Vec<(ObjectKey, Outcome)>,
}

/// What is waited for together before what comes next is begun.
const PHASES: [(Stage, Stage); 4] = [
    (Stage::Access, Stage::Storage),
    (Stage::Datastore, Stage::Datastore),
    (Stage::Migration, Stage::Migration),
    // Pods may need the Services that come after them, so all of these are applied before any is waited for.
    (Stage::Workload, Stage::Monitoring),
];

impl Run<'_> {
    async fn all(&mut self) -> Result<(), Ending> {
        self.make_way_for_claims().await?;
        self.phase(Stage::Namespace, Stage::Namespace).await?;
        self.widen().await?;
        for (from, to) in PHASES {
            self.phase(from, to).await?;
            self.wait(from, to).await?;
        }
        self.prune().await?;
        self.narrow().await
    }

    /// Changes of the stages from one to another. What fails doesn't keep the others of its stages from being done.
    async fn phase(&mut self, from: Stage, to: Stage) -> Result<(), Ending> {
        let indices = self.indices(|change| change.sent.is_some() && (from..=to).contains(&change.stage));
        let mut ending = Ok(());
        for index in indices {
            if !self.step(index).await? {
                ending = Err(Ending::Failed);
            }
        }
        ending
    }

    /// What is not wanted any more, workloads first.
    async fn prune(&mut self) -> Result<(), Ending> {
        let indices = self.indices(|change| change.sent.is_none());
        let mut ending = Ok(());
        for index in indices {
            if !self.step(index).await? {
                ending = Err(Ending::Failed);
            }
        }
        ending
    }

    /// One change. Whether it was made, or was none.
    async fn step(&mut self, index: usize) -> Result<bool, Ending> {
        let change = &self.planned.plan.changes[index];
        if !change.acts() || self.outcomes[index].is_some() {
            return Ok(true);
        }
        if self.interrupt.is_asked() {
            return Err(Ending::Interrupted);
        }
        let key = change.key.clone();
        if change.destroys() {
            self.console.glimpse(&format!("{key}: going"));
        }
        let acted = act(&self.planned.cluster, change, self.how, self.interrupt).await;
        match acted {
            Ok(Some(done)) => {
                self.console.talk(&format!("{key} {}", done.as_str()));
                self.outcomes[index] = Some(Outcome::Done(done));
                Ok(true)
            }
            Ok(None) => Ok(true),
            Err(Stopped::Interrupted) => Err(Ending::Interrupted),
            Err(Stopped::Refused(refused)) => {
                self.fail(index, format!("{}; {}", refused.cause, refused.next()));
                Ok(false)
            }
        }
    }

    /// Deletes what uses claims that are to be replaced: a claim that is in use doesn't go. Interrupted here, the next
    /// run finds nothing in their place, and makes them.
    async fn make_way_for_claims(&mut self) -> Result<(), Ending> {
        let replaces = |change: &Change| matches!(change.action, Action::Replace { .. });
        let changes = &self.planned.plan.changes;
        let any = changes
            .iter()
            .any(|change| replaces(change) && change.key.kind == PersistentVolumeClaim::KIND);
        if !any {
            return Ok(());
        }
        let indices = self.indices(|change| replaces(change) && change.stage > Stage::Storage);
        for index in indices {
            if self.interrupt.is_asked() {
                return Err(Ending::Interrupted);
            }
            let change = &self.planned.plan.changes[index];
            match remove(&self.planned.cluster, change, self.how, self.interrupt).await {
                Ok(()) => {}
                Err(Stopped::Interrupted) => return Err(Ending::Interrupted),
                Err(Stopped::Refused(refused)) => {
                    self.fail(index, format!("{}; {}", refused.cause, refused.next()));
                    return Err(Ending::Failed);
                }
            }
        }
        Ok(())
    }

    fn fail(&mut self, index: usize, because: String) {
        let key = &self.planned.plan.changes[index].key;
        self.console.talk(&format!("{key}: failed: {because}"));
        self.outcomes[index] = Some(Outcome::Failed { because });
    }

    fn indices(&self, chosen: impl Fn(&Change) -> bool) -> Vec<usize> {
        let changes = self.planned.plan.changes.iter().enumerate();
        changes
            .filter(|(_, change)| chosen(change))
            .map(|(index, _)| index)
            .collect()
    }

    /// Each change that was to be made and what came of it.
    fn finish(self) -> Outcomes {
        let changes = self.planned.plan.changes.iter().zip(self.outcomes);
        let all = changes.filter_map(|(change, outcome)| match outcome {
            Some(outcome) => Some((change.key.clone(), outcome)),
            None => change.acts().then(|| (change.key.clone(), Outcome::NotDone)),
        });
        Outcomes {
            all: all.chain(self.beside).collect(),
        }
    }
}
