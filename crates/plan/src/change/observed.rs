use std::fmt;

use serde_json::Value as Json;

use super::Conflict;

/// What a cluster was seen to hold of an object, and what it answered to a dry run. May hold secrets: it can't be printed.
#[derive(Clone, PartialEq)]
pub struct Observed {
    /// The object as it is; `None` where there is none.
    pub live: Option<Json>,
    /// What became of it in a dry run.
    pub trial: Trial,
}

/// What became of an object in a dry run.
#[derive(Clone, PartialEq)]
pub enum Trial {
    /// It would become this.
    Accepted(Json),
    /// It would become this once others' fields are taken over.
    Taken {
        /// What it would become.
        result: Json,
        /// What is taken over.
        conflicts: Vec<Conflict>,
    },
    /// The server refuses.
    Refused(Refusal),
    /// It wasn't tried: what it stands in isn't there yet.
    Untried {
        /// What isn't there; `None` where the plan itself brings it.
        because: Option<String>,
    },
}

/// Why a server refuses an object.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// Others own fields that Berth would set to something else.
    Conflict(Vec<Conflict>),
    /// The object breaks a rule of the server; a field that can't change among them.
    Invalid {
        /// What the server says.
        message: String,
        /// The fields it complains of, each with what it says of it.
        causes: Vec<(String, String)>,
    },
    /// Something else: rights, a webhook, a quota.
    Other {
        /// What the server says.
        message: String,
        /// What to do.
        help: String,
    },
}

impl fmt::Debug for Observed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let trial = match &self.trial {
            Trial::Accepted(_) => "accepted",
            Trial::Taken { .. } => "taken",
            Trial::Refused(_) => "refused",
            Trial::Untried { .. } => "untried",
        };
        write!(f, "Observed(live: {}, {trial})", self.live.is_some())
    }
}
