use std::collections::{BTreeSet, HashSet, VecDeque};
use std::sync::mpsc::{Receiver, TryRecvError};
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use berth_oci::RepositoryName;
use rusqlite::{Connection, TransactionBehavior};

use super::Message;
use super::barrier::Barrier;
use super::change::{Begun, Change, Outcome};
use super::flight::{Answer, Flight};
use super::locks::{Ahead, Locks};
use super::reserve::Reserve;
use crate::cache::Cache;
use crate::disk::Disk;
use crate::index::{Write, failed};
use crate::layout::Key;
use crate::{Clock, StorageError};

/// Work on the index that no change of the layout goes with.
pub(crate) type Administer = Box<dyn FnOnce(&Write<'_>) -> Result<(), StorageError> + Send>;

/// What the committer's thread has, and nobody else.
pub(crate) struct Rounds {
    pub(crate) disk: Disk,
    pub(crate) index: Connection,
    pub(crate) barrier: Barrier,
    pub(crate) reserve: Reserve,
    pub(crate) cache: Arc<Cache>,
    pub(crate) clock: Arc<dyn Clock>,
    waiting: VecDeque<Message>,
    flying: Vec<Flight>,
    locks: Locks,
    /// Repositories that changed since the start: their folders' times in the index are old.
    touched: HashSet<RepositoryName>,
    read_only: Arc<OnceLock<String>>,
}

impl Rounds {
    pub(crate) fn new(
        disk: Disk,
        index: Connection,
        barrier: Barrier,
        cache: Arc<Cache>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            reserve: Reserve::new(&disk),
            disk,
            index,
            barrier,
            cache,
            clock,
            waiting: VecDeque::new(),
            flying: Vec::new(),
            locks: Locks::default(),
            touched: HashSet::new(),
            read_only: Arc::default(),
        }
    }

    pub(crate) fn read_only(&self) -> Arc<OnceLock<String>> {
        Arc::clone(&self.read_only)
    }

    /// Serves the queue until it is closed and all is done.
    pub(crate) fn run(mut self, queue: &Receiver<Message>) {
        while self.collect(queue) {
            if let Err(error) = self.round() {
                self.give_up(&error);
            }
        }
        if self.read_only.get().is_none()
            && let Err(error) = self.leave()
        {
            tracing::warn!(%error, "the index was not marked clean; the next start reads the folders again");
        }
    }

    /// Takes what waits; waits itself when nothing is in flight. False when there will be nothing more.
    fn collect(&mut self, queue: &Receiver<Message>) -> bool {
        if self.flying.is_empty() && self.waiting.is_empty() {
            match queue.recv() {
                Ok(message) => self.waiting.push_back(message),
                Err(_) => return false,
            }
        }
        loop {
            match queue.try_recv() {
                Ok(message) => self.waiting.push_back(message),
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => return true,
            }
        }
    }

    /// Two transactions, one barrier, and each change in flight one state further.
    fn round(&mut self) -> Result<(), StorageError> {
        let space = self.reserve.check(&self.disk);
        self.conclude()?;
        self.admit(&space);
        if self.flying.is_empty() {
            return Ok(());
        }
        let mut paths = BTreeSet::new();
        for flight in &self.flying {
            flight.to_sync(&self.disk, &mut paths);
        }
        let needed = self.flying.iter().any(Flight::needs_barrier);
        if needed && let Err(error) = self.barrier.pass(&self.disk, &paths) {
            return self.undo_all(&error);
        }
        for flight in &mut self.flying {
            flight.advance(&self.disk)?;
        }
        Ok(())
    }

    /// Tells the index what is done, then those who wait for it. The layout holds it already, so a full disk is
    /// no way out: the reserve is for this.
    fn conclude(&mut self) -> Result<(), StorageError> {
        let (done, flying): (Vec<_>, Vec<_>) = std::mem::take(&mut self.flying)
            .into_iter()
            .partition(Flight::is_done);
        self.flying = flying;
        if done.is_empty() {
            return Ok(());
        }
        let mut written = self.write_done(&done);
        if let Err(error) = &written {
            if matches!(error, StorageError::NoSpace { .. }) {
                self.reserve.spend(&self.disk);
            }
            written = self.write_done(&done);
        }
        if let Err(error) = &written {
            self.end_writing(error);
        }
        for key in done.iter().flat_map(Flight::touched) {
            if let Key::Tag(name, _) | Key::Revision(name, _) | Key::Edge(name, _) = &key {
                self.touched.insert(name.clone());
            }
            self.cache.forget(&key);
        }
        for flight in done {
            self.locks.release(&flight.locks);
            match &written {
                Ok(()) => flight.answer(),
                Err(error) => flight.abandon(error),
            }
        }
        written
    }

    fn write_done(&mut self, done: &[Flight]) -> Result<(), StorageError> {
        let transaction = self
            .index
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(failed("beginning a transaction"))?;
        let write = Write::new(&transaction, nanoseconds(self.clock.now()));
        done.iter()
            .try_for_each(|flight| flight.conclude(&write, &self.disk))?;
        self.disk.step("committing", self.disk.layout.root())?;
        transaction.commit().map_err(failed("committing"))
    }

    /// Lets those begin that wait and whose keys are free. What they write is all in one transaction: if it can't
    /// be committed, none of them has begun.
    fn admit(&mut self, space: &Result<(), StorageError>) {
        let waiting = std::mem::take(&mut self.waiting);
        if waiting.is_empty() {
            return;
        }
        let before = self.flying.len();
        let mut answered = Vec::new();
        if let Err(error) = self.write_begun(waiting, space, &mut answered) {
            for flight in self.flying.drain(before..) {
                self.locks.release(&flight.locks);
                flight.abandon(&error);
            }
            for (_, result) in &mut answered {
                *result = Err(error.again());
            }
        }
        for (answer, result) in answered {
            // Who went away meanwhile doesn't want to know.
            let _ = answer.send(result);
        }
    }

    fn write_begun(
        &mut self,
        waiting: VecDeque<Message>,
        space: &Result<(), StorageError>,
        answered: &mut Vec<Answered>,
    ) -> Result<(), StorageError> {
        let transaction = self
            .index
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(failed("beginning a transaction"))?;
        let write = Write::new(&transaction, nanoseconds(self.clock.now()));
        let mut ahead = Ahead::default();
        for message in waiting {
            let admission = match message {
                Message::Administer(work, answer) => {
                    Admission::Answered(answer, work(&write).map(|()| Outcome::Done))
                }
                Message::Change(change, answer) => match space {
                    Err(error) if change.grows() => Admission::Answered(answer, Err(error.again())),
                    _ => begin(&write, &self.disk, &mut self.locks, &mut ahead, change, answer),
                },
            };
            match admission {
                Admission::Flies(flight) => self.flying.push(*flight),
                Admission::Waits(message) => self.waiting.push_back(message),
                Admission::Answered(answer, result) => answered.push((answer, result)),
            }
        }
        self.disk.step("committing", self.disk.layout.root())?;
        transaction.commit().map_err(failed("committing"))
    }

    /// A barrier failed: what it should have made durable may be lost, and asking again would only hide that.
    /// So everything that was written is removed. If that can't be made durable either, writing ends.
    fn undo_all(&mut self, error: &StorageError) -> Result<(), StorageError> {
        let mut folders = BTreeSet::new();
        for flight in &mut self.flying {
            flight.to_sync(&self.disk, &mut folders);
            flight.fail(&self.disk, error.again())?;
        }
        folders.retain(|path| path.is_dir());
        self.barrier = Barrier::of(self.disk.layout.root())?;
        self.barrier.pass(&self.disk, &folders)?;
        for flight in &mut self.flying {
            flight.advance(&self.disk)?;
        }
        Ok(())
    }

    /// Ends writing. The intents that are left tell the next start where to look.
    fn give_up(&mut self, error: &StorageError) {
        self.end_writing(error);
        for flight in self.flying.drain(..) {
            flight.abandon(error);
        }
        for message in self.waiting.drain(..) {
            let (Message::Change(_, answer) | Message::Administer(_, answer)) = message;
            let _ = answer.send(Err(error.again()));
        }
    }

    fn end_writing(&self, error: &StorageError) {
        if self.read_only.set(error.to_string()).is_ok() {
            tracing::error!(%error, "the store is read-only from now");
            if matches!(error, StorageError::Index { .. }) {
                crate::recover::distrust_index(&self.disk);
            }
        }
    }

    /// Marks the index as agreeing with the folders as they are now.
    fn leave(&mut self) -> Result<(), StorageError> {
        self.disk.step("committing", self.disk.layout.root())?;
        let transaction = self
            .index
            .transaction()
            .map_err(failed("beginning a transaction"))?;
        let write = Write::new(&transaction, 0);
        for name in &self.touched {
            write.set_left(name, &crate::recover::folder_times(&self.disk, name)?)?;
        }
        write.set_clean()?;
        transaction.commit().map_err(failed("committing"))?;
        if self.barrier.covers_index() {
            // Upload sessions too are durable after this.
            self.barrier.pass(&self.disk, &BTreeSet::new())?;
            crate::recover::forget_boot(&self.disk)?;
        }
        Ok(())
    }
}

type Answered = (Answer, Result<Outcome, StorageError>);

enum Admission {
    Flies(Box<Flight>),
    Waits(Message),
    Answered(Answer, Result<Outcome, StorageError>),
}

/// Lets one change decide, if no other holds what it needs. What it wrote when it failed is taken back.
fn begin(
    write: &Write<'_>,
    disk: &Disk,
    locks: &mut Locks,
    ahead: &mut Ahead,
    change: Box<dyn Change>,
    answer: Answer,
) -> Admission {
    let wanted = match change.locks(&write.read(), disk) {
        Ok(wanted) => wanted,
        Err(error) => return Admission::Answered(answer, Err(error)),
    };
    if !locks.take(&wanted, ahead) {
        ahead.add(&wanted);
        return Admission::Waits(Message::Change(change, answer));
    }
    let begun = write.attempt(|| change.begin(write, disk));
    let (result, answer) = match begun {
        Ok(Begun::Planned(plan)) => match Flight::begin(write, wanted.clone(), plan, answer) {
            Ok(flight) => return Admission::Flies(Box::new(flight)),
            Err((error, answer)) => (Err(error), answer),
        },
        Ok(Begun::Answered(outcome)) => (Ok(outcome), answer),
        Err(error) => (Err(error), answer),
    };
    locks.release(&wanted);
    Admission::Answered(answer, result)
}

fn nanoseconds(time: SystemTime) -> i64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)
}
