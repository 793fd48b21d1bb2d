use std::collections::BTreeMap;

use berth_config::value::{ImageReference, Written};

use super::Recipe;
use crate::collection::COLLECTOR;
use crate::object::{Container, EnvVar, ResourceRequirements, VolumeMount};
use crate::render::docker_registry::berth::BERTH_IMAGE;
use crate::render::docker_registry::deployment::{PROGRAM, config_path, mounts, variables};
use crate::render::docker_registry::settled::Settled;
use crate::render::registry::Component;
use crate::render::secret_parts::SecretParts;
use crate::render::workload;

/// What speaks for the run's account: Berth's containers alone see it.
pub(super) const ACCOUNT: &str = "account";
const ACCOUNT_FOLDER: &str = "/var/run/secrets/kubernetes.io/serviceaccount";
/// The pod of a run, which tells it from others.
const RUN: &str = "RUN";
/// How long pods may take beside the time that they are given to stop, in seconds.
const PATIENCE: i64 = 1800;

/// The steps of a run, as containers.
pub(super) struct Steps<'a> {
    pub(super) component: &'a Component<'a>,
    pub(super) registry: &'a Component<'a>,
    pub(super) settled: &'a Settled<'a>,
    pub(super) parts: &'a SecretParts<'a>,
    /// Berth's image, where it is another than its own.
    pub(super) image: Option<&'a Written<ImageReference>>,
}

impl Steps<'_> {
    /// Those that come first, one after the other, and those that then run side by side.
    pub(super) fn of(&self, recipe: Recipe) -> (Vec<Container>, Vec<Container>) {
        match recipe {
            Recipe::InPlace => (Vec::new(), vec![self.step("in-place", &Self::program())]),
            Recipe::ReadOnly => (
                vec![self.step("refuse-writes", &[])],
                vec![self.collector(), self.step("take-writes", &[])],
            ),
            Recipe::Open { restart: true } => (Vec::new(), vec![self.collector(), self.step("restart", &[])]),
            Recipe::Open { restart: false } => (Vec::new(), vec![self.collector()]),
        }
    }

    /// The collector and its arguments. Not `--delete-untagged`: it takes the parts of an image for several platforms
    /// for untagged ones.
    fn program() -> [String; 3] {
        [PROGRAM.to_owned(), "garbage-collect".to_owned(), config_path()]
    }

    /// The collector in the run's own pod.
    fn collector(&self) -> Container {
        Container {
            name: COLLECTOR.to_owned(),
            image: self.settled.spec.image.text().to_owned(),
            image_pull_policy: Some("IfNotPresent"),
            command: Self::program().to_vec(),
            env: variables(self.registry, Some(self.parts)),
            resources: workload::resources(&self.settled.spec.resources),
            security_context: workload::container_rights(self.component),
            volume_mounts: mounts(self.settled, self.parts),
            ..Container::default()
        }
    }

    /// A step of Berth's.
    fn step(&self, name: &str, program: &[String]) -> Container {
        let patience = PATIENCE + self.settled.grace_seconds;
        let mut args = vec![
            "collect-garbage".to_owned(),
            name.to_owned(),
            format!("--deployment={}", self.registry.object_name()),
            format!("--container={}", self.registry.name),
            format!("--patience={patience}"),
            format!("--run=$({RUN})"),
        ];
        if !program.is_empty() {
            args.push("--".to_owned());
            args.extend_from_slice(program);
        }
        Container {
            name: name.to_owned(),
            image: self.image.map_or(BERTH_IMAGE, |image| image.text()).to_owned(),
            image_pull_policy: Some("IfNotPresent"),
            args,
            env: vec![EnvVar::field(RUN, "metadata.name")],
            resources: small(),
            security_context: workload::container_rights(self.component),
            volume_mounts: vec![VolumeMount::read_only(ACCOUNT, ACCOUNT_FOLDER)],
            ..Container::default()
        }
    }
}

/// What a step needs.
fn small() -> ResourceRequirements {
    let amounts =
        |cpu: &str, memory: &str| BTreeMap::from([("cpu", cpu.to_owned()), ("memory", memory.to_owned())]);
    ResourceRequirements {
        limits: amounts("500m", "128Mi"),
        requests: amounts("50m", "64Mi"),
    }
}
