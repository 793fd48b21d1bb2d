//! What several rules ask of a Nexus.

use crate::sections::NexusRegistry;
use crate::value::{NexusDatabaseType, NexusEdition, Written};

/// The database that Nexus will run on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Database {
    /// The old embedded one.
    Orientdb,
    /// The new embedded one.
    H2,
    /// An outside one.
    Postgresql,
}

/// The database that is chosen, else the one that this version starts on.
pub(super) fn database(nexus: &NexusRegistry) -> Database {
    match nexus.database.as_ref().and_then(|database| database.kind.value()) {
        Some(NexusDatabaseType::Orientdb) => Database::Orientdb,
        Some(NexusDatabaseType::Postgresql) => Database::Postgresql,
        None if is_before_3_71(version(nexus)) => Database::Orientdb,
        Some(NexusDatabaseType::H2) | None => Database::H2,
    }
}

/// Major and minor version, as far as they can be read.
pub(super) fn version(nexus: &NexusRegistry) -> Option<(u32, u32)> {
    let mut parts = nexus.version.split('.');
    let (major, minor) = (parts.next()?, parts.next()?);
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// Whether this version still has `OrientDB`. One that can't be read counts as 3.68.
pub(super) fn is_before_3_71(version: Option<(u32, u32)>) -> bool {
    version.is_none_or(|version| version < (3, 71))
}

/// Whether this version has `PostgreSQL` in its Pro edition only.
pub(super) fn postgresql_needs_pro(version: Option<(u32, u32)>) -> bool {
    version.is_none_or(|version| version < (3, 77))
}

/// Whether there is a licence.
pub(super) fn has_license(nexus: &NexusRegistry) -> bool {
    nexus.license.as_ref().is_some_and(|license| !license.is_empty())
}

/// Whether Pro is meant: it is said, or there is a licence.
pub(super) fn is_pro(nexus: &NexusRegistry) -> bool {
    has_license(nexus) || nexus.edition.as_ref().and_then(Written::value) == Some(&NexusEdition::Pro)
}
