//! Why the API server did not do what was asked: the object, the cause, the next step.

mod cause;
mod next;
mod status;

use std::fmt;

use berth_plan::object::ObjectKey;

pub use cause::{Cause, InvalidField, OwnedField, WebhookFault};

/// What was being done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verb {
    /// One object was read.
    Get,
    /// Objects were listed.
    List,
    /// An apply was tried out, with nothing kept.
    DryRun,
    /// An object was applied.
    Apply,
    /// An object was created.
    Create,
    /// An object was deleted.
    Delete,
}

/// A call that the cluster did not carry out.
#[derive(Debug)]
pub struct Refused {
    /// What was being done.
    pub verb: Verb,
    /// The object in hand, where there is one.
    pub object: Option<Box<ObjectKey>>,
    /// What it was being done to, in words: the object, or `Secrets in registry`.
    pub what: String,
    /// Why not.
    pub cause: Box<Cause>,
}

/// What is asked of the cluster: what a refusal will name.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) verb: Verb,
    pub(crate) object: Option<ObjectKey>,
    pub(crate) what: String,
}

impl Refused {
    /// A refusal about one object.
    pub fn of(verb: Verb, key: &ObjectKey, cause: Cause) -> Self {
        Asked::of(verb, key).refused(cause)
    }

    /// What to do next.
    pub fn next(&self) -> String {
        self.cause.next(self.object.as_deref())
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}; {}", self.verb, self.what, self.cause, self.next())
    }
}

impl std::error::Error for Refused {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(&*self.cause)
    }
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Get => "reading",
            Self::List => "listing",
            Self::DryRun => "planning",
            Self::Apply => "applying",
            Self::Create => "creating",
            Self::Delete => "deleting",
        })
    }
}

impl Asked {
    /// Something about one object.
    pub(crate) fn of(verb: Verb, object: &ObjectKey) -> Self {
        Self {
            verb,
            what: object.to_string(),
            object: Some(object.clone()),
        }
    }

    /// Something about no object in particular.
    pub(crate) fn about(verb: Verb, what: impl Into<String>) -> Self {
        Self {
            verb,
            object: None,
            what: what.into(),
        }
    }

    /// The refusal of this for a cause.
    pub(crate) fn refused(&self, cause: Cause) -> Refused {
        Refused {
            verb: self.verb,
            object: self.object.clone().map(Box::new),
            what: self.what.clone(),
            cause: Box::new(cause),
        }
    }
}
