use super::difference::FieldChange;
use super::impact::Impact;
use super::labels::{SHARED_BY, label, part_of};
use super::sent::Sent;
use crate::object::{ObjectKey, Stage};

/// What is to be done, in order: what is wanted by its stages, then what goes in the reverse order.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Plan {
    /// Each object, those that stay as they are among them.
    pub changes: Vec<Change>,
}

/// What is to be done with one object.
#[derive(Clone, PartialEq, Debug)]
pub struct Change {
    /// Which object.
    pub key: ObjectKey,
    /// When it is its turn.
    pub stage: Stage,
    /// What is to be done.
    pub action: Action,
    /// What else comes of it.
    pub impacts: Vec<Impact>,
    /// What the reader should know.
    pub notes: Vec<String>,
    /// The version that was seen; `None` where there is no such object.
    pub live: Option<LiveVersion>,
    /// What is sent; `None` where nothing is wanted any more.
    pub sent: Option<Sent>,
}

/// What is to be done.
#[derive(Clone, PartialEq, Debug)]
pub enum Action {
    /// There is no such object yet.
    Create,
    /// Fields change.
    Update {
        /// Which.
        fields: Vec<FieldChange>,
    },
    /// It is deleted and made anew: a field can't change.
    Replace {
        /// Which field, or what else.
        because: String,
        /// What differs.
        fields: Vec<FieldChange>,
    },
    /// It goes.
    Delete {
        /// Why.
        because: String,
    },
    /// It stays as it is.
    Keep {
        /// Why, where it might have been expected to go.
        because: Option<String>,
    },
    /// It can't be done as things are.
    Refused {
        /// Why.
        because: String,
        /// What to do.
        help: String,
    },
}

/// A version of a live object.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LiveVersion {
    /// Which object: another one of the same name has another.
    pub uid: String,
    /// Changes with each write, that of a status included.
    pub resource_version: String,
    /// A digest of what somebody declared of it; `None` for what may hold secrets.
    pub digest: Option<String>,
}

/// How much is to be done.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Totals {
    /// Objects that come.
    pub created: usize,
    /// Objects that change.
    pub updated: usize,
    /// Objects that are made anew.
    pub replaced: usize,
    /// Objects that go.
    pub deleted: usize,
    /// Objects that stay as they are.
    pub kept: usize,
    /// Objects of which nothing can be done as things are.
    pub refused: usize,
}

impl Change {
    /// Whether anything is to be done.
    pub const fn acts(&self) -> bool {
        !matches!(self.action, Action::Keep { .. } | Action::Refused { .. })
    }

    /// Whether the inventory has to know of the object afterwards.
    pub fn leaves_member(&self) -> bool {
        match (&self.action, &self.sent) {
            (Action::Delete { .. }, _) => false,
            (_, None) => true,
            (_, Some(sent)) => part_of(sent.reveal()).is_some() || label(sent.reveal(), SHARED_BY).is_some(),
        }
    }

    /// Whether something that is there goes.
    pub const fn destroys(&self) -> bool {
        matches!(self.action, Action::Delete { .. } | Action::Replace { .. })
    }
}

impl Plan {
    /// Whether nothing is to be done.
    pub fn is_empty(&self) -> bool {
        !self.changes.iter().any(Change::acts) && self.refused().next().is_none()
    }

    /// Whether something that is there goes.
    pub fn destroys(&self) -> bool {
        self.changes.iter().any(Change::destroys)
    }

    /// What can't be done as things are.
    pub fn refused(&self) -> impl Iterator<Item = &Change> {
        self.changes
            .iter()
            .filter(|change| matches!(change.action, Action::Refused { .. }))
    }

    /// How much is to be done.
    pub fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        for change in &self.changes {
            *match change.action {
                Action::Create => &mut totals.created,
                Action::Update { .. } => &mut totals.updated,
                Action::Replace { .. } => &mut totals.replaced,
                Action::Delete { .. } => &mut totals.deleted,
                Action::Keep { .. } => &mut totals.kept,
                Action::Refused { .. } => &mut totals.refused,
            } += 1;
        }
        totals
    }
}
