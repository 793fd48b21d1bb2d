//! Giving the space of deleted images back.

use berth_finding::{Level, Rule};

use super::{Place, facts};
use crate::rules::Out;
use crate::sections::{DockerGarbageCollection, DockerRegistry};
use crate::value::{AccessMode, StorageDriver};

pub(super) const DR_052: Rule = Rule::info(
    "DR-052",
    "garbage collection stops the registry while it runs, because its volume goes to one pod at a time",
    "\
The collector needs the same volume as the registry. A ReadWriteOnce volume goes to one node, so the registry is scaled
to zero for the run, and back. An object store is collected with the registry in read-only mode instead.

    storage: {driver: s3}
",
);

pub(super) const DR_053: Rule = Rule::error(
    "DR-053",
    "images are to be removed from a registry that refuses deletes",
    "\
Docker's registry answers every DELETE with 405 unless `storage.delete.enabled` is true, so a retention policy or a
garbage collection of untagged images has nothing it may remove.

    storage: {delete: {enabled: true}}
",
);

pub(super) const DR_054: Rule = Rule::warning(
    "DR-054",
    "garbage collection while pushes go on loses images",
    "\
The collector of Docker's registry marks, then sweeps; a layer that is pushed in between is swept although its image is
there. It must run with the registry read-only, and a registry with a cache must be restarted afterwards.

    garbageCollection: {enabled: true, readOnly: true}
",
);

const DR_053_UNSAID: Rule = Rule {
    level: Level::Warning,
    ..DR_053
};

pub(super) fn check(registry: &DockerRegistry, place: &Place<'_>, out: &mut Out<'_, '_>) {
    deletes(registry, place, out);
    let Some(collection) = collection(registry).filter(|_| facts::is_distribution(registry)) else {
        return;
    };
    unsafe_run(registry, collection, out);
    if place.is_cluster() {
        pause(registry, out);
    }
}

fn collection(registry: &DockerRegistry) -> Option<&DockerGarbageCollection> {
    registry
        .garbage_collection
        .as_ref()
        .filter(|collection| collection.enabled)
}

fn pause(registry: &DockerRegistry, out: &mut Out<'_, '_>) {
    let alone =
        facts::volume(registry).is_some_and(|volume| facts::access_mode(volume) != AccessMode::ReadWriteMany);
    if alone && facts::driver(registry) == Some(StorageDriver::Filesystem) {
        out.at(
            "garbageCollection",
            DR_052,
            "the registry is stopped while garbage is collected from its volume",
        )
        .help("schedule it for a quiet hour, or use an object store");
    }
}

fn deletes(registry: &DockerRegistry, place: &Place<'_>, out: &mut Out<'_, '_>) {
    let rule = match &registry.storage.delete {
        Some(delete) if delete.enabled => return,
        Some(_) => DR_053,
        None => DR_053_UNSAID,
    };
    if registry.proxy.is_some() {
        return;
    }
    if let Some((policy, _)) = place.retention_policies().next() {
        let message = format!(
            "the policy `{}` removes images, but the registry refuses deletes",
            policy.name
        );
        out.at("storage.delete.enabled", rule, message)
            .help("set `storage.delete.enabled` to true");
    } else if collection(registry).is_some_and(|collection| collection.delete_untagged) {
        out.at(
            "storage.delete.enabled",
            rule,
            "untagged images are to be removed, but the registry refuses deletes",
        )
        .help("set `storage.delete.enabled` to true");
    }
}

fn unsafe_run(registry: &DockerRegistry, collection: &DockerGarbageCollection, out: &mut Out<'_, '_>) {
    if collection.read_only == Some(false) {
        out.at(
            "garbageCollection.readOnly",
            DR_054,
            "images that are pushed during the run lose layers",
        )
        .help("take readOnly out, or set it to true");
    }
    if collection.restart == Some(false) && registry.storage.cache.is_some() {
        out.at(
            "garbageCollection.restart",
            DR_054,
            "the cache goes on to announce what was removed",
        )
        .help("take restart out, or set it to true");
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::cases::{fires, fires_here, level_of, policy, registry};

    #[test]
    fn dr_052_fires_when_collection_stops_the_registry_and_not_on_an_object_store() {
        let volume = "{garbageCollection: {}, persistence: {size: 5Gi}}";
        assert!(fires("DR-052", &registry(volume)));
        assert!(!fires_here("DR-052", &registry(volume)));
        let shared = "{garbageCollection: {}, persistence: {accessMode: ReadWriteMany}}";
        assert!(!fires("DR-052", &registry(shared)));
        let store = "{garbageCollection: {}, storage: {driver: s3, s3: {enabled: true}}}";
        assert!(!fires("DR-052", &registry(store)));
    }

    #[test]
    fn dr_053_fires_when_deletes_are_refused_to_a_policy_and_not_when_allowed() {
        let with = |delete: &str| {
            format!(
                "{}\n---\n{}",
                registry(&format!("storage: {{{delete}}}")),
                policy("ImageRetentionPolicy", "{}")
            )
        };
        assert_eq!(
            level_of("DR-053", &with("delete: {enabled: false}")),
            ["error", "error"]
        );
        assert_eq!(level_of("DR-053", &with("")), ["warning", "error"]);
        assert!(!fires("DR-053", &with("delete: {enabled: true}")));
        assert!(fires(
            "DR-053",
            &registry("garbageCollection: {deleteUntagged: true}")
        ));
        assert!(!fires("DR-053", &registry("{}")));
    }

    #[test]
    fn dr_054_fires_on_a_collection_among_pushes_and_not_on_the_safe_one() {
        assert!(fires("DR-054", &registry("garbageCollection: {readOnly: false}")));
        let stale = "{garbageCollection: {restart: false}, storage: {cache: {blobdescriptor: inmemory}}}";
        assert!(fires("DR-054", &registry(stale)));
        assert!(!fires("DR-054", &registry("garbageCollection: {restart: false}")));
        assert!(!fires("DR-054", &registry("garbageCollection: {}")));
        assert!(!fires(
            "DR-054",
            &registry("{engine: berth, garbageCollection: {readOnly: false}}")
        ));
    }
}
