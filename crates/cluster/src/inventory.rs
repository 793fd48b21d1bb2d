//! What Berth recorded that it owns: an ApplySet as KEP-3659 specifies it, whose parent is a ConfigMap.
//!
//! The parent is widened before anything is applied and narrowed after everything is pruned, so that a run that
//! ends in between leaves nothing behind that the next one doesn't find.

mod id;
mod members;
mod open;
mod parent;
mod record;

use std::collections::BTreeSet;

use berth_plan::object::ObjectKey;

use crate::kinds::GroupKind;
use crate::refused::Refused;

/// An inventory as it was read, and as it was recorded since.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Inventory {
    name: String,
    namespace: String,
    id: String,
    /// Its uid, once it is there.
    uid: Option<String>,
    /// The version that was read, once it is there.
    version: Option<String>,
    kinds: BTreeSet<GroupKind>,
    /// Namespaces beside its own.
    namespaces: BTreeSet<String>,
}

/// Why an inventory can't be used.
#[derive(Debug, thiserror::Error)]
pub enum InventoryError {
    /// The cluster refused.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Another tool keeps it.
    #[error("opening the inventory {key}: {tooling} keeps it, not berth; choose another name by --inventory")]
    Foreign {
        /// The parent.
        key: Box<ObjectKey>,
        /// What its annotation says.
        tooling: String,
    },
    /// An object of that name is there, and it is no inventory.
    #[error(
        "opening the inventory {key}: an object of that name is there and is none; choose another name by --inventory"
    )]
    Taken {
        /// The parent.
        key: Box<ObjectKey>,
    },
    /// Its label doesn't say what the parent's name makes it.
    #[error(
        "opening the inventory {key}: its id is {found}, and must be {expected}; set its label applyset.kubernetes.io/id back"
    )]
    Id {
        /// The parent.
        key: Box<ObjectKey>,
        /// What the label says.
        found: String,
        /// What it must say.
        expected: String,
    },
    /// A kind in its annotation can't be read.
    #[error(
        "opening the inventory {key}: {text:?} in its annotation is no kind; set applyset.kubernetes.io/contains-group-kinds right"
    )]
    Kinds {
        /// The parent.
        key: Box<ObjectKey>,
        /// The text.
        text: String,
    },
}

impl Inventory {
    /// The label that its members carry.
    pub const PART_OF: &'static str = "applyset.kubernetes.io/part-of";

    /// The value of that label.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its parent.
    pub fn key(&self) -> ObjectKey {
        parent::key(&self.namespace, &self.name)
    }

    /// Whether the parent is there.
    pub const fn exists(&self) -> bool {
        self.uid.is_some()
    }

    /// The kinds of its members.
    pub const fn kinds(&self) -> &BTreeSet<GroupKind> {
        &self.kinds
    }

    /// Where its members are: its own namespace, and others.
    pub fn namespaces(&self) -> impl Iterator<Item = &str> {
        let own = std::iter::once(self.namespace.as_str());
        own.chain(self.namespaces.iter().map(String::as_str))
    }
}
