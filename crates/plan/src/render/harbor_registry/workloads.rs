//! What the components have in common: their containers, pods, Deployments and Services.

use super::settled::Settled;
use crate::object::{
    Container, ContainerPort, Deployment, DeploymentSpec, HttpGet, Labels, Object, PodTemplate, Probe,
    SecurityContext, Service, ServicePort, ServiceSpec, Strategy, Volume, VolumeMount,
};
use crate::render::Rendering;
use crate::render::registry::Component;
use crate::render::workload::{self, Rights};

/// The user and group of Harbor's images.
const ID: i64 = 10000;
/// How long a pod may take to stop where the document doesn't say, in seconds.
const GRACE_SECONDS: i64 = 120;
/// The port of a component's own, in pods and Services.
pub(super) const PORT: &str = "web";
/// The port of metrics.
pub(super) const METRICS_PORT: &str = "metrics";

/// Why images must be written to.
const WRITABLE_WHY: &str = "Harbor's images add certificates to their own bundle when they start";

/// What the pods of a component are drawn from.
pub(super) struct Pods {
    pub(super) containers: Vec<Container>,
    pub(super) volumes: Vec<Volume>,
    /// The texts of the ConfigMaps: the pods are replaced when one changes.
    pub(super) config: String,
}

/// A container of a component, without what makes it one: image, amounts and rights.
pub(super) fn container(settled: &Settled<'_>, name: &'static str, repository: &str) -> Container {
    let part = settled.part(name);
    Container {
        name: name.to_owned(),
        image: part.image(repository, &settled.tag),
        image_pull_policy: Some("IfNotPresent"),
        resources: part.resources(&settled.spec.resources),
        security_context: SecurityContext {
            read_only_root_filesystem: Some(false),
            ..workload::container_rights(&settled.component(name))
        },
        ..Container::default()
    }
}

/// Nginx, which adds no certificates: its image can't be written to. What it writes beside answers lies in a folder
/// of the pod's own.
pub(super) fn nginx(settled: &Settled<'_>, name: &'static str, repository: &str) -> Container {
    Container {
        security_context: workload::container_rights(&settled.component(name)),
        volume_mounts: vec![VolumeMount::writable("tmp", "/tmp")],
        ..container(settled, name, repository)
    }
}

/// The volume that [`nginx`] writes to.
pub(super) fn nginx_volume() -> Volume {
    Volume::empty("tmp", Some("256Mi"))
}

/// The ports of a component that tells metrics.
pub(super) fn ports(settled: &Settled<'_>, own: u16) -> Vec<ContainerPort> {
    let mut ports = vec![ContainerPort::tcp(PORT, own)];
    ports.extend(
        settled
            .metrics
            .as_ref()
            .map(|metrics| ContainerPort::tcp(METRICS_PORT, metrics.port)),
    );
    ports
}

/// A path that must answer.
pub(super) fn probe(port: &'static str, path: &str, tls: bool) -> Probe {
    Probe {
        http_get: Some(HttpGet {
            path: path.to_owned(),
            port,
            scheme: if tls { "HTTPS" } else { "HTTP" },
        }),
        period_seconds: Some(10),
        timeout_seconds: Some(5),
        failure_threshold: Some(3),
        ..Probe::default()
    }
}

/// The same question for the end of a container's life: a restart mends less than it breaks, so it comes later than the
/// end of requests.
pub(super) fn living(probe: Probe) -> Probe {
    Probe {
        failure_threshold: Some(9),
        ..probe
    }
}

/// The same path while a container starts, for so many seconds at most.
pub(super) fn starting(probe: Probe, seconds: u32) -> Probe {
    Probe {
        failure_threshold: Some(seconds / 10),
        ..probe
    }
}

/// The pods of a component.
pub(super) fn pod_template(settled: &Settled<'_>, component: &Component<'_>, pods: Pods) -> PodTemplate {
    let given = settled.registry.workload.termination_grace_period_seconds;
    let rights = Rights {
        id: ID,
        grace_seconds: given.unwrap_or(GRACE_SECONDS),
    };
    let mut notes = Labels::new();
    let is_written =
        |container: &Container| container.security_context.read_only_root_filesystem == Some(false);
    if pods.containers.iter().any(is_written) {
        notes.insert(workload::WRITABLE.to_owned(), WRITABLE_WHY.to_owned());
    }
    if !pods.config.is_empty() {
        let checksum = workload::of_text(&pods.config);
        notes.insert("berth.dev/checksum-config".to_owned(), checksum);
    }
    if let Some(checksum) = &settled.secrets_checksum {
        notes.insert("berth.dev/checksum-secrets".to_owned(), checksum.clone());
    }
    workload::pod_template(component, rights, pods.containers, pods.volumes, notes)
}

/// A Deployment of a component; `replicas` is `None` where an autoscaler decides.
pub(super) fn deployment(
    settled: &Settled<'_>,
    component: &Component<'_>,
    (replicas, strategy): (Option<i64>, Strategy),
    pods: Pods,
    rendering: &mut Rendering<'_>,
) {
    let deployment = Deployment {
        spec: DeploymentSpec {
            replicas,
            revision_history_limit: 10,
            strategy,
            selector: component.selector().into(),
            template: pod_template(settled, component, pods),
        },
    };
    rendering.add(settled.document, Object::new(component.metadata(), &deployment));
}

/// A port of a Service that leads to the port of pods of the same name.
pub(super) fn service_port(name: &'static str, number: u16, tls: bool) -> ServicePort {
    ServicePort {
        name: name.into(),
        app_protocol: Some(if tls { "https" } else { "http" }),
        port: number,
        target_port: name.into(),
        protocol: "TCP",
        ..ServicePort::default()
    }
}

/// The Service of a component inside the cluster, with its metrics where it tells any.
pub(super) fn service(
    settled: &Settled<'_>,
    component: &Component<'_>,
    mut ports: Vec<ServicePort>,
    metrics: bool,
    rendering: &mut Rendering<'_>,
) {
    if let Some(told) = settled.metrics.as_ref().filter(|_| metrics) {
        ports.push(service_port(METRICS_PORT, told.port, false));
    }
    let service = Service {
        spec: ServiceSpec {
            kind: "ClusterIP",
            selector: component.selector(),
            ports,
            ..ServiceSpec::default()
        },
    };
    rendering.add(settled.document, Object::new(component.metadata(), &service));
}

/// A file of a ConfigMap at a path of its own, in a folder that has others.
pub(super) fn file(volume: &str, path: &str, key: &str) -> VolumeMount {
    VolumeMount {
        sub_path: Some(key.to_owned()),
        ..VolumeMount::read_only(volume, path)
    }
}

/// The ConfigMap of a component, and all of its text.
pub(super) fn config_map(
    settled: &Settled<'_>,
    component: &Component<'_>,
    files: &[(&str, String)],
    rendering: &mut Rendering<'_>,
) -> String {
    let data = files
        .iter()
        .map(|(name, text)| ((*name).to_owned(), text.clone()));
    let config_map = crate::object::ConfigMap { data: data.collect() };
    rendering.add(settled.document, Object::new(component.metadata(), &config_map));
    files.iter().map(|(_, text)| text.as_str()).collect()
}
