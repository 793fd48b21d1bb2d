use std::fmt;

/// A field that another manager owns, and that Berth would set to something else.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Conflict {
    /// The field, as the server names it: `.spec.replicas`.
    pub field: String,
    /// Who owns it: `kubectl-edit`.
    pub manager: String,
}

/// `.spec.replicas is owned by kubectl-edit`.
impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is owned by {}", self.field, self.manager)
    }
}
