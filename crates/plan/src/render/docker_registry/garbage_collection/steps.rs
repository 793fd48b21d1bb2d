use std::collections::BTreeMap;

use super::Recipe;
use crate::object::{Container, EnvVar, ResourceRequirements, VolumeMount};
use crate::render::docker_registry::deployment::{PROGRAM, config_path, mounts, variables};
use crate::render::docker_registry::settled::Settled;
use crate::render::registry::Component;
use crate::render::secret_parts::SecretParts;
use crate::render::workload;

/// What speaks to the cluster.
const KUBECTL_IMAGE: &str = "registry.k8s.io/kubectl:v1.31.1";
/// A folder of the pod's own.
pub(super) const SCRATCH: &str = "scratch";
const SCRATCH_FOLDER: &str = "/scratch";
/// What the collector ended with, for the report at the end.
const STATUS: &str = "/scratch/status";
/// Tells the registry to refuse writes.
const READ_ONLY: &str = "REGISTRY_STORAGE_MAINTENANCE_READONLY";
/// How long a rollout, or the end of pods, is waited for before the step is tried again.
const PATIENCE: &str = "--timeout=15m";

/// The steps of a run, as containers.
pub(super) struct Steps<'a> {
    pub(super) component: &'a Component<'a>,
    pub(super) registry: &'a Component<'a>,
    pub(super) settled: &'a Settled<'a>,
    pub(super) parts: &'a SecretParts<'a>,
}

impl Steps<'_> {
    /// All steps but the report, each after the end of the one before.
    pub(super) fn before_the_report(&self, recipe: Recipe, delete_untagged: bool) -> Vec<Container> {
        let deployment = format!("deployment/{}", self.registry.object_name());
        let set = format!("{READ_ONLY}={{\"enabled\":true}}");
        let unset = format!("{READ_ONLY}-");
        let container = format!("--containers={}", self.registry.name);
        let scale = |replicas: i64| format!("--replicas={replicas}");
        let selector: Vec<String> = self
            .registry
            .selector()
            .iter()
            .map(|(key, value)| format!("{key}={value}"))
            .collect();
        let selector = format!("--selector={}", selector.join(","));
        match recipe {
            Recipe::Stop => vec![
                self.kubectl("stop", &["scale", &deployment, &scale(0)]),
                self.kubectl("stopped", &["wait", "pod", "--for=delete", &selector, PATIENCE]),
                self.collect(delete_untagged, 0),
                self.kubectl(
                    "start",
                    &["scale", &deployment, &scale(self.settled.fewest_replicas())],
                ),
            ],
            // Pods that were replaced may go on with open uploads until they are killed.
            Recipe::ReadOnly => vec![
                self.kubectl("refuse-writes", &["set", "env", &deployment, &container, &set]),
                self.kubectl("refused", &["rollout", "status", &deployment, PATIENCE]),
                self.collect(delete_untagged, self.settled.grace_seconds + 5),
                self.kubectl("take-writes", &["set", "env", &deployment, &container, &unset]),
                self.kubectl("taken", &["rollout", "status", &deployment, PATIENCE]),
            ],
            Recipe::Open { restart: true } => vec![
                self.collect(delete_untagged, 0),
                self.kubectl("restart", &["rollout", "restart", &deployment]),
            ],
            Recipe::Open { restart: false } => vec![self.collect(delete_untagged, 0)],
        }
    }

    /// The last step: ends as the collector did, so that a run that failed is seen.
    pub(super) fn report(&self) -> Container {
        self.shell("report", format!("exit \"$(cat {STATUS})\""), Vec::new())
    }

    /// The collector; it always ends well, so that the steps after it run, and leaves how it ended to the report.
    fn collect(&self, delete_untagged: bool, wait_seconds: i64) -> Container {
        let untagged = if delete_untagged { "--delete-untagged " } else { "" };
        let wait = match wait_seconds {
            0 => String::new(),
            seconds => format!("sleep {seconds}\n"),
        };
        let script = format!(
            "{wait}{PROGRAM} garbage-collect {untagged}{}\necho $? > {STATUS}\n",
            config_path()
        );
        let mut container = self.shell("collect", script, mounts(self.settled, self.parts));
        container.env = variables(self.registry, Some(self.parts));
        container
    }

    fn shell(&self, name: &str, script: String, mut volume_mounts: Vec<VolumeMount>) -> Container {
        volume_mounts.push(VolumeMount::writable(SCRATCH, SCRATCH_FOLDER));
        Container {
            name: name.to_owned(),
            image: self.settled.spec.image.text().to_owned(),
            image_pull_policy: Some("IfNotPresent"),
            command: vec!["/bin/sh".to_owned(), "-c".to_owned()],
            args: vec![script],
            resources: workload::resources(&self.settled.spec.resources),
            security_context: workload::container_rights(self.component),
            volume_mounts,
            ..Container::default()
        }
    }

    fn kubectl(&self, name: &str, words: &[&str]) -> Container {
        let namespace = format!("--namespace={}", self.registry.registry.namespace);
        Container {
            name: name.to_owned(),
            image: KUBECTL_IMAGE.to_owned(),
            image_pull_policy: Some("IfNotPresent"),
            command: vec!["kubectl".to_owned()],
            args: [namespace]
                .into_iter()
                .chain(words.iter().map(|word| (*word).to_owned()))
                .collect(),
            env: vec![EnvVar::plain("HOME", SCRATCH_FOLDER)],
            resources: small(),
            security_context: workload::container_rights(self.component),
            volume_mounts: vec![VolumeMount::writable(SCRATCH, SCRATCH_FOLDER)],
            ..Container::default()
        }
    }
}

/// What kubectl needs.
fn small() -> ResourceRequirements {
    let amounts =
        |cpu: &str, memory: &str| BTreeMap::from([("cpu", cpu.to_owned()), ("memory", memory.to_owned())]);
    ResourceRequirements {
        limits: amounts("500m", "128Mi"),
        requests: amounts("50m", "64Mi"),
    }
}
