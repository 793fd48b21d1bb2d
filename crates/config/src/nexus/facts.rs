use crate::sections::NexusRegistry;
use crate::value::{AccessMode, BlobstoreType, NexusDatabaseType, NexusEdition, Written};

/// The database that Nexus will run on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Database {
    /// The old embedded one.
    Orientdb,
    /// The new embedded one.
    H2,
    /// An outside one.
    Postgresql,
}

/// The database that is chosen, else the one that this version starts on.
pub fn database(nexus: &NexusRegistry) -> Database {
    let given = nexus.database.as_ref();
    if given.is_some_and(|database| database.managed) {
        return Database::Postgresql;
    }
    match given.and_then(|database| database.kind.value()) {
        Some(NexusDatabaseType::Orientdb) => Database::Orientdb,
        Some(NexusDatabaseType::Postgresql) => Database::Postgresql,
        None if is_before_3_71(version(nexus)) => Database::Orientdb,
        Some(NexusDatabaseType::H2) | None => Database::H2,
    }
}

/// Major and minor version, as far as they can be read.
pub fn version(nexus: &NexusRegistry) -> Option<(u32, u32)> {
    let mut parts = nexus.version.split('.');
    let (major, minor) = (parts.next()?, parts.next()?);
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// Whether this version still has `OrientDB`. One that can't be read counts as 3.68.
pub fn is_before_3_71(version: Option<(u32, u32)>) -> bool {
    version.is_none_or(|version| version < (3, 71))
}

/// Whether this version has `PostgreSQL` in its Pro edition only.
pub fn postgresql_needs_pro(version: Option<(u32, u32)>) -> bool {
    version.is_none_or(|version| version < (3, 77))
}

/// Whether there is a licence.
pub fn has_license(nexus: &NexusRegistry) -> bool {
    nexus.license.as_ref().is_some_and(|license| !license.is_empty())
}

/// Whether Pro is meant: it is said, or there is a licence.
pub fn is_pro(nexus: &NexusRegistry) -> bool {
    has_license(nexus) || nexus.edition.as_ref().and_then(Written::value) == Some(&NexusEdition::Pro)
}

/// What several replicas need and this Nexus lacks, in words; nothing where they can run.
pub fn missing_for_replicas(nexus: &NexusRegistry) -> Vec<&'static str> {
    let conditions = [
        (has_license(nexus), "no licence"),
        (database(nexus) == Database::Postgresql, "no PostgreSQL"),
        (has_shared_blobs(nexus), "no blob store that all replicas reach"),
        (nexus.clustered, "no `clustered: true`"),
    ];
    let missing = conditions.iter().filter(|(is_met, _)| !is_met);
    missing.map(|(_, what)| *what).collect()
}

/// Whether every blob store is one that all replicas reach.
fn has_shared_blobs(nexus: &NexusRegistry) -> bool {
    let stores = &nexus.storage.blobstores;
    let in_files = |kind: &Written<BlobstoreType>| kind.value() == Some(&BlobstoreType::File);
    has_shared_volume(nexus) || (!stores.is_empty() && !stores.iter().any(|store| in_files(&store.kind)))
}

/// Whether the volume is one that several nodes write.
pub fn has_shared_volume(nexus: &NexusRegistry) -> bool {
    let volume = nexus.persistence.as_ref().filter(|volume| volume.enabled);
    let access = volume.and_then(|volume| volume.access_mode.as_ref());
    access.and_then(Written::value) == Some(&AccessMode::ReadWriteMany)
}
