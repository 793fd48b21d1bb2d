use std::fmt;

use serde::Serialize;

/// The stable name of a sort of finding, such as `DR-001`. Codes are never reused.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(transparent)]
pub struct Code(&'static str);

impl Code {
    /// A code from its text. The catalog of its crate holds what it means.
    pub const fn new(text: &'static str) -> Self {
        Self(text)
    }

    /// The text, as users write it after `explain`.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}
