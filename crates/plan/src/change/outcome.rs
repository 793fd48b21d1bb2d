use std::fmt;

use crate::object::ObjectKey;

/// What came of one change.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// It was done.
    Done(Done),
    /// It was tried, and it failed.
    Failed {
        /// Why.
        because: String,
    },
    /// It was not tried.
    NotDone,
}

/// What was done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Done {
    /// The object is there.
    Created,
    /// Its fields are as wanted.
    Updated,
    /// It was made anew.
    Replaced,
    /// It is gone.
    Deleted,
}

/// What came of a plan, in the order in which it was done.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Outcomes {
    /// Each change that was to be made.
    pub all: Vec<(ObjectKey, Outcome)>,
}

impl Done {
    /// In one word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Replaced => "replaced",
            Self::Deleted => "deleted",
        }
    }
}

impl Outcomes {
    /// Whether all was done.
    pub fn is_whole(&self) -> bool {
        self.all
            .iter()
            .all(|(_, outcome)| matches!(outcome, Outcome::Done(_)))
    }

    /// Whether anything was done.
    pub fn any_done(&self) -> bool {
        self.all
            .iter()
            .any(|(_, outcome)| matches!(outcome, Outcome::Done(_)))
    }
}

/// What is done, what failed and what is not done, each under its head.
impl fmt::Display for Outcomes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut part = |head: &str, line: &dyn Fn(&ObjectKey, &Outcome) -> Option<String>| {
            let lines = self.all.iter().filter_map(|(key, outcome)| line(key, outcome));
            let lines: Vec<String> = lines.collect();
            if lines.is_empty() {
                return Ok(());
            }
            writeln!(f, "{head}")?;
            lines.iter().try_for_each(|line| writeln!(f, "  {line}"))
        };
        part("done:", &|key, outcome| match outcome {
            Outcome::Done(done) => Some(format!("{key} {}", done.as_str())),
            _ => None,
        })?;
        part("failed:", &|key, outcome| match outcome {
            Outcome::Failed { because } => Some(format!("{key}: {because}")),
            _ => None,
        })?;
        part("not done:", &|key, outcome| match outcome {
            Outcome::NotDone => Some(key.to_string()),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> ObjectKey {
        ObjectKey {
            namespace: Some("n".to_owned()),
            name: name.to_owned(),
            group: "".into(),
            kind: "ConfigMap".into(),
        }
    }

    #[test]
    fn what_is_done_what_failed_and_what_is_not_done_are_listed_apart() {
        let outcomes = Outcomes {
            all: vec![
                (key("a"), Outcome::Done(Done::Created)),
                (
                    key("b"),
                    Outcome::Failed {
                        because: "the quota is used up".to_owned(),
                    },
                ),
                (key("c"), Outcome::NotDone),
            ],
        };
        let expected = "done:\n  ConfigMap n/a created\nfailed:\n  ConfigMap n/b: the quota is used up\nnot done:\n  ConfigMap n/c\n";
        assert_eq!(outcomes.to_string(), expected);
        assert!(outcomes.any_done() && !outcomes.is_whole());
    }
}
