use super::settled::Settled;
use super::{CONFIG_FILE, secrets};
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

/// The Deployment.
pub(super) fn deployment(
    component: &Component<'_>,
    settled: &Settled<'_>,
    parts: &SecretParts<'_>,
    checksums: Vec<(&'static str, String)>,
    rendering: &mut Rendering<'_>,
) {
    let (volumes, mounts) = volumes(component, settled, parts);
    let rights = Rights {
        id: ID,
        grace_seconds: settled.grace_seconds,
    };
    let checksums: Labels = checksums
        .into_iter()
        .map(|(key, value)| (format!("berth.dev/{}", key.replace('/', "-")), value))
        .collect();
    let container = container(component, settled, parts, mounts);
    let deployment = Deployment {
        spec: DeploymentSpec {
            replicas: (!settled.is_scaled()).then_some(settled.spec.replicas),
            revision_history_limit: 3,
            strategy: if settled.is_alone() {
                Strategy::recreate()
            } else {
                Strategy::rolling()
            },
            selector: component.selector().into(),
            template: workload::pod_template(component, rights, vec![container], volumes, checksums),
        },
    };
    rendering.add(settled.document, Object::new(component.metadata(), &deployment));
}

fn container(
    component: &Component<'_>,
    settled: &Settled<'_>,
    parts: &SecretParts<'_>,
    volume_mounts: Vec<VolumeMount>,
) -> Container {
    let more = component.registry.workload.extra_env.iter();
    let more = more.map(|(name, value)| EnvVar::plain(name, value.expose()));
    Container {
        name: component.name.to_owned(),
        image: settled.spec.image.text().to_owned(),
        image_pull_policy: Some("IfNotPresent"),
        command: vec!["registry".to_owned()],
        args: vec!["serve".to_owned(), format!("{CONFIG_FOLDER}/{CONFIG_FILE}")],
        env: parts.variables().iter().cloned().chain(more).collect(),
        ports: vec![ContainerPort::tcp(PORT, settled.port)],
        startup_probe: Some(Probe {
            failure_threshold: Some(30),
            period_seconds: Some(2),
            ..alive()
        }),
        readiness_probe: Some(ready(settled)),
        liveness_probe: Some(alive()),
        resources: workload::resources(&settled.spec.resources),
        security_context: workload::container_rights(component),
        volume_mounts,
    }
}

/// A registry that lost its storage answers with 503: it is not ready, but a restart wouldn't help.
fn alive() -> Probe {
    Probe {
        tcp_socket: Some(TcpSocket { port: PORT }),
        period_seconds: Some(10),
        timeout_seconds: Some(5),
        failure_threshold: Some(3),
        ..Probe::default()
    }
}

fn ready(settled: &Settled<'_>) -> Probe {
    let scheme = if settled.spec.http.tlsenabled {
        "HTTPS"
    } else {
        "HTTP"
    };
    Probe {
        http_get: Some(HttpGet {
            path: "/".to_owned(),
            port: PORT,
            scheme,
        }),
        tcp_socket: None,
        ..alive()
    }
}

fn volumes(
    component: &Component<'_>,
    settled: &Settled<'_>,
    parts: &SecretParts<'_>,
) -> (Vec<Volume>, Vec<VolumeMount>) {
    let config = component.registry.object_name("config");
    let mut volumes = vec![Volume::config_map("config", &config)];
    let mut mounts = vec![VolumeMount::read_only("config", CONFIG_FOLDER)];
    if !parts.files().is_empty() {
        volumes.push(Volume::projected("secrets", parts.files().to_vec()));
        mounts.push(VolumeMount::read_only("secrets", secrets::FOLDER));
    }
    if let Some((secret, file, path)) = settled.mounted_bundle() {
        volumes.push(Volume::secret(
            "token-bundle",
            secret,
            vec![KeyToPath::of(file, file)],
        ));
        mounts.push(VolumeMount {
            sub_path: Some(file.to_owned()),
            ..VolumeMount::read_only("token-bundle", path)
        });
    }
    if settled.keeps_files() {
        volumes.push(settled.data.volume(component));
        mounts.push(settled.data.mount(&settled.root));
    }
    (volumes, mounts)
}
