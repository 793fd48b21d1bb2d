//! The committer: one thread through which every change of the layout and of the index goes.
//!
//! A change passes through at most four states, with one barrier (a sync of all that was written) between two:
//! begun (its index rows and intents are committed, its files wait under temporary names), placed (its files have
//! their names), swung (a tag that moved points at its new manifest), done (the index says so, the client is
//! answered). Each round of the committer takes the changes that wait, passes one barrier for all in flight and
//! moves each one state on: so one barrier serves the contents of one change, the names of another and the tag
//! of a third, and a barrier's cost is shared by all who wait.
//!
//! Changes in flight at the same time never touch the same key: [`Locks`](locks::Locks) holds back those that
//! would.

mod barrier;
mod by;
mod change;
mod delete_edge;
mod delete_manifest;
mod delete_tag;
mod flight;
mod locks;
mod mount;
mod put_blob;
mod put_manifest;
mod reconcile;
mod reserve;
mod rounds;
mod set_aside;
mod step;
mod sweep_bytes;
mod sweep_edge;
mod verified;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, mpsc};
use std::thread::JoinHandle;

use tokio::sync::oneshot;

pub(crate) use barrier::Barrier;
pub(crate) use by::By;
pub(crate) use change::{Change, Outcome};
pub(crate) use delete_edge::DeleteEdge;
pub(crate) use delete_manifest::DeleteManifest;
pub(crate) use delete_tag::DeleteTag;
pub(crate) use mount::Mount;
pub(crate) use put_blob::{BlobData, PutBlob};
pub(crate) use put_manifest::{PutStaged, StagedTag};
pub(crate) use reconcile::Reconcile;
pub(crate) use reserve::{MARGIN, room};
pub(crate) use rounds::{Administer, Rounds};
pub(crate) use set_aside::SetAside;
pub(crate) use step::Staged;
pub(crate) use sweep_bytes::SweepBytes;
pub(crate) use sweep_edge::SweepEdge;
pub(crate) use verified::Verified;

use crate::StorageError;

/// What the committer's thread is sent.
pub(crate) enum Message {
    Change(Box<dyn Change>, oneshot::Sender<Result<Outcome, StorageError>>),
    /// Work on the index alone, outside any change.
    Administer(Administer, oneshot::Sender<Result<Outcome, StorageError>>),
}

/// The other end of the committer's queue.
pub(crate) struct Committer {
    queue: Mutex<Option<mpsc::Sender<Message>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    read_only: Arc<OnceLock<String>>,
}

impl Committer {
    pub(crate) fn start(rounds: Rounds) -> Self {
        let (queue, messages) = mpsc::channel();
        let read_only = rounds.read_only();
        let thread = std::thread::Builder::new()
            .name("berth-committer".to_owned())
            .spawn(move || {
                let read_only = rounds.read_only();
                if catch_unwind(AssertUnwindSafe(|| rounds.run(&messages))).is_err() {
                    let _ = read_only.set("the committer ended by a fault of its own".to_owned());
                }
            });
        let thread = match thread {
            Ok(thread) => Some(thread),
            Err(error) => {
                let _ = read_only.set(format!("the committer's thread could not be started: {error}"));
                None
            }
        };
        Self {
            queue: Mutex::new(Some(queue)),
            thread: Mutex::new(thread),
            read_only,
        }
    }

    /// Why nothing is written any more, if so.
    pub(crate) fn read_only(&self) -> Option<&str> {
        self.read_only.get().map(String::as_str)
    }

    /// Makes the change durable, then visible, then answers. A caller that goes away stops nothing.
    pub(crate) async fn commit(&self, change: impl Change + 'static) -> Result<Outcome, StorageError> {
        let (answer, answered) = oneshot::channel();
        self.send(Message::Change(Box::new(change), answer))?;
        answered.await.unwrap_or_else(|_| Err(self.gone()))
    }

    /// [`Committer::commit`] for threads that may wait.
    pub(crate) fn commit_blocking(&self, change: impl Change + 'static) -> Result<Outcome, StorageError> {
        let (answer, answered) = oneshot::channel();
        self.send(Message::Change(Box::new(change), answer))?;
        answered.blocking_recv().unwrap_or_else(|_| Err(self.gone()))
    }

    /// Commits changes that share their barriers; answers in their order.
    pub(crate) fn commit_all_blocking(
        &self,
        changes: Vec<Box<dyn Change>>,
    ) -> Result<Vec<Result<Outcome, StorageError>>, StorageError> {
        let mut answers = Vec::new();
        for change in changes {
            let (answer, answered) = oneshot::channel();
            self.send(Message::Change(change, answer))?;
            answers.push(answered);
        }
        let answered = answers
            .into_iter()
            .map(|answered| answered.blocking_recv().unwrap_or_else(|_| Err(self.gone())));
        Ok(answered.collect())
    }

    pub(crate) fn administer(&self, work: Administer) -> Result<(), StorageError> {
        let (answer, answered) = oneshot::channel();
        self.send(Message::Administer(work, answer))?;
        answered
            .blocking_recv()
            .unwrap_or_else(|_| Err(self.gone()))
            .map(drop)
    }

    /// Takes no more changes, and waits until those that were sent are done.
    pub(crate) fn close(&self) {
        drop(self.queue.lock().unwrap_or_else(PoisonError::into_inner).take());
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            // A panic there was reported by its hook; the answers that it owed say `Closed`.
            let _ = thread.join();
        }
    }

    /// Why a change was never answered.
    fn gone(&self) -> StorageError {
        self.read_only()
            .map_or(StorageError::Closed, |because| StorageError::ReadOnly {
                because: because.to_owned(),
            })
    }

    fn send(&self, message: Message) -> Result<(), StorageError> {
        if let Some(because) = self.read_only() {
            return Err(StorageError::ReadOnly {
                because: because.to_owned(),
            });
        }
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let queue = queue.as_ref().ok_or(StorageError::Closed)?;
        queue.send(message).map_err(|_| StorageError::Closed)
    }
}

impl Drop for Committer {
    fn drop(&mut self) {
        self.close();
    }
}
