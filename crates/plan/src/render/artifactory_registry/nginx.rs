//! The nginx before Artifactory: it ends TLS, and leads Docker clients that know a repository by its host.

mod conf;

use std::collections::BTreeSet;

use berth_config::sections::Exposure;

use super::service::{self, ROUTER_PORT};
use super::settled::Settled;
use crate::object::{
    ConfigMap, Container, ContainerPort, Deployment, DeploymentSpec, HttpGet, Labels, Object, Probe,
    Strategy, Volume, VolumeMount,
};
use crate::render::Rendering;
use crate::render::registry::{Component, Registry};
use crate::render::workload::{self, Door, Flows, Rights};

/// The user and the group of the image.
const USER: i64 = 104;
const GROUP: i64 = 107;
const GRACE_SECONDS: i64 = 40;
/// Its ports, by name and number.
pub(super) const HTTP: (&str, u16) = ("http", 8080);
const HTTPS: (&str, u16) = ("https", 8443);
/// Where it finds its certificate.
const TLS_FOLDER: &str = "/etc/nginx/tls";
const CONFIG: &str = "nginx.conf";
const REPOSITORY: &str = "releases-docker.jfrog.io/jfrog/nginx-artifactory-pro";

/// The component that it is.
pub(super) const fn component<'a>(registry: &'a Registry<'a>) -> Component<'a> {
    Component::named(registry, "nginx")
}

/// Its Deployment and what goes with it; `certificate` is the Secret of one that is given.
pub(super) fn render(
    main: &Component<'_>,
    settled: &Settled<'_>,
    certificate: Option<&str>,
    rendering: &mut Rendering<'_>,
) {
    let component = component(settled.registry);
    let speaks_tls = settled.spec.security.ssl.enabled;
    let text = conf::conf(settled, speaks_tls.then_some(TLS_FOLDER));
    let checksum = Labels::from([("berth.dev/checksum-config".to_owned(), workload::of_text(&text))]);
    let config = ConfigMap::of(CONFIG, text);
    rendering.add(settled.document, Object::new(component.metadata(), &config));
    let mut volumes = vec![
        Volume::config_map("config", &component.object_name()),
        Volume::empty("tmp", None),
    ];
    if speaks_tls {
        volumes.push(tls(&component, settled, certificate, rendering));
    }
    let containers = vec![container(&component, settled, speaks_tls)];
    let rights = Rights {
        id: USER,
        grace_seconds: GRACE_SECONDS,
    };
    let mut template = workload::pod_template(&component, rights, containers, volumes, checksum);
    // The identity of the image's own files, whatever Artifactory's are run as.
    let rights = &mut template.spec.security_context;
    rights.run_as_user = Some(USER);
    rights.run_as_group = Some(GROUP);
    rights.fs_group = Some(GROUP);
    let replicas = settled.nginx().and_then(|nginx| nginx.replicas).unwrap_or(1);
    let deployment = Deployment {
        spec: DeploymentSpec {
            replicas: Some(replicas),
            revision_history_limit: 3,
            strategy: Strategy::rolling(),
            selector: component.selector().into(),
            template,
        },
    };
    rendering.add(settled.document, Object::new(component.metadata(), &deployment));
    flows(main, &component, rendering);
    workload::budget_of_one(&component, rendering);
}

/// Who comes in by it, and whom it leads them to.
fn flows(main: &Component<'_>, component: &Component<'_>, rendering: &mut Rendering<'_>) {
    let flows = Flows {
        client_ports: BTreeSet::from([HTTP.1, HTTPS.1]),
        components: vec![(main.selector().into(), ROUTER_PORT)],
        ..Flows::default()
    };
    workload::flows(component, &flows, rendering);
}

/// The certificate that is given, or one that is made once.
fn tls(
    component: &Component<'_>,
    settled: &Settled<'_>,
    certificate: Option<&str>,
    rendering: &mut Rendering<'_>,
) -> Volume {
    if let Some(secret) = certificate {
        return Volume::secret("tls", secret, Vec::new());
    }
    let mut hosts: Vec<String> = settled.host().into_iter().map(str::to_owned).collect();
    if settled.has_subdomains() {
        hosts.extend(settled.host().map(|host| format!("*.{host}")));
    }
    workload::make_certificate(component, &component.object_name(), &hosts, rendering);
    workload::certificate_volume(settled.registry, "tls", component.name)
}

fn container(component: &Component<'_>, settled: &Settled<'_>, speaks_tls: bool) -> Container {
    let given = settled.nginx();
    let image = given.and_then(|nginx| nginx.image.as_ref());
    let image = image.filter(|image| image.value().is_some());
    let mut ports = vec![ContainerPort::tcp(HTTP.0, HTTP.1)];
    let mut volume_mounts = vec![
        VolumeMount {
            sub_path: Some(CONFIG.to_owned()),
            ..VolumeMount::read_only("config", "/etc/nginx/nginx.conf")
        },
        VolumeMount::writable("tmp", "/tmp"),
    ];
    if speaks_tls {
        ports.push(ContainerPort::tcp(HTTPS.0, HTTPS.1));
        volume_mounts.push(VolumeMount::read_only("tls", TLS_FOLDER));
    }
    let alive = Probe {
        http_get: Some(HttpGet {
            path: conf::ALIVE.to_owned(),
            port: HTTP.0,
            scheme: "HTTP",
        }),
        period_seconds: Some(10),
        timeout_seconds: Some(5),
        failure_threshold: Some(3),
        ..Probe::default()
    };
    Container {
        name: component.name.to_owned(),
        image: image.map_or_else(
            || format!("{REPOSITORY}:{}", settled.release()),
            |image| image.text().to_owned(),
        ),
        image_pull_policy: Some("IfNotPresent"),
        command: ["nginx", "-g", "daemon off;"].map(str::to_owned).to_vec(),
        ports,
        readiness_probe: Some(alive.clone()),
        liveness_probe: Some(Probe {
            failure_threshold: Some(6),
            ..alive
        }),
        resources: workload::resources_of_part(
            &settled.spec.resources,
            given.and_then(|nginx| nginx.resources.as_ref()),
        ),
        security_context: workload::container_rights(component),
        volume_mounts,
        ..Container::default()
    }
}

/// Its Service and the ways in; `certificate` is that of an Ingress without one of its own.
pub(super) fn doors(settled: &Settled<'_>, certificate: Option<&str>, rendering: &mut Rendering<'_>) {
    let component = component(settled.registry);
    let door = |(name, port): (&'static str, u16), is_https| Door {
        name: name.into(),
        port,
        is_https,
        host_prefix: None,
    };
    let plain = door(HTTP, false);
    let mut doors = vec![plain.clone()];
    if settled.spec.security.ssl.enabled {
        doors.push(door(HTTPS, true));
    }
    let exposure = settled.registry.workload.exposure;
    let kind = if is_opened(exposure) {
        None
    } else {
        settled.nginx().and_then(|nginx| nginx.service_type.as_deref())
    };
    workload::door_service_of(&component, &doors, kind, rendering);
    // Behind an Ingress TLS has ended before.
    let mut hosts = vec![plain.clone()];
    hosts.extend(service::docker_hosts(settled).into_iter().map(|key| Door {
        host_prefix: Some(key),
        ..plain.clone()
    }));
    workload::door_ways_in(&component, &hosts, ("/", certificate), rendering);
}

fn is_opened(exposure: Option<&Exposure>) -> bool {
    exposure.is_some_and(|exposure| exposure.load_balancer.is_some() || exposure.node_port.is_some())
}
