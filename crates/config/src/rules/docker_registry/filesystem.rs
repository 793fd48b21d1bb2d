//! The filesystem driver: where the images lie, and whether they outlive the pod.

use berth_finding::{Level, Rule};

use super::{Place, facts};
use crate::rules::Out;
use crate::sections::DockerRegistry;
use crate::value::{AccessMode, StorageDriver};

pub(super) const DR_015: Rule = Rule::error(
    "DR-015",
    "the root directory is not on the data volume",
    "\
On a cluster the data volume is mounted where `storage.filesystem.rootdirectory` points. A relative path can't be
mounted, so the volume's usual place is taken instead and this is a warning; a path outside the mount that was given
means that images go to the container's own disk, and are lost with the pod.

    storage:
      filesystem: {rootdirectory: /var/lib/registry}
",
);

pub(super) const DR_016: Rule = Rule::warning(
    "DR-016",
    "images are kept on the filesystem, and nothing keeps that after the pod",
    "\
Without a volume claim the data folder is an empty one that goes with the pod: every restart on another node loses all
images. Ask for a volume, or use an object store. Under `--profile prod` this is an error.

    persistence: {enabled: true, size: 50Gi}
",
)
.in_prod(Level::Error);

pub(super) const DR_017: Rule = Rule::error(
    "DR-017",
    "several replicas share a filesystem that only one node can mount",
    "\
A volume of access mode ReadWriteOnce can be mounted on one node, so the second replica stays pending, or a rolling
update hangs with \"Multi-Attach error\". Use one replica, an object store, or a ReadWriteMany volume; the last is a
warning, because uploads fail with \"blob upload unknown\" where the network file system caches directories.

    replicas: 1
",
);

pub(super) const DR_018: Rule = Rule::info(
    "DR-018",
    "the registry stops for a moment at each rollout, because its volume goes to one pod at a time",
    "\
With one replica on a ReadWriteOnce volume the old pod must be gone before the new one can mount it, so the Deployment
uses the strategy Recreate. For rollouts without a pause use an object store and two replicas.

    replicas: 2
    storage: {driver: s3}
",
);

pub(super) const DR_019: Rule = Rule::error(
    "DR-019",
    "maxthreads is not taken as written",
    "\
The filesystem driver allows this many file operations at once. It must be a whole number; values under 25 become 25 in
silence, and values over 1000 use up a thread of the operating system each. Small and large ones are warnings.

    storage:
      filesystem: {maxthreads: 100}
",
);

const DR_015_MOVED: Rule = Rule {
    level: Level::Warning,
    prod_level: Level::Warning,
    ..DR_015
};
const DR_017_SHARED: Rule = Rule {
    level: Level::Warning,
    prod_level: Level::Warning,
    ..DR_017
};
const DR_019_ODD: Rule = Rule {
    level: Level::Warning,
    prod_level: Level::Warning,
    ..DR_019
};

/// Folders of the image that hold the program or the system; a volume there would hide them.
const SYSTEM_FOLDERS: [&str; 10] = [
    "/bin", "/dev", "/etc", "/lib", "/lib64", "/proc", "/run", "/sbin", "/sys", "/usr",
];

pub(super) fn check(registry: &DockerRegistry, place: &Place<'_>, out: &mut Out<'_, '_>) {
    if facts::driver(registry) != Some(StorageDriver::Filesystem) {
        return;
    }
    threads(registry, out);
    if place.is_cluster() {
        root(registry, out);
        volume(registry, out);
        replicas(registry, out);
        rollout(registry, out);
    }
}

fn root(registry: &DockerRegistry, out: &mut Out<'_, '_>) {
    let root = registry.storage.filesystem.rootdirectory.as_str();
    let path = "storage.filesystem.rootdirectory";
    let clean = root.trim_end_matches('/');
    if !root.starts_with('/') {
        out.at(
            path,
            DR_015_MOVED,
            "the root directory is relative; on a cluster the volume's mount is used",
        )
        .help("write an absolute path, such as /var/lib/registry");
    } else if clean.is_empty()
        || root.split('/').any(|part| part == "..")
        || SYSTEM_FOLDERS
            .iter()
            .any(|folder| clean == *folder || clean.starts_with(&format!("{folder}/")))
    {
        out.at(path, DR_015, format!("no volume can be mounted at `{root}`"))
            .help("use a folder of its own, such as /var/lib/registry");
    }
}

fn volume(registry: &DockerRegistry, out: &mut Out<'_, '_>) {
    if facts::volume(registry).is_none() {
        out.at(
            "persistence",
            DR_016,
            "the images are lost with the pod: no volume is asked for",
        )
        .help("set `persistence.enabled` and `persistence.size`, or use an object store");
    }
}

fn replicas(registry: &DockerRegistry, out: &mut Out<'_, '_>) {
    if facts::most_replicas(registry) < 2 {
        return;
    }
    match facts::volume(registry).map(facts::access_mode) {
        Some(AccessMode::ReadWriteMany) => {
            out.at(
                "replicas",
                DR_017_SHARED,
                "uploads can fail while several replicas share a network file system",
            )
            .help("use an object store, or one replica");
        }
        Some(mode) => {
            let message = format!(
                "a volume of access mode {} can't be shared by several replicas",
                mode.as_str()
            );
            out.at("replicas", DR_017, message)
                .help("set replicas to 1, or use an object store");
        }
        None => {
            out.at("replicas", DR_017, "each replica would keep images of its own")
                .help("set replicas to 1, or use an object store");
        }
    }
}

fn rollout(registry: &DockerRegistry, out: &mut Out<'_, '_>) {
    let alone =
        facts::volume(registry).is_some_and(|volume| facts::access_mode(volume) != AccessMode::ReadWriteMany);
    if alone && facts::most_replicas(registry) == 1 {
        out.at(
            "persistence.accessMode",
            DR_018,
            "a rollout stops the registry for a moment (strategy Recreate)",
        )
        .help("use an object store and two replicas, where that matters");
    }
}

fn threads(registry: &DockerRegistry, out: &mut Out<'_, '_>) {
    let path = "storage.filesystem.maxthreads";
    match registry.storage.filesystem.maxthreads {
        1..25 => {
            out.at(path, DR_019_ODD, "values under 25 become 25")
                .help("write 25 or more");
        }
        1001.. => {
            out.at(path, DR_019_ODD, "so many threads use up memory and gain nothing")
                .help("100 is the default");
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::cases::{fires, fires_here, level_of, registry};

    fn rooted(root: &str) -> String {
        registry(&format!("storage: {{filesystem: {{rootdirectory: '{root}'}}}}"))
    }

    #[test]
    fn dr_015_fires_on_a_cluster_where_no_volume_can_be_and_not_otherwise() {
        assert_eq!(level_of("DR-015", &rooted("./data")), ["warning", "warning"]);
        for wrong in ["/", "/etc/registry", "/data/../etc"] {
            assert_eq!(level_of("DR-015", &rooted(wrong)), ["error", "error"], "{wrong}");
        }
        assert!(!fires("DR-015", &rooted("/var/lib/registry")));
        assert!(!fires_here("DR-015", &rooted("./data")));
    }

    #[test]
    fn dr_016_fires_on_a_cluster_without_a_volume_and_not_otherwise() {
        assert_eq!(level_of("DR-016", &registry("{}")), ["warning", "error"]);
        assert!(fires("DR-016", &registry("persistence: {enabled: false}")));
        assert!(!fires("DR-016", &registry("persistence: {size: 5Gi}")));
        assert!(!fires(
            "DR-016",
            &registry("storage: {driver: s3, s3: {enabled: true}}")
        ));
        assert!(!fires_here("DR-016", &registry("{}")));
    }

    #[test]
    fn dr_017_fires_when_replicas_share_a_volume_of_one_node_and_not_otherwise() {
        let with = |mode: &str| registry(&format!("{{replicas: 2, persistence: {{accessMode: {mode}}}}}"));
        assert_eq!(level_of("DR-017", &with("ReadWriteOnce")), ["error", "error"]);
        assert_eq!(level_of("DR-017", &with("ReadWriteMany")), ["warning", "warning"]);
        assert!(fires("DR-017", &registry("replicas: 2")));
        assert!(fires("DR-017", &registry("autoscaling: {maxReplicas: 4}")));
        assert!(!fires("DR-017", &registry("{}")));
    }

    #[test]
    fn dr_018_fires_on_one_replica_with_a_volume_of_one_node_and_not_otherwise() {
        assert!(fires("DR-018", &registry("persistence: {size: 5Gi}")));
        assert!(!fires(
            "DR-018",
            &registry("persistence: {accessMode: ReadWriteMany}")
        ));
        assert!(!fires("DR-018", &registry("{}")));
    }

    #[test]
    fn dr_019_fires_on_odd_numbers_and_not_on_the_default() {
        let with = |threads: &str| registry(&format!("storage: {{filesystem: {{maxthreads: {threads}}}}}"));
        for wrong in ["0", "10", "5000"] {
            assert!(fires("DR-019", &with(wrong)), "{wrong}");
        }
        assert!(!fires("DR-019", &with("25")));
        assert!(!fires("DR-019", &registry("{}")));
    }
}
