//! The database that Nexus keeps its own records in.

use berth_finding::Rule;

use crate::nexus::{Database, database, is_before_3_71, version};
use crate::rules::Out;
use crate::sections::NexusRegistry;
use crate::value::{AccessMode, NexusDatabaseType, Written};

pub(super) const NX_003: Rule = Rule::warning(
    "NX-003",
    "no database is chosen, so Nexus 3.68 takes OrientDB",
    "Nexus 3.68 starts on OrientDB unless told otherwise. OrientDB was removed in 3.71, doesn't survive a full disk \
     or a hard kill well, and leaves by a one-way migration only. A new installation does better on H2, which is one \
     setting on the first start and expensive later.\n\n\
     Say which one is meant:\n\n    \
     database: {type: h2}",
);

pub(super) const NX_004: Rule = Rule::error(
    "NX-004",
    "this version of Nexus has no OrientDB any more",
    "OrientDB was removed in Nexus 3.71. That version and later ones refuse to start on a data folder that still holds \
     it; the last version that can migrate is 3.70.\n\n\
     Upgrade to 3.70 first, run the database migrator there, then choose H2 (or PostgreSQL with a licence):\n\n    \
     version: \"3.71\"\n    \
     database: {type: h2}",
);

pub(super) const NX_005: Rule = Rule::error(
    "NX-005",
    "the embedded database lies on a volume that several nodes can write",
    "OrientDB and H2 lock their files the way a local disk does. On NFS and most ReadWriteMany storage these locks \
     don't hold or go stale, and the database is damaged; its repair loses the newest records. With an embedded \
     database the data volume must be ReadWriteOnce block storage.\n\n\
     Example:\n\n    \
     persistence: {accessMode: ReadWriteOnce, storageClass: ssd, size: 100Gi}",
);

pub(super) fn check(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    nx_003(nexus, out);
    nx_004(nexus, out);
    nx_005(nexus, out);
}

fn nx_003(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    let chosen = nexus
        .database
        .as_ref()
        .is_some_and(|database| !database.kind.is_empty());
    if !chosen && is_before_3_71(version(nexus)) {
        out.at(
            "database",
            NX_003,
            "no `database.type` is given, so Nexus starts on OrientDB",
        )
        .help("set `database.type: h2` for a new installation");
    }
}

fn nx_004(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    let kind = nexus.database.as_ref().and_then(|database| database.kind.value());
    if kind == Some(&NexusDatabaseType::Orientdb) && !is_before_3_71(version(nexus)) {
        out.at("database.type", NX_004, "OrientDB was removed in Nexus 3.71")
            .help("migrate with version 3.70 first, then set `database.type: h2`");
    }
}

fn nx_005(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    if database(nexus) == Database::Postgresql {
        return;
    }
    let Some(volume) = nexus.persistence.as_ref().filter(|volume| volume.enabled) else {
        return;
    };
    let help = "set `persistence.accessMode: ReadWriteOnce` on block storage, or use PostgreSQL";
    if volume.access_mode.as_ref().and_then(Written::value) == Some(&AccessMode::ReadWriteMany) {
        out.at(
            "persistence.accessMode",
            NX_005,
            "the embedded database needs a volume that one node writes",
        )
        .help(help);
    } else if volume
        .storage_class
        .as_deref()
        .is_some_and(is_network_file_system)
    {
        out.at(
            "persistence.storageClass",
            NX_005,
            "this storage class looks like a network file system",
        )
        .help(help);
    }
}

/// Whether a word of the name says so, as in `nfs-client` or `efs-sc`.
fn is_network_file_system(class: &str) -> bool {
    class
        .to_ascii_lowercase()
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .any(|word| ["nfs", "efs", "azurefile", "cephfs", "filestore", "glusterfs"].contains(&word))
}

#[cfg(test)]
mod tests {
    use crate::rules::nexus_registry::testing::fires;

    #[test]
    fn nx_003_fires_when_no_database_is_chosen_and_not_otherwise() {
        assert!(fires("NX-003", "{}"));
        assert!(!fires("NX-003", "database: {type: h2}"));
        assert!(!fires("NX-003", "version: '3.71'"));
    }

    #[test]
    fn nx_004_fires_when_orientdb_meets_a_version_without_it_and_not_otherwise() {
        assert!(fires("NX-004", "{version: '3.71', database: {type: orientdb}}"));
        assert!(!fires("NX-004", "{version: '3.70', database: {type: orientdb}}"));
        assert!(!fires("NX-004", "{version: '3.71', database: {type: h2}}"));
    }

    #[test]
    fn nx_005_fires_when_the_embedded_database_lies_on_shared_storage_and_not_otherwise() {
        assert!(fires("NX-005", "persistence: {accessMode: ReadWriteMany}"));
        assert!(fires("NX-005", "persistence: {storageClass: nfs-client}"));
        assert!(!fires(
            "NX-005",
            "persistence: {storageClass: confs, accessMode: ReadWriteOnce}"
        ));
        assert!(!fires(
            "NX-005",
            "{database: {type: postgresql}, persistence: {accessMode: ReadWriteMany}}"
        ));
    }
}
