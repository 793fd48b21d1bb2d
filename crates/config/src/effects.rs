//! Where the effect of each field is seen. A field that was set on purpose and has none yet is told by
//! a finding, so that nothing is dropped in silence; the rows that say so must shrink to none.

mod findings;
mod table;

pub(crate) use findings::{RULES, check};
pub use table::effect;

/// Where the effect of a field is seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Effect {
    /// In what `berth serve` does or refuses.
    Serve,
    /// In what `berth size` says.
    Size,
    /// In what `berth render` makes of it: `docs/effects.md` names the object and the path.
    Render,
    /// Nowhere yet: a finding says what will apply it.
    NotAppliedYet(Pending),
}

/// Work that will apply what isn't applied yet.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Pending {
    /// Telling the product by its own API, once it runs.
    ProductApi,
    /// Running jobs beside a served registry: garbage collection, backups, metrics.
    Operation,
    /// Scanning images, and keeping what is vulnerable from being pulled.
    Scanning,
    /// Removing images by policy.
    Retention,
    /// Copying images between registries.
    Replication,
    /// Letting in by rules.
    Access,
}

impl Pending {
    /// What will apply it, in words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ProductApi => "`apply` against the product's API",
            Self::Operation => "running jobs beside the registry",
            Self::Scanning => "scanning images",
            Self::Retention => "removing images by policy",
            Self::Replication => "copying images between registries",
            Self::Access => "enforcing access rules",
        }
    }
}

/// What will carry out a policy of a kind; `None` of what is carried out.
const fn policy_pending(kind: crate::Kind) -> Option<Pending> {
    use crate::Kind;
    match kind {
        Kind::ImageScanPolicy => Some(Pending::Scanning),
        Kind::ImageRetentionPolicy => Some(Pending::Retention),
        Kind::ImageReplicationPolicy => Some(Pending::Replication),
        _ => None,
    }
}
