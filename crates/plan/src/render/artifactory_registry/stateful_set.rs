use super::prepare::{self, DATA};
use super::secrets;
use super::service;
use super::settled::{Layout, Settled};
use super::system::MAINTENANCE_PORT;
use crate::object::{
    Container, ContainerPort, EnvVar, Exec, HttpGet, Labels, Probe, SecurityContext, Volume, VolumeMount,
};
use crate::render::Rendering;
use crate::render::registry::Component;
use crate::render::secret_parts::SecretParts;
use crate::render::workload::{self, Rights};

/// The user and the group that the image's files belong to.
const ID: i64 = 1030;

/// Why the image must be written to.
const WRITABLE_WHY: &str = "Artifactory's services write beside their programs";

/// The StatefulSet.
pub(super) fn stateful_set(
    component: &Component<'_>,
    settled: &Settled<'_>,
    parts: &SecretParts<'_>,
    checksums: Labels,
    rendering: &mut Rendering<'_>,
) {
    let rights = Rights {
        id: ID,
        grace_seconds: settled.grace_seconds,
    };
    let (mut volumes, mounts) = volumes(component, settled);
    let config = component.registry.object_name("config");
    volumes.push(Volume::config_map("config", &config));
    volumes.push(Volume::projected("secrets", parts.files().to_vec()));
    let main = container(component, settled, parts, mounts);
    let prepare = prepare::prepare(&main, settled);
    let mut notes = checksums;
    if main.security_context.read_only_root_filesystem == Some(false) {
        notes.insert(workload::WRITABLE.to_owned(), WRITABLE_WHY.to_owned());
    }
    let mut template = workload::pod_template(component, rights, vec![main], volumes, notes);
    template.spec.init_containers = vec![prepare];
    let claim = match settled.layout() {
        Layout::PerPod => settled.data.template(component),
        Layout::Single | Layout::SharedFiles => None,
    };
    workload::stateful_set(component, settled.pods(), (template, claim), rendering);
}

fn container(
    component: &Component<'_>,
    settled: &Settled<'_>,
    parts: &SecretParts<'_>,
    volume_mounts: Vec<VolumeMount>,
) -> Container {
    Container {
        name: component.name.to_owned(),
        image: settled.image.clone(),
        image_pull_policy: Some("IfNotPresent"),
        env: environment(settled, parts),
        ports: vec![
            ContainerPort::tcp(service::ROUTER, service::ROUTER_PORT),
            ContainerPort::tcp(service::ARTIFACTORY, service::ARTIFACTORY_PORT),
        ],
        startup_probe: Some(Probe {
            period_seconds: Some(5),
            failure_threshold: Some(90),
            ..asks("readiness")
        }),
        // The router answers once all services have told it that they are there.
        readiness_probe: Some(Probe {
            http_get: Some(HttpGet {
                path: "/router/api/v1/system/readiness".to_owned(),
                port: service::ROUTER,
                scheme: "HTTP",
            }),
            period_seconds: Some(10),
            timeout_seconds: Some(5),
            failure_threshold: Some(5),
            ..Probe::default()
        }),
        liveness_probe: Some(Probe {
            period_seconds: Some(10),
            failure_threshold: Some(5),
            ..asks("liveness")
        }),
        resources: workload::resources(&settled.spec.resources),
        security_context: container_rights(component),
        volume_mounts,
        ..Container::default()
    }
}

/// Asks Artifactory itself, by the port that only its pod sees.
fn asks(what: &str) -> Probe {
    let url = format!("http://localhost:{MAINTENANCE_PORT}/artifactory/api/v1/system/{what}");
    let command = [
        "curl",
        "--silent",
        "--fail",
        "--max-time",
        "5",
        "--output",
        "/dev/null",
        &url,
    ];
    Probe {
        exec: Some(Exec {
            command: command.map(str::to_owned).to_vec(),
        }),
        timeout_seconds: Some(6),
        ..Probe::default()
    }
}

/// Its services write beside their programs, so the image can't be sealed unless that is asked for.
fn container_rights(component: &Component<'_>) -> SecurityContext {
    let given = component.registry.workload.security_context;
    let is_sealed = given.and_then(|given| given.read_only_root_filesystem);
    SecurityContext {
        read_only_root_filesystem: Some(is_sealed.unwrap_or(false)),
        ..workload::container_rights(component)
    }
}

/// What Artifactory is told.
pub(super) fn environment(settled: &Settled<'_>, parts: &SecretParts<'_>) -> Vec<EnvVar> {
    let workload = &settled.registry.workload;
    let mut env = vec![
        EnvVar::field("JF_SHARED_NODE_ID", "metadata.name"),
        EnvVar::plain("SKIP_WAIT_FOR_EXTERNAL_DB", "true"),
    ];
    if settled.is_clustered {
        env.push(EnvVar::plain("JF_SHARED_NODE_HAENABLED", "true"));
    }
    env.extend(secrets::options(settled.spec));
    env.extend(parts.variables().iter().cloned());
    env.extend(workload.time_zone.map(|zone| EnvVar::plain("TZ", zone)));
    let more = workload.extra_env.iter();
    env.extend(more.map(|(name, value)| EnvVar::plain(name, value.expose())));
    env
}

fn volumes(component: &Component<'_>, settled: &Settled<'_>) -> (Vec<Volume>, Vec<VolumeMount>) {
    match settled.layout() {
        Layout::Single => (
            vec![settled.data.volume(component)],
            vec![settled.data.mount(DATA)],
        ),
        Layout::PerPod => {
            let has_claims = settled.data.template(component).is_some();
            let volumes = if has_claims {
                Vec::new()
            } else {
                vec![settled.data.volume(component)]
            };
            (volumes, vec![settled.data.mount(DATA)])
        }
        Layout::SharedFiles => (
            vec![Volume::empty("node", None), settled.data.volume(component)],
            vec![
                VolumeMount::writable("node", DATA),
                settled.data.mount(&format!("{DATA}/data/artifactory/filestore")),
            ],
        ),
    }
}
