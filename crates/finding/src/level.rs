use std::fmt;

use serde::Serialize;

/// How much a finding weighs. The order is the order of weight: an error comes first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The declaration is refused.
    Error,
    /// It works, but not as the reader may expect.
    Warning,
    /// Worth knowing; nothing to do.
    Info,
}

impl Level {
    /// The word that stands in the outputs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
