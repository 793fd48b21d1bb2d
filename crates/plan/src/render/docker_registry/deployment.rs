use super::monitoring::METRICS;
use super::settled::Settled;
use super::{CONFIG_FILE, berth, secrets};
use crate::object::{
    Container, ContainerPort, Deployment, DeploymentSpec, EnvVar, HttpGet, KeyToPath, Labels, Object, Probe,
    Strategy, TcpSocket, Volume, VolumeMount,
};
use crate::render::Rendering;
use crate::render::registry::Component;
use crate::render::secret_parts::SecretParts;
use crate::render::workload::{self, Rights};

/// The user of the image's processes.
const ID: i64 = 1000;
/// Where the configuration lies in images of version 2.
const CONFIG_FOLDER: &str = "/etc/docker/registry";
/// The port's name in pods and Services.
pub(super) const PORT: &str = "registry";
/// The program, as the image finds it.
pub(super) const PROGRAM: &str = "registry";

/// The Deployment.
pub(super) fn deployment(
    component: &Component<'_>,
    settled: &Settled<'_>,
    parts: &SecretParts<'_>,
    annotations: Labels,
    rendering: &mut Rendering<'_>,
) {
    let mounts = mounts(settled, parts);
    let container = if settled.is_berth() {
        berth::container(component, settled, mounts)
    } else {
        container(component, settled, parts, mounts)
    };
    let containers = vec![container];
    let volumes = volumes(component, settled, parts);
    let deployment = Deployment {
        spec: DeploymentSpec {
            replicas: (!settled.is_scaled()).then(|| settled.replicas()),
            revision_history_limit: 3,
            strategy: if settled.is_alone() {
                Strategy::recreate()
            } else {
                Strategy::rolling()
            },
            selector: component.selector().into(),
            template: workload::pod_template(component, rights(settled), containers, volumes, annotations),
        },
    };
    rendering.add(settled.document, Object::new(component.metadata(), &deployment));
}

/// The image, as it is declared; Berth's own where it runs and none is.
pub(super) fn image<'a>(settled: &Settled<'a>) -> &'a str {
    if settled.is_berth() && !settled.document.is_set("image") {
        berth::BERTH_IMAGE
    } else {
        settled.spec.image.text()
    }
}

/// The rights of its pods, and how long they may take to stop.
pub(super) const fn rights(settled: &Settled<'_>) -> Rights {
    Rights {
        id: ID,
        grace_seconds: settled.grace_seconds,
    }
}

/// Where the configuration lies in a pod.
pub(super) fn config_path() -> String {
    format!("{CONFIG_FOLDER}/{CONFIG_FILE}")
}

fn container(
    component: &Component<'_>,
    settled: &Settled<'_>,
    parts: &SecretParts<'_>,
    volume_mounts: Vec<VolumeMount>,
) -> Container {
    let metrics = settled.metrics.iter();
    let metrics = metrics.map(|metrics| ContainerPort::tcp(METRICS, metrics.port));
    let alive = alive();
    Container {
        name: component.name.to_owned(),
        image: image(settled).to_owned(),
        image_pull_policy: Some("IfNotPresent"),
        command: vec![PROGRAM.to_owned()],
        args: vec!["serve".to_owned(), config_path()],
        env: variables(component, Some(parts)),
        ports: [ContainerPort::tcp(PORT, settled.port)]
            .into_iter()
            .chain(metrics)
            .collect(),
        startup_probe: Some(Probe {
            failure_threshold: Some(30),
            period_seconds: Some(2),
            ..alive.clone()
        }),
        readiness_probe: Some(ready(settled)),
        liveness_probe: Some(alive),
        resources: workload::resources(&settled.spec.resources),
        security_context: workload::container_rights(component),
        volume_mounts,
    }
}

/// The environment: secrets, then what the document adds.
pub(super) fn variables(component: &Component<'_>, parts: Option<&SecretParts<'_>>) -> Vec<EnvVar> {
    let more = component.registry.workload.extra_env.iter();
    let more = more.map(|(name, value)| EnvVar::plain(name, value.expose()));
    let secret = parts.into_iter().flat_map(SecretParts::variables);
    secret.cloned().chain(more).collect()
}

/// A registry that lost its storage answers with 503: it is not ready, but a restart wouldn't help.
pub(super) fn alive() -> Probe {
    Probe {
        tcp_socket: Some(TcpSocket { port: PORT }),
        period_seconds: Some(10),
        timeout_seconds: Some(5),
        failure_threshold: Some(3),
        ..Probe::default()
    }
}

/// Where clients must show certificates the kubelet can't ask: it has none.
fn ready(settled: &Settled<'_>) -> Probe {
    let alive = alive();
    if settled.asks_for_certificates() {
        return Probe {
            period_seconds: Some(5),
            ..alive
        };
    }
    Probe {
        http_get: Some(HttpGet {
            path: "/".to_owned(),
            port: PORT,
            scheme: if settled.spec.http.tlsenabled {
                "HTTPS"
            } else {
                "HTTP"
            },
        }),
        tcp_socket: None,
        ..alive
    }
}

/// What the containers of a pod can mount.
pub(super) fn volumes(
    component: &Component<'_>,
    settled: &Settled<'_>,
    parts: &SecretParts<'_>,
) -> Vec<Volume> {
    let config = component.registry.object_name("config");
    let mut volumes = vec![Volume::config_map("config", &config)];
    if settled.is_berth() {
        volumes.push(Volume::empty("tmp", Some("256Mi")));
    }
    if !parts.files().is_empty() {
        volumes.push(Volume::projected("secrets", parts.files().to_vec()));
    }
    if let Some((secret, file, _)) = settled.mounted_bundle() {
        volumes.push(Volume::secret(
            "token-bundle",
            secret,
            vec![KeyToPath::of(file, file)],
        ));
    }
    if settled.cache_folder().is_some() {
        volumes.push(Volume::empty("letsencrypt", Some("16Mi")));
    }
    if settled.keeps_files() {
        volumes.push(settled.data.volume(component));
    }
    volumes
}

/// What the program sees of them.
pub(super) fn mounts(settled: &Settled<'_>, parts: &SecretParts<'_>) -> Vec<VolumeMount> {
    let folder = if settled.is_berth() {
        berth::CONFIG_FOLDER
    } else {
        CONFIG_FOLDER
    };
    let mut mounts = vec![VolumeMount::read_only("config", folder)];
    if settled.is_berth() {
        // Where its databases put what they can't hold in memory.
        mounts.push(VolumeMount::writable("tmp", "/tmp"));
    }
    if !parts.files().is_empty() {
        mounts.push(VolumeMount::read_only("secrets", secrets::FOLDER));
    }
    if let Some((_, file, path)) = settled.mounted_bundle() {
        mounts.push(VolumeMount {
            sub_path: Some(file.to_owned()),
            ..VolumeMount::read_only("token-bundle", path)
        });
    }
    if let Some(folder) = settled.cache_folder() {
        mounts.push(VolumeMount::writable("letsencrypt", folder));
    }
    if settled.keeps_files() {
        mounts.push(settled.data.mount(&settled.root));
    }
    mounts
}
