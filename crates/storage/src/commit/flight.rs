use std::collections::BTreeSet;
use std::path::PathBuf;

use tokio::sync::oneshot;

use super::change::{Outcome, Plan};
use super::locks::Lock;
use super::step::Trace;
use crate::StorageError;
use crate::disk::{self, Disk};
use crate::index::{Fact, Write};
use crate::layout::Key;
use crate::look::look;

pub(crate) type Answer = oneshot::Sender<Result<Outcome, StorageError>>;

/// A change between its decision and its answer.
pub(crate) struct Flight {
    pub(crate) locks: Vec<Lock>,
    plan: Plan,
    intents: Vec<i64>,
    state: State,
    trace: Trace,
    answer: Answer,
    /// Why it can't be done; then what it did is undone, and the index is told what is there.
    failure: Option<StorageError>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Begun,
    Placed,
    Swung,
    Done,
}

impl Flight {
    /// Writes down what is about to be touched.
    pub(crate) fn begin(
        write: &Write<'_>,
        locks: Vec<Lock>,
        plan: Plan,
        answer: Answer,
    ) -> Result<Self, (StorageError, Answer)> {
        let mut intents = Vec::new();
        for key in &plan.intents {
            match write.add_intent(key) {
                Ok(id) => intents.push(id),
                Err(error) => return Err((error, answer)),
            }
        }
        Ok(Self {
            locks,
            plan,
            intents,
            state: State::Begun,
            trace: Trace::default(),
            answer,
            failure: None,
        })
    }

    pub(crate) fn is_done(&self) -> bool {
        self.state == State::Done
    }

    /// Whether it must not go on before a barrier. What only writes rows need not wait.
    pub(crate) fn needs_barrier(&self) -> bool {
        let plan = &self.plan;
        self.state != State::Begun
            || !(plan.place.is_empty() && plan.swing.is_empty() && plan.found.is_empty())
    }

    /// What the next barrier must cover.
    pub(crate) fn to_sync(&self, disk: &Disk, paths: &mut BTreeSet<PathBuf>) {
        if self.state == State::Begun {
            let steps = self.plan.place.iter().chain(&self.plan.swing);
            paths.extend(steps.filter_map(|step| step.content().map(PathBuf::from)));
            for key in &self.plan.found {
                let path = disk.layout.path(key);
                // The folder's own name may be as new as the file's.
                paths.extend(path.ancestors().take(3).map(PathBuf::from));
            }
        }
        paths.extend(self.trace.folders.iter().cloned());
    }

    /// Goes on to the next state, after a barrier.
    pub(crate) fn advance(&mut self, disk: &Disk) -> Result<(), StorageError> {
        self.trace.folders.clear();
        let steps = match self.state {
            State::Begun => {
                self.state = State::Placed;
                std::mem::take(&mut self.plan.place)
            }
            State::Placed => {
                self.state = State::Swung;
                std::mem::take(&mut self.plan.swing)
            }
            State::Swung | State::Done => Vec::new(),
        };
        if steps.is_empty() {
            return self.skip(disk);
        }
        for step in steps {
            if let Err(error) = step.take(disk, &mut self.trace) {
                return self.fail(disk, error);
            }
        }
        Ok(())
    }

    /// A state without steps needs no barrier of its own.
    fn skip(&mut self, disk: &Disk) -> Result<(), StorageError> {
        match self.state {
            State::Placed if !self.plan.swing.is_empty() => self.advance(disk),
            _ => {
                self.state = State::Done;
                Ok(())
            }
        }
    }

    /// Undoes what was done. Not after the swing, though: then all that a tag may point at is durable, and the
    /// tag, old or new, is whole.
    ///
    /// An error here means that the layout holds what nobody was promised and what can't be removed: the next
    /// start has to look.
    pub(crate) fn fail(&mut self, disk: &Disk, error: StorageError) -> Result<(), StorageError> {
        self.failure.get_or_insert(error);
        self.plan.place.clear();
        self.plan.swing.clear();
        let swung = self.state == State::Swung;
        self.state = State::Swung;
        if swung { Ok(()) } else { self.trace.undo(disk) }
    }

    /// Makes the index say what came of it.
    pub(crate) fn conclude(&self, write: &Write<'_>, disk: &Disk) -> Result<(), StorageError> {
        if self.failure.is_some() {
            for key in self.touched() {
                for fact in look(disk, &write.read(), &key)?.facts {
                    state(write, disk, &fact)?;
                }
            }
        } else {
            for fact in &self.plan.facts {
                state(write, disk, fact)?;
            }
        }
        self.intents.iter().try_for_each(|id| write.drop_intent(*id))
    }

    /// The keys whose rows changed.
    pub(crate) fn touched(&self) -> Vec<Key> {
        let facts = self.plan.facts.iter().map(Fact::key);
        facts.chain(self.plan.intents.iter().cloned()).collect()
    }

    pub(crate) fn answer(self) {
        // Who went away meanwhile doesn't want to know.
        let _ = self.answer.send(match self.failure {
            Some(error) => Err(error),
            None => Ok(Outcome::Done),
        });
    }

    /// Answers an error that came after the change could no longer be undone.
    pub(crate) fn abandon(self, error: &StorageError) {
        let _ = self
            .answer
            .send(Err(self.failure.unwrap_or_else(|| error.again())));
    }
}

fn state(write: &Write<'_>, disk: &Disk, fact: &Fact) -> Result<(), StorageError> {
    write.state(fact, disk::stat(&disk.layout.path(&fact.key()))?)
}
