//! The data volume, and who may write to it.

use std::path::{Component, Path};

use berth_finding::{Level, Rule};

use crate::rules::Out;
use crate::sections::NexusRegistry;

pub(super) const NX_006: Rule = Rule::warning(
    "NX-006",
    "the data is not kept: every restart begins with an empty Nexus",
    "Without a volume Nexus writes its database, its blobs and its keys into the pod. When the pod goes, all \
     repositories, users and images go with it.\n\n\
     Ask for a volume, or name a claim that exists:\n\n    \
     persistence: {enabled: true, size: 100Gi}",
)
.in_prod(Level::Error);

pub(super) const NX_009: Rule = Rule::error(
    "NX-009",
    "Nexus runs as a user that can't write its data folder",
    "The image's files and its data folder belong to user and group 200. Run as another user without a matching \
     `fsGroup`, Nexus can't write the volume and stops at the start with `Permission denied`.\n\n\
     Leave the user alone, or give the group of the volume too:\n\n    \
     securityContext: {runAsUser: 1000, fsGroup: 1000}",
);

pub(super) const NX_016: Rule = Rule::error(
    "NX-016",
    "logs or temporary files lie outside the data volume",
    "Only the data path is a writable volume; the rest of the container's file system is read-only. With its log or \
     temporary folder elsewhere Nexus can't start, and uploads, which pass through the temporary folder, would fill the \
     node's own disk. The paths must be absolute and lie below `storage.dataPath`.\n\n\
     Example:\n\n    \
     storage: {dataPath: /nexus-data, logPath: /nexus-data/log, tempPath: /nexus-data/tmp}",
);

/// The user that the files of the image belong to.
const NEXUS_USER: i64 = 200;

pub(super) fn check(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    nx_006(nexus, out);
    nx_009(nexus, out);
    nx_016(nexus, out);
}

fn nx_006(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    if nexus.persistence.as_ref().is_some_and(|volume| !volume.enabled) {
        out.at(
            "persistence.enabled",
            NX_006,
            "without a volume all data is gone after a restart",
        )
        .help("set `persistence.enabled: true`, or name an `existingClaim`");
    }
}

fn nx_009(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    let Some(rights) = &nexus.security_context else {
        return;
    };
    let other_user = rights
        .run_as_user
        .is_some_and(|user| user != NEXUS_USER && user != 0);
    if other_user && rights.fs_group.is_none() {
        out.at(
            "securityContext.runAsUser",
            NX_009,
            "the data folder belongs to user 200, and no `fsGroup` opens it",
        )
        .help("leave `runAsUser` out, or set `securityContext.fsGroup` too");
    }
}

fn nx_016(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    let storage = &nexus.storage;
    if !is_plain_absolute(&storage.data_path) {
        out.at(
            "storage.dataPath",
            NX_016,
            "`dataPath` is not an absolute path without `..`",
        )
        .help("such as `/nexus-data`");
        return;
    }
    for (path, value) in [
        ("storage.logPath", &storage.log_path),
        ("storage.tempPath", &storage.temp_path),
    ] {
        if !is_plain_absolute(value) || !Path::new(value).starts_with(&storage.data_path) {
            out.at(
                path,
                NX_016,
                "the path is not below `storage.dataPath`, where the volume is",
            )
            .help(format!("choose a folder below `{}`", storage.data_path));
        }
    }
}

fn is_plain_absolute(path: &str) -> bool {
    let path = Path::new(path);
    path.is_absolute()
        && path != Path::new("/")
        && path
            .components()
            .all(|part| matches!(part, Component::RootDir | Component::Normal(_)))
}

#[cfg(test)]
mod tests {
    use crate::rules::nexus_registry::testing::fires;

    #[test]
    fn nx_006_fires_when_there_is_no_volume_and_not_otherwise() {
        assert!(fires("NX-006", "persistence: {enabled: false}"));
        assert!(!fires("NX-006", "persistence: {size: 10Gi}"));
    }

    #[test]
    fn nx_009_fires_when_the_user_can_not_write_and_not_otherwise() {
        assert!(fires("NX-009", "securityContext: {runAsUser: 1000}"));
        assert!(!fires(
            "NX-009",
            "securityContext: {runAsUser: 1000, fsGroup: 1000}"
        ));
        assert!(!fires("NX-009", "securityContext: {runAsUser: 200}"));
    }

    #[test]
    fn nx_016_fires_when_a_path_leaves_the_volume_and_not_otherwise() {
        assert!(fires("NX-016", "storage: {logPath: /var/log/nexus}"));
        assert!(fires("NX-016", "storage: {tempPath: /nexus-data/../tmp}"));
        assert!(fires("NX-016", "storage: {tempPath: /nexus-data2/tmp}"));
        assert!(fires("NX-016", "storage: {dataPath: data}"));
        assert!(!fires(
            "NX-016",
            "storage: {dataPath: /data, logPath: /data/log, tempPath: /data/tmp}"
        ));
        assert!(!fires("NX-016", "{}"));
    }
}
