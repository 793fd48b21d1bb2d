use berth_oci::Digest;

use super::locks::Lock;
use super::step::Step;
use crate::StorageError;
use crate::disk::Disk;
use crate::index::{Fact, Read, Write};
use crate::layout::Key;

/// One operation that changes the layout, decided in the committer's transaction.
pub(crate) trait Change: Send {
    /// The keys that nobody else may change meanwhile, in the order tag, revision, edge, bytes.
    fn locks(&self, read: &Read<'_>, disk: &Disk) -> Result<Vec<Lock>, StorageError>;

    /// Decides, with every lock held and every earlier change in the index.
    fn begin(self: Box<Self>, write: &Write<'_>, disk: &Disk) -> Result<Begun, StorageError>;

    /// Whether it needs more space than a removal does.
    fn grows(&self) -> bool;
}

/// What a change answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Done,
    /// There was nothing of that name.
    Absent,
    /// A manifest's content that is not there.
    Missing(Vec<Digest>),
    /// A manifest that can't do without it.
    Referenced(Digest),
}

/// What a change decided.
pub(crate) enum Begun {
    /// Nothing is to be changed.
    Answered(Outcome),
    Planned(Plan),
}

/// What is to be done, with no choice left.
#[derive(Default)]
pub(crate) struct Plan {
    /// The keys that the next start must look at if this one doesn't end.
    pub(crate) intents: Vec<Key>,
    /// Done after the first barrier.
    pub(crate) place: Vec<Step>,
    /// Done after the second.
    pub(crate) swing: Vec<Step>,
    /// What is true after the last.
    pub(crate) facts: Vec<Fact>,
    /// Files that were found, not written, and must be durable before the index names them.
    pub(crate) found: Vec<Key>,
}
