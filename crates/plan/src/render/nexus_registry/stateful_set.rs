use berth_config::nexus::PAGES_PORT;

use super::properties::{LOG_LEVELS, PROPERTIES};
use super::secrets::{self, FOLDER, MORE_PROPERTIES};
use super::settled::{Layout, Settled};
use super::{options, service};
use crate::object::{Container, ContainerPort, EnvVar, HttpGet, Labels, Probe, Volume, VolumeMount};
use crate::render::Rendering;
use crate::render::registry::Component;
use crate::render::secret_parts::SecretParts;
use crate::render::workload::{self, Rights};

/// The user and the group that the image's files belong to.
const ID: i64 = 200;
/// Where the files of the ConfigMap lie.
const CONFIG_FOLDER: &str = "/etc/nexus/config";
/// The folder of the image that is the data folder unless another is declared.
const IMAGE_DATA: &str = "/nexus-data";

/// Nexus writes to its settings while it runs, so they are copied into the data folder and not mounted there.
const PREPARE: &str = "\
set -eu
umask 027
mkdir -p \"$DATA/etc/logback\" \"$LOGS\" \"$TEMP\"
cat \"$CONFIG/nexus.properties\" > \"$DATA/etc/nexus.properties\"
if [ -f \"$SECRETS/more.properties\" ]; then cat \"$SECRETS/more.properties\" >> \"$DATA/etc/nexus.properties\"; fi
levels=\"$DATA/etc/logback/logback-overrides.xml\"
if [ -f \"$CONFIG/logback-overrides.xml\" ]; then cat \"$CONFIG/logback-overrides.xml\" > \"$levels\"
elif [ -f \"$levels\" ] && grep -q 'written at each start of the pod' \"$levels\"; then rm \"$levels\"; fi
";

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
    let (volumes, mounts) = volumes(component, settled, parts);
    let main = container(component, settled, parts, mounts);
    let prepare = prepare(&main, settled);
    let mut template = workload::pod_template(component, rights, vec![main], volumes, checksums);
    template.spec.init_containers = vec![prepare];
    let claim = match settled.layout() {
        Layout::PerPod => settled.data.template(component),
        Layout::Single | Layout::SharedBlobs => None,
    };
    workload::stateful_set(component, settled.pods(), (template, claim), rendering);
}

fn container(
    component: &Component<'_>,
    settled: &Settled<'_>,
    parts: &SecretParts<'_>,
    volume_mounts: Vec<VolumeMount>,
) -> Container {
    let mut ports = vec![ContainerPort::tcp(service::PAGES, PAGES_PORT)];
    ports.extend(settled.connectors.iter().map(service::container_port));
    Container {
        name: component.name.to_owned(),
        image: settled.image.clone(),
        image_pull_policy: Some("IfNotPresent"),
        env: environment(settled, parts),
        ports,
        // After an upgrade Nexus may migrate its database for half an hour before it answers.
        startup_probe: Some(Probe {
            period_seconds: Some(10),
            failure_threshold: Some(180),
            ..answers(settled)
        }),
        readiness_probe: Some(Probe {
            period_seconds: Some(10),
            failure_threshold: Some(3),
            ..answers(settled)
        }),
        liveness_probe: Some(Probe {
            period_seconds: Some(30),
            failure_threshold: Some(6),
            ..answers(settled)
        }),
        resources: workload::resources(&settled.spec.resources),
        security_context: workload::container_rights(component),
        volume_mounts,
        ..Container::default()
    }
}

fn answers(settled: &Settled<'_>) -> Probe {
    Probe {
        http_get: Some(HttpGet {
            path: settled.path("/service/rest/v1/status"),
            port: service::PAGES,
            scheme: "HTTP",
        }),
        timeout_seconds: Some(10),
        ..Probe::default()
    }
}

/// What Nexus is told.
pub(super) fn environment(settled: &Settled<'_>, parts: &SecretParts<'_>) -> Vec<EnvVar> {
    let workload = &settled.registry.workload;
    let mut env = vec![secrets::password_variable(settled.spec)];
    env.extend(parts.variables().iter().cloned());
    env.push(EnvVar::plain("INSTALL4J_ADD_VM_PARAMS", options::java(settled)));
    let data = settled.spec.storage.data_path.as_str();
    if data != IMAGE_DATA {
        env.push(EnvVar::plain("NEXUS_DATA", data));
    }
    env.extend(workload.time_zone.map(|zone| EnvVar::plain("TZ", zone)));
    let more = workload.extra_env.iter();
    env.extend(more.map(|(name, value)| EnvVar::plain(name, value.expose())));
    env
}

/// Puts the settings into the data folder before Nexus starts.
fn prepare(main: &Container, settled: &Settled<'_>) -> Container {
    let storage = &settled.spec.storage;
    let folders = [
        ("DATA", storage.data_path.as_str()),
        ("LOGS", &storage.log_path),
        ("TEMP", &storage.temp_path),
        ("CONFIG", CONFIG_FOLDER),
        ("SECRETS", FOLDER),
    ];
    debug_assert!(
        PREPARE.contains(PROPERTIES) && PREPARE.contains(LOG_LEVELS) && PREPARE.contains(MORE_PROPERTIES)
    );
    Container {
        name: "prepare".to_owned(),
        image: main.image.clone(),
        image_pull_policy: main.image_pull_policy,
        command: ["sh", "-c", PREPARE].map(str::to_owned).to_vec(),
        env: folders.map(|(name, folder)| EnvVar::plain(name, folder)).to_vec(),
        resources: main.resources.clone(),
        security_context: main.security_context.clone(),
        volume_mounts: main.volume_mounts.clone(),
        ..Container::default()
    }
}

fn volumes(
    component: &Component<'_>,
    settled: &Settled<'_>,
    parts: &SecretParts<'_>,
) -> (Vec<Volume>, Vec<VolumeMount>) {
    let config = component.registry.object_name("config");
    let mut volumes = vec![
        Volume::config_map("config", &config),
        Volume::empty("tmp", Some("1Gi")),
    ];
    let mut mounts = vec![
        VolumeMount::read_only("config", CONFIG_FOLDER),
        // The launcher notes there which Java it found.
        VolumeMount::writable("tmp", "/tmp"),
    ];
    if !parts.files().is_empty() {
        volumes.push(Volume::projected("secrets", parts.files().to_vec()));
        mounts.push(VolumeMount::read_only("secrets", FOLDER));
    }
    let data = settled.spec.storage.data_path.as_str();
    match settled.layout() {
        Layout::Single => {
            volumes.push(settled.data.volume(component));
            mounts.push(settled.data.mount(data));
        }
        Layout::PerPod => {
            if settled.data.template(component).is_none() {
                volumes.push(settled.data.volume(component));
            }
            mounts.push(settled.data.mount(data));
        }
        Layout::SharedBlobs => {
            volumes.push(Volume::empty("node", None));
            volumes.push(settled.data.volume(component));
            mounts.push(VolumeMount::writable("node", data));
            mounts.push(settled.data.mount(&format!("{data}/blobs")));
        }
    }
    (volumes, mounts)
}
