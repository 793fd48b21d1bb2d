//! More than one replica of a component: what they must share first.

use berth_finding::{Level, Rule};

use crate::rules::Out;
use crate::rules::harbor_registry::volume;
use crate::sections::{HarborRegistry, Persistence};
use crate::value::{AccessMode, HarborStorageType};

pub(super) const HB_005: Rule = Rule::error(
    "HB-005",
    "several registry replicas on a volume that only one node can mount",
    "\
Each replica of Harbor's registry must see the same files. A volume of access mode ReadWriteOnce is mounted by one node:
the second replica either never starts (Multi-Attach) or lands on the same node by luck. Use object storage, a volume that
is ReadWriteMany, or one replica.

    registryReplicas: 2
    storage: {type: s3, s3: {bucket: harbor, region: eu-central-1}}
",
);

pub(super) const HB_006: Rule = Rule::error(
    "HB-006",
    "several jobservice replicas write job logs to a volume that only one node can mount",
    "\
With the file logger a job's log lies on the volume of the replica that ran it, and every replica must mount that volume.
ReadWriteOnce can't. Let the jobs log into the database; no volume is needed then.

    jobserviceReplicas: 2
    components: {jobservice: {jobLoggers: [database]}}
",
);

pub(super) const HB_007: Rule = Rule::error(
    "HB-007",
    "the Trivy replicas share one claim, or keep their database in an emptyDir",
    "\
Trivy locks its database, so two replicas on one existing claim stop each other; without the claim each replica gets a
volume of its own. With persistence off the database (hundreds of MB) is downloaded again at each start, and the download
is limited by rate; that is a warning.

    trivy: {replicas: 2, persistence: {enabled: true, size: 5Gi}}
",
);

pub(super) fn check(harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    hb_005_registry(harbor, out);
    hb_006_jobservice(harbor, out);
    hb_007_trivy(harbor, out);
}

fn hb_005_registry(harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    let on_disk = harbor.storage.kind.value() == Some(&HarborStorageType::Filesystem);
    let own = harbor
        .components
        .as_ref()
        .and_then(|it| it.registry.as_ref()?.persistence.as_ref());
    if harbor.registry_replicas > 1 && on_disk && !is_shared(volume(own, harbor)) {
        let message = format!(
            "{} registry replicas keep their files on a volume that isn't ReadWriteMany",
            harbor.registry_replicas
        );
        out.at("registryReplicas", HB_005, message)
            .help("use object storage, `accessMode: ReadWriteMany`, or one replica");
    }
}

fn hb_006_jobservice(harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    let Some(jobservice) = harbor.components.as_ref().and_then(|it| it.jobservice.as_ref()) else {
        return;
    };
    let to_files = jobservice.job_loggers.iter().any(|logger| logger == "file");
    if harbor.jobservice_replicas > 1
        && to_files
        && !is_shared(volume(jobservice.persistence.as_ref(), harbor))
    {
        let message = "several replicas write the logs of jobs to a volume that isn't ReadWriteMany";
        out.at("components.jobservice.jobLoggers", HB_006, message)
            .help("write them to the database: `[database]`");
    }
}

fn hb_007_trivy(harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    let own = harbor.trivy.persistence.as_ref();
    if !harbor.trivy.enabled {
        return;
    }
    let claim =
        own.is_some_and(|it| it.enabled && it.existing_claim.as_ref().is_some_and(|name| !name.is_empty()));
    if claim && harbor.trivy.replicas.is_some_and(|replicas| replicas > 1) {
        out.at(
            "trivy.persistence.existingClaim",
            HB_007,
            "several replicas of Trivy can't share one database",
        )
        .help("leave the claim out, and each replica gets a volume of its own");
    }
    if own.or(harbor.persistence.as_ref()).is_some_and(|it| !it.enabled) {
        out.at(
            "trivy.persistence",
            HB_007,
            "without a volume Trivy fetches its database again at each start",
        )
        .level(Level::Warning)
        .help("give Trivy a volume: `trivy: {persistence: {enabled: true}}`");
    }
}

/// Whether pods on several nodes can write to it.
fn is_shared(volume: Option<&Persistence>) -> bool {
    let mode = volume.and_then(|it| it.access_mode.as_ref()?.value());
    mode == Some(&AccessMode::ReadWriteMany)
}

#[cfg(test)]
mod tests {
    use crate::rules::harbor_registry::trial::{fires, silent};

    #[test]
    fn hb_005_fires_when_replicas_share_no_volume_and_not_otherwise() {
        fires(
            "HB-005",
            &[
                "{registryReplicas: 2, storage: {type: filesystem}, persistence: {size: 1Gi}}",
                "{registryReplicas: 2, storage: {type: filesystem}, persistence: {accessMode: ReadWriteOnce}}",
            ],
        );
        silent(
            "HB-005",
            &[
                "{registryReplicas: 2, storage: {type: filesystem}, persistence: {accessMode: ReadWriteMany}}",
                "{registryReplicas: 1, storage: {type: filesystem}}",
                "{registryReplicas: 2, storage: {type: s3}}",
            ],
        );
    }

    #[test]
    fn hb_006_fires_when_replicas_log_to_files_and_not_otherwise() {
        fires(
            "HB-006",
            &["{jobserviceReplicas: 2, components: {jobservice: {jobLoggers: [file]}}}"],
        );
        silent(
            "HB-006",
            &[
                "{jobserviceReplicas: 2, components: {jobservice: {jobLoggers: [database]}}}",
                "{jobserviceReplicas: 1, components: {jobservice: {jobLoggers: [file]}}}",
                "{jobserviceReplicas: 2, components: {jobservice: {jobLoggers: [file], persistence: {accessMode: RWX}}}}",
            ],
        );
    }

    #[test]
    fn hb_007_fires_when_trivy_shares_or_lacks_a_volume_and_not_otherwise() {
        fires(
            "HB-007",
            &[
                "trivy: {replicas: 2, persistence: {existingClaim: db}}",
                "trivy: {persistence: {enabled: false}}",
                "persistence: {enabled: false}",
            ],
        );
        silent(
            "HB-007",
            &[
                "trivy: {replicas: 1, persistence: {existingClaim: db}}",
                "trivy: {replicas: 2, persistence: {size: 5Gi}}",
                "{trivy: {enabled: false}, persistence: {enabled: false}}",
            ],
        );
    }
}
