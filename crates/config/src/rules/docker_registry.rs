//! Rules over Docker's registry (DR).

use berth_finding::Rule;

use super::{Out, RuleContext, Sink};
use crate::sections::DockerRegistry;
use crate::value::StorageDriver;

/// Reported by the decoder: `storage.driver` is a `Written<StorageDriver>`.
const DR_001: Rule = Rule::error(
    "DR-001",
    "the storage driver isn't known",
    "The drivers are filesystem, s3 (s3aws is the same), azure, gcs, swift, oss and inmemory. MinIO and \
     Ceph are s3 with a `regionendpoint`.",
);

const DR_002: Rule = Rule::error(
    "DR-002",
    "the driver is s3, but s3 isn't enabled",
    "`storage.driver: s3` chooses the backend, and `storage.s3.enabled` says that it is meant; they \
     must say the same. Set `storage.s3.enabled: true`, or choose another driver.",
);

/// The codes of this family.
pub(crate) const RULES: &[Rule] = &[DR_001, DR_002];

/// Judges all Docker registries.
pub(crate) fn check(context: &RuleContext<'_>, sink: &mut Sink<'_>) {
    for (document, registry) in context.docker_registries() {
        let out = &mut sink.on(document);
        s3_is_meant(registry, out);
    }
}

fn s3_is_meant(registry: &DockerRegistry, out: &mut Out<'_, '_>) {
    let storage = &registry.storage;
    if storage.driver.value() == Some(&StorageDriver::S3) && !storage.s3.enabled {
        out.at(
            "storage.s3.enabled",
            DR_002,
            "`storage.driver` is `s3`, but `storage.s3` isn't enabled",
        )
        .help("set `storage.s3.enabled: true`, or choose another driver");
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{fires, lines};

    const KIND: &str = "DockerRegistry";

    #[test]
    fn dr_001_an_unknown_driver_is_refused_and_an_alias_is_not() {
        assert_eq!(lines("DR-001", KIND, "storage: {driver: minio}"), [5]);
        assert!(!fires(
            "DR-001",
            KIND,
            "storage: {driver: s3aws, s3: {enabled: true}}"
        ));
    }

    #[test]
    fn dr_002_the_driver_s3_needs_s3_enabled() {
        assert_eq!(lines("DR-002", KIND, "storage:\n  driver: s3"), [5]);
        assert_eq!(
            lines(
                "DR-002",
                KIND,
                "storage:\n  driver: s3\n  s3:\n    enabled: false"
            ),
            [8]
        );
        assert!(!fires(
            "DR-002",
            KIND,
            "storage: {driver: s3, s3: {enabled: true}}"
        ));
    }
}
