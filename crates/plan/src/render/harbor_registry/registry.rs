use super::environment::Environment;
use super::settled::{LOG_LEVEL, Settled};
use super::storage::GCS_KEY_FILE;
use super::workloads::{self, Pods};
use super::{certificates, outside, registry_config};
use crate::object::{Container, ContainerPort, KeyToPath, Strategy, Volume, VolumeMount};
use crate::render::workload;
use crate::render::{Rendering, codes};

const CONFIG: &str = "config.yml";
const CONTROLLER_CONFIG: &str = "ctl-config.yml";
/// Where the registry reads the users: core alone.
pub(super) const PASSWORDS: &str = "/etc/registry/passwd";
/// The port of the controller, in pods and Services.
const CONTROLLER: &str = "controller";

/// The Deployment of the registry and its controller, their ConfigMap and Service, and the claim of the images.
pub(super) fn render(settled: &Settled<'_>, rendering: &mut Rendering<'_>) {
    let component = settled.component("registry");
    let files = [
        (CONFIG, registry_config::registry(settled)),
        (CONTROLLER_CONFIG, registry_config::controller(settled, LOG_LEVEL)),
    ];
    let config = workloads::config_map(settled, &component, &files, rendering);
    if settled.storage.keeps_files() {
        workload::claim(&component, settled.storage.data, rendering);
    }
    let (volumes, shared) = volumes(settled);
    let pods = Pods {
        containers: vec![registry(settled, &shared), controller(settled, &shared)],
        volumes,
        config,
    };
    let roll = replicas(settled, rendering);
    workloads::deployment(settled, &component, roll, pods, rendering);
    let ports = vec![
        workloads::service_port(workloads::PORT, settled.registry_port(), settled.tls),
        workloads::service_port(CONTROLLER, settled.port(), settled.tls),
    ];
    workloads::service(settled, &component, ports, true, rendering);
}

/// How many replicas there are: one alone where they would share a volume that one pod has at a time (HB-005).
fn replicas(settled: &Settled<'_>, rendering: &mut Rendering<'_>) -> (Option<i64>, Strategy) {
    let storage = &settled.storage;
    let wanted = settled.registries();
    if !storage.is_of_one_pod() {
        return (Some(wanted), Strategy::rolling());
    }
    if wanted > 1 {
        let message =
            format!("1 replica of the registry in place of {wanted}: they would not see each other's images");
        rendering
            .tell(settled.document, "registryReplicas", codes::RN_006, message)
            .help("give persistence the accessMode ReadWriteMany, or keep images in object storage");
    }
    (Some(wanted.min(1)), Strategy::recreate())
}

fn registry(settled: &Settled<'_>, shared: &[VolumeMount]) -> Container {
    let probe = settled.probe("/");
    let mut mounts = vec![workloads::file("passwords", PASSWORDS, "passwd")];
    mounts.extend_from_slice(shared);
    Container {
        args: ["serve", "/etc/registry/config.yml"].map(str::to_owned).to_vec(),
        env: storage_variables(settled).finish(settled.registry),
        startup_probe: Some(workloads::starting(probe.clone(), 300)),
        readiness_probe: Some(probe.clone()),
        liveness_probe: Some(workloads::living(probe)),
        ports: workloads::ports(settled, settled.registry_port()),
        volume_mounts: mounts,
        ..workloads::container(settled, "registry", "registry-photon")
    }
}

/// The controller reads the same configuration, and opens the same storage, to remove blobs.
fn controller(settled: &Settled<'_>, shared: &[VolumeMount]) -> Container {
    let environment = of_controller(settled);
    let probe = workloads::probe(CONTROLLER, "/api/health", settled.tls);
    let mut mounts = vec![workloads::file(
        "config",
        "/etc/registryctl/config.yml",
        CONTROLLER_CONFIG,
    )];
    mounts.extend_from_slice(shared);
    Container {
        env: environment.finish(settled.registry),
        startup_probe: Some(workloads::starting(probe.clone(), 300)),
        readiness_probe: Some(probe.clone()),
        liveness_probe: Some(workloads::living(probe)),
        ports: vec![ContainerPort::tcp(CONTROLLER, settled.port())],
        volume_mounts: mounts,
        ..workloads::container(settled, "registryctl", "harbor-registryctl")
    }
}

/// What the controller is told.
pub(super) fn of_controller(settled: &Settled<'_>) -> Environment {
    let secrets = &settled.secrets;
    let environment = storage_variables(settled)
        .secret("CORE_SECRET", &secrets.core)
        .secret("JOBSERVICE_SECRET", &secrets.jobservice);
    let environment = certificates::variables(settled, "registry", environment);
    outside::traced(settled, "registryctl", environment)
}

/// What both are told of the storage.
pub(super) fn storage_variables(settled: &Settled<'_>) -> Environment {
    Environment::new()
        .secret("REGISTRY_HTTP_SECRET", &settled.secrets.http)
        .secret_some("REGISTRY_REDIS_PASSWORD", settled.redis.password.as_ref())
        .with(&settled.storage.credentials)
}

/// The volumes, and what both containers see of them.
fn volumes(settled: &Settled<'_>) -> (Vec<Volume>, Vec<VolumeMount>) {
    let component = settled.component("registry");
    let htpasswd = &settled.secrets.registry_htpasswd;
    let users = vec![KeyToPath::of(&htpasswd.key, "passwd")];
    let mut volumes = vec![
        Volume::config_map("config", &component.object_name()),
        Volume::secret("passwords", &htpasswd.name, users),
    ];
    let mut mounts = vec![workloads::file("config", "/etc/registry/config.yml", CONFIG)];
    if settled.storage.keeps_files() {
        volumes.push(settled.storage.data.volume(&component));
        mounts.push(settled.storage.data.mount(&settled.storage.root));
    }
    if let Some(key) = &settled.storage.gcs_key {
        let item = vec![KeyToPath::of(&key.key, "gcs-key.json")];
        volumes.push(Volume::secret("gcs-key", &key.name, item));
        mounts.push(workloads::file("gcs-key", GCS_KEY_FILE, "gcs-key.json"));
    }
    certificates::mount(settled, "registry", false, (&mut volumes, &mut mounts));
    (volumes, mounts)
}
