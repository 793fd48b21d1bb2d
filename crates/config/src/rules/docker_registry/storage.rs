//! Which storage driver is asked for, and whether the rest of the document agrees with it.

use berth_finding::{Level, Rule};

use super::{Place, facts};
use crate::rules::Out;
use crate::sections::{DockerRegistry, DockerS3Storage, FilesystemStorage};
use crate::value::StorageDriver;

pub(super) const DR_001: Rule = Rule::error(
    "DR-001",
    "the storage driver is not one that Docker's registry knows",
    "\
Docker's registry 2.8 is compiled with the drivers filesystem, s3 (also written s3aws), azure, gcs, swift, oss and
inmemory. With any other name it stops at start. inmemory forgets every image when the process ends, so it is an error
under `--profile prod`.

    storage:
      driver: filesystem
",
);

pub(super) const DR_002: Rule = Rule::error(
    "DR-002",
    "the storage driver is s3, but s3 is not enabled",
    "\
`storage.driver` chooses the store; `storage.s3.enabled` repeats the choice, and the two contradict each other.
Nothing of `storage.s3` would be clear to rely on.

    storage:
      driver: s3
      s3: {enabled: true, bucket: images, region: eu-central-1}
",
);

pub(super) const DR_003: Rule = Rule::error(
    "DR-003",
    "s3 is enabled, but the storage driver is another",
    "\
Docker's registry takes exactly one storage driver and stops at start when it finds two. Either make s3 the driver,
or switch `storage.s3.enabled` off.

    storage:
      driver: s3
      s3: {enabled: true, bucket: images, region: eu-central-1}
",
);

pub(super) const DR_010: Rule = Rule::error(
    "DR-010",
    "a key exists only in later versions of Docker's registry",
    "\
forcepathstyle, usedualstack, accelerate and loglevel of s3, redis.addrs, auth.token.jwks and tag.concurrency came with
version 3. Version 2.8 ignores them in silence, so the setting would seem to be in force without being so. With
`regionendpoint` set, version 2.8 uses path-style addresses anyway; redis takes one address, `redis.addr`.

    storage:
      s3: {regionendpoint: \"https://s3.example.com\"}
",
);

pub(super) const DR_020: Rule = Rule::info(
    "DR-020",
    "settings of a storage driver that is not in use are ignored",
    "\
Only the block of the driver named in `storage.driver` reaches the product. What stands in the block of another driver
has no effect; it may be a leftover of a move from one store to another.

    storage:
      driver: filesystem
      filesystem: {rootdirectory: /var/lib/registry}
",
);

pub(super) const DR_059: Rule = Rule::error(
    "DR-059",
    "an environment variable names a second storage driver",
    "\
Docker's registry merges REGISTRY_STORAGE_<DRIVER>_... from its environment into its configuration. A variable for
another driver than `storage.driver` makes two drivers, and the registry stops at start with \"multiple storage
drivers\". Set the driver in the document instead, and leave such variables out.

    storage:
      driver: s3
",
);

const DR_001_FORGETFUL: Rule = Rule {
    level: Level::Warning,
    ..DR_001
};

/// Keys of version 3, by the place where they would stand.
const LATER_KEYS: [&str; 7] = [
    "storage.s3.forcepathstyle",
    "storage.s3.usedualstack",
    "storage.s3.accelerate",
    "storage.s3.loglevel",
    "redis.addrs",
    "auth.token.jwks",
    "storage.tag",
];

const DRIVERS: [(&str, StorageDriver); 8] = [
    ("FILESYSTEM", StorageDriver::Filesystem),
    ("S3", StorageDriver::S3),
    ("S3AWS", StorageDriver::S3),
    ("AZURE", StorageDriver::Azure),
    ("GCS", StorageDriver::Gcs),
    ("SWIFT", StorageDriver::Swift),
    ("OSS", StorageDriver::Oss),
    ("INMEMORY", StorageDriver::Inmemory),
];

pub(super) fn check(registry: &DockerRegistry, place: &Place<'_>, out: &mut Out<'_, '_>) {
    forgetful(registry, out);
    contradiction(registry, out);
    later_keys(place, out);
    unused_blocks(registry, out);
    second_driver_in_environment(registry, out);
}

fn forgetful(registry: &DockerRegistry, out: &mut Out<'_, '_>) {
    if facts::driver(registry) == Some(StorageDriver::Inmemory) {
        out.at(
            "storage.driver",
            DR_001_FORGETFUL,
            "the driver inmemory forgets every image at the next restart",
        )
        .help("use filesystem, or an object store");
    }
}

fn contradiction(registry: &DockerRegistry, out: &mut Out<'_, '_>) {
    let Some(driver) = facts::driver(registry) else {
        return;
    };
    match (driver, registry.storage.s3.enabled) {
        (StorageDriver::S3, false) => {
            out.at(
                "storage.driver",
                DR_002,
                "the driver is s3, but `storage.s3.enabled` is false",
            )
            .help("set `storage.s3.enabled` to true");
        }
        (StorageDriver::S3, true) | (_, false) => {}
        (other, true) => {
            let message = format!(
                "`storage.s3.enabled` is true, but the driver is {}",
                other.as_str()
            );
            out.at("storage.s3.enabled", DR_003, message)
                .help("set `storage.driver` to s3, or `storage.s3.enabled` to false");
        }
    }
}

fn later_keys(place: &Place<'_>, out: &mut Out<'_, '_>) {
    for path in LATER_KEYS {
        if place.is_written(path) {
            // The key itself is unknown, and has been told so.
            let above = path.rsplit_once('.').map_or(path, |(above, _)| above);
            out.at(
                above,
                DR_010,
                format!("`{path}` is not known to version 2.8 of Docker's registry"),
            )
            .help("leave it out");
        }
    }
}

fn unused_blocks(registry: &DockerRegistry, out: &mut Out<'_, '_>) {
    let Some(driver) = facts::driver(registry) else {
        return;
    };
    let storage = &registry.storage;
    let s3 = DockerS3Storage {
        enabled: false,
        ..storage.s3.clone()
    };
    let blocks = [
        (
            "storage.filesystem",
            StorageDriver::Filesystem,
            storage.filesystem != FilesystemStorage::default(),
        ),
        ("storage.s3", StorageDriver::S3, s3 != DockerS3Storage::default()),
        ("storage.azure", StorageDriver::Azure, storage.azure.is_some()),
        ("storage.gcs", StorageDriver::Gcs, storage.gcs.is_some()),
        ("storage.swift", StorageDriver::Swift, storage.swift.is_some()),
        ("storage.oss", StorageDriver::Oss, storage.oss.is_some()),
    ];
    for (path, of, given) in blocks {
        if given && of != driver {
            out.at(
                path,
                DR_020,
                format!("`{path}` is ignored while the driver is {}", driver.as_str()),
            )
            .help("take it out, or change `storage.driver`");
        }
    }
}

fn second_driver_in_environment(registry: &DockerRegistry, out: &mut Out<'_, '_>) {
    let Some(driver) = facts::driver(registry) else {
        return;
    };
    for name in registry.extra_env.keys() {
        let Some(rest) = name.strip_prefix("REGISTRY_STORAGE_") else {
            continue;
        };
        let word = rest.split('_').next().unwrap_or_default();
        if DRIVERS.iter().any(|(known, of)| *known == word && *of != driver) {
            let message = format!(
                "`{name}` names a second storage driver beside {}",
                driver.as_str()
            );
            out.at(&format!("extraEnv.{name}"), DR_059, message)
                .help("take it out");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::cases::{fires, level_of, registry};
    use crate::rules::testing;

    #[test]
    fn dr_001_fires_on_an_unknown_driver_and_not_on_an_alias() {
        assert!(fires("DR-001", &registry("storage: {driver: floppy}")));
        assert!(!fires(
            "DR-001",
            &registry("storage: {driver: s3aws, s3: {enabled: true}}")
        ));
        assert!(!fires("DR-001", &registry("{}")));
    }

    #[test]
    fn dr_001_warns_of_inmemory_and_refuses_it_in_prod() {
        let memory = registry("storage: {driver: inmemory}");
        assert_eq!(level_of("DR-001", &memory), ["warning", "error"]);
    }

    #[test]
    fn dr_002_fires_when_s3_is_driver_but_not_enabled_and_not_otherwise() {
        assert!(fires("DR-002", &registry("storage: {driver: s3}")));
        assert!(!fires(
            "DR-002",
            &registry("storage: {driver: s3, s3: {enabled: true}}")
        ));
        assert!(!fires("DR-002", &registry("{}")));
    }

    #[test]
    fn findings_stand_at_the_field_or_at_what_is_nearest_above_it() {
        let at = |spec: &str| testing::lines("DR-002", "DockerRegistry", spec);
        assert_eq!(at("replicas: 1\nstorage:\n  driver: s3"), [7]);
        assert_eq!(at("storage:\n  driver: s3\n  s3:\n    enabled: false"), [6]);
        assert!(!testing::fires("DR-002", "DockerRegistry", "storage: {}"));
    }

    #[test]
    fn dr_003_fires_when_s3_is_enabled_beside_another_driver_and_not_otherwise() {
        assert!(fires("DR-003", &registry("storage: {s3: {enabled: true}}")));
        assert!(!fires(
            "DR-003",
            &registry("storage: {driver: s3, s3: {enabled: true}}")
        ));
        assert!(!fires("DR-003", &registry("{}")));
    }

    #[test]
    fn dr_010_fires_on_keys_of_version_3_and_not_on_others() {
        assert!(fires(
            "DR-010",
            &registry("storage: {s3: {forcepathstyle: true}}")
        ));
        assert!(fires("DR-010", &registry("auth: {token: {jwks: /jwks.json}}")));
        assert!(!fires("DR-010", &registry("storage: {s3: {skipverify: true}}")));
    }

    #[test]
    fn dr_020_fires_on_the_block_of_another_driver_and_not_on_defaults() {
        assert!(fires("DR-020", &registry("storage: {s3: {bucket: images}}")));
        assert!(fires(
            "DR-020",
            &registry("storage: {driver: azure, filesystem: {maxthreads: 200}}")
        ));
        assert!(fires("DR-020", &registry("storage: {gcs: {bucket: images}}")));
        assert!(!fires(
            "DR-020",
            &registry("storage: {filesystem: {maxthreads: 200}}")
        ));
        assert!(!fires("DR-020", &registry("{}")));
    }

    #[test]
    fn dr_059_fires_on_a_variable_of_another_driver_and_not_on_the_same() {
        assert!(fires(
            "DR-059",
            &registry("extraEnv: {REGISTRY_STORAGE_S3_BUCKET: images}")
        ));
        assert!(!fires(
            "DR-059",
            &registry("extraEnv: {REGISTRY_STORAGE_FILESYSTEM_MAXTHREADS: '50'}")
        ));
        assert!(!fires(
            "DR-059",
            &registry("extraEnv: {REGISTRY_STORAGE_DELETE_ENABLED: 'true'}")
        ));
    }
}
