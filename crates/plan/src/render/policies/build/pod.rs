use std::collections::{BTreeMap, BTreeSet};

use berth_config::sections::ComponentAmounts;

use super::cache::{self, Cache};
use super::settled::{Settled, Tool};
use super::source::Source;
use super::values::Values;
use super::{buildah, buildkit, fetch, kaniko, security};
use crate::object::{
    Container, EnvVar, KeyToPath, LocalReference, Metadata, Object, PodSecurityContext, PodSpec, PodTemplate,
    ResourceRequirements, SeccompProfile, ServiceAccount, Volume, VolumeMount,
};
use crate::render::{Rendering, policies};

/// A builder: what tells the three apart.
pub(super) struct Program {
    pub(super) image: &'static str,
    pub(super) command: Vec<String>,
    pub(super) args: Vec<String>,
    pub(super) env: Vec<EnvVar>,
    /// Where it keeps its layers, where that isn't its own root folder.
    pub(super) state: Option<&'static str>,
}

/// The user and group that files have; in all images, one of that number is there.
pub(super) const USER: i64 = 1000;
/// A folder for what passes, and its volume.
pub(super) const TEMPORARY: (&str, &str) = ("temporary", "/tmp");
/// The cache on a volume, and its place.
pub(super) const CACHE: (&str, &str) = ("cache", "/cache");
/// The folder of the secrets that the Dockerfile mounts.
pub(super) const SECRETS_FOLDER: &str = "/run/build-secrets";
const SECRETS: &str = "secrets";
/// The folder of what the image is pushed with.
pub(super) const PUSH_FOLDER: &str = "/run/push";
const PUSH: &str = "push";
const STATE: &str = "state";
/// The name of the builder's container.
const BUILD: &str = "build";
/// How long a build may take, in seconds.
const DEADLINE: i64 = 2 * 3600;

/// The account of the build, unless another one is named. Builds don't speak to the cluster.
pub(super) fn account(settled: &Settled<'_>, rendering: &mut Rendering<'_>) {
    if settled.spec.service_account.is_some() {
        return;
    }
    let metadata = settled.metadata("");
    let secrets: BTreeSet<String> =
        policies::attached(rendering.documents, &settled.namespace, &metadata.name);
    let account = ServiceAccount {
        automount_service_account_token: Some(false),
        image_pull_secrets: secrets.into_iter().map(|name| LocalReference { name }).collect(),
    };
    rendering.add(settled.document, Object::new(metadata, &account));
}

/// The pod: it fetches, then builds.
pub(super) fn template(settled: &Settled<'_>, values: &Values) -> PodTemplate {
    let own = settled.metadata("");
    let account = settled.spec.service_account.as_ref();
    let account = account.map_or_else(|| own.name.clone(), |account| account.text().to_owned());
    PodTemplate {
        metadata: Metadata {
            labels: own.labels,
            annotations: own.annotations,
            ..Metadata::default()
        }
        .annotated(security::pod_annotations(settled, BUILD)),
        spec: PodSpec {
            service_account_name: Some(account),
            automount_service_account_token: Some(false),
            enable_service_links: Some(false),
            security_context: PodSecurityContext {
                run_as_user: Some(security::user(settled)),
                run_as_group: Some(security::user(settled)),
                fs_group: Some(USER),
                fs_group_change_policy: Some("OnRootMismatch"),
                seccomp_profile: Some(SeccompProfile {
                    profile: "RuntimeDefault",
                }),
                ..PodSecurityContext::default()
            },
            active_deadline_seconds: Some(DEADLINE),
            restart_policy: Some("Never"),
            init_containers: fetch::container(settled).into_iter().collect(),
            containers: vec![builder(settled, values)],
            volumes: volumes(settled, values),
            ..PodSpec::default()
        },
    }
}

fn builder(settled: &Settled<'_>, values: &Values) -> Container {
    let program = match settled.tool {
        Tool::Buildkit => buildkit::program(settled, values),
        Tool::Buildah => buildah::program(settled, values),
        Tool::Kaniko => kaniko::program(settled, values),
    };
    let own = settled
        .spec
        .builder
        .as_ref()
        .and_then(|builder| builder.image.as_ref());
    let own = own.filter(|image| image.value().is_some());
    let mut env = program.env;
    env.extend(values.env.iter().cloned());
    Container {
        name: BUILD.to_owned(),
        image: own.map_or(program.image, |image| image.text()).to_owned(),
        image_pull_policy: Some("IfNotPresent"),
        command: program.command,
        args: program.args,
        env,
        resources: resources(settled),
        security_context: security::rights(settled),
        volume_mounts: mounts(settled, values, program.state),
        ..Container::default()
    }
}

fn mounts(settled: &Settled<'_>, values: &Values, state: Option<&str>) -> Vec<VolumeMount> {
    let mut mounts = vec![fetch::mount(settled)];
    let has_cache = matches!(settled.cache, Cache::Volume(_));
    if let Some(state) = state {
        // What Buildah keeps is its cache; BuildKit writes one beside it.
        let is_cache = has_cache && settled.tool == Tool::Buildah;
        mounts.push(VolumeMount::writable(
            if is_cache { CACHE.0 } else { STATE },
            state,
        ));
    }
    if !settled.spec.credentials.registry_secret.is_empty() {
        mounts.push(VolumeMount::read_only(PUSH, PUSH_FOLDER));
    }
    if !values.files.is_empty() {
        mounts.push(VolumeMount::read_only(SECRETS, SECRETS_FOLDER));
    }
    if has_cache && settled.tool == Tool::Buildkit {
        mounts.push(VolumeMount::writable(CACHE.0, CACHE.1));
    }
    mounts
}

fn volumes(settled: &Settled<'_>, values: &Values) -> Vec<Volume> {
    let credentials = &settled.spec.credentials;
    let mut volumes = match settled.source {
        Source::Claim { name } => vec![Volume::claim(fetch::VOLUME, name)],
        _ => vec![
            Volume::empty(fetch::VOLUME, None),
            Volume::empty(TEMPORARY.0, None),
        ],
    };
    let keeps_layers = settled.tool == Tool::Buildah && matches!(settled.cache, Cache::Volume(_));
    if settled.tool != Tool::Kaniko && !keeps_layers {
        volumes.push(Volume::empty(STATE, None));
    }
    if !credentials.registry_secret.is_empty() {
        let keys = vec![KeyToPath::of(".dockerconfigjson", "config.json")];
        volumes.push(Volume::secret(PUSH, credentials.registry_secret.text(), keys));
    }
    if !credentials.git_secret.is_empty() && !matches!(settled.source, Source::Claim { .. }) {
        let secret = credentials.git_secret.text();
        volumes.push(Volume::secret(fetch::CREDENTIALS, secret, Vec::new()));
    }
    if !values.files.is_empty() {
        volumes.push(Volume::projected(SECRETS, values.files.clone()));
    }
    if matches!(settled.cache, Cache::Volume(_)) {
        volumes.push(Volume::claim(CACHE.0, &settled.metadata(cache::SUFFIX).name));
    }
    volumes
}

/// What the builder may use: its own amounts, else what most builds do with.
fn resources(settled: &Settled<'_>) -> ResourceRequirements {
    let amounts = |cpu: &str, memory: &str, disk: &str| {
        BTreeMap::from([
            ("cpu", cpu.to_owned()),
            ("memory", memory.to_owned()),
            ("ephemeral-storage", disk.to_owned()),
        ])
    };
    let mut requirements = ResourceRequirements {
        limits: amounts("2", "4Gi", "20Gi"),
        requests: amounts("500m", "1Gi", "2Gi"),
    };
    let own = settled
        .spec
        .builder
        .as_ref()
        .and_then(|builder| builder.resources.as_ref());
    if let Some(own) = own {
        put(&mut requirements.limits, &own.limits);
        put(&mut requirements.requests, &own.requests);
    }
    requirements
}

fn put(amounts: &mut BTreeMap<&'static str, String>, own: &ComponentAmounts) {
    for (name, amount) in [("cpu", &own.cpu), ("memory", &own.memory)] {
        if let Some(amount) = amount.as_ref().filter(|amount| amount.value().is_some()) {
            amounts.insert(name, amount.text().to_owned());
        }
    }
}
