use std::borrow::Cow;

use berth_config::sections::{Exposure, GatewayExposure, IngressExposure};

use crate::object::{
    BackendReference, HttpRoute, HttpRouteRule, HttpRouteSpec, Ingress, IngressBackend, IngressPath,
    IngressPaths, IngressPort, IngressRule, IngressService, IngressSpec, IngressTls, Metadata, Object,
    ParentReference, Service, ServicePort, ServiceSpec,
};
use crate::render::registry::Component;
use crate::render::{Rendering, codes};

use super::ingress_controller::{
    ingress_annotations, service_annotations, source_ranges, tell_unkept_ranges,
};

/// A port of a component by which clients come in, and the host they know it by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Door {
    /// The port's name in pods and Services.
    pub(crate) name: Cow<'static, str>,
    /// The number, in pods and Services.
    pub(crate) port: u16,
    /// Whether TLS is spoken on it.
    pub(crate) is_https: bool,
    /// What stands in front of the declared host: clients that know no paths find it by a host of its own.
    pub(crate) host_prefix: Option<String>,
}

/// The Service of a component: a port a door. Doors that share a port share its entry.
pub(crate) fn door_service(component: &Component<'_>, doors: &[Door], rendering: &mut Rendering<'_>) {
    door_service_of(component, doors, None, rendering);
}

/// The same inside the cluster alone, whatever is declared of ways in: another component stands before it.
pub(crate) fn inner_service(component: &Component<'_>, doors: &[Door], rendering: &mut Rendering<'_>) {
    let spec = service_spec(component, doors);
    rendering.add(
        component.registry.document,
        Object::new(component.metadata(), &Service { spec }),
    );
}

/// The same of a type that the product's own fields give, where the ways in don't.
pub(crate) fn door_service_of(
    component: &Component<'_>,
    doors: &[Door],
    kind: Option<&str>,
    rendering: &mut Rendering<'_>,
) {
    let exposure = component.registry.workload.exposure;
    let mut spec = service_spec(component, doors);
    spec.kind = match kind {
        Some("NodePort") => "NodePort",
        Some("LoadBalancer") => "LoadBalancer",
        _ => spec.kind,
    };
    let mut metadata = component.metadata();
    if let Some(exposure) = exposure {
        metadata = expose(metadata, &mut spec, exposure);
    }
    rendering.add(
        component.registry.document,
        Object::new(metadata, &Service { spec }),
    );
}

fn service_spec(component: &Component<'_>, doors: &[Door]) -> ServiceSpec {
    let mut ports: Vec<ServicePort> = Vec::new();
    for door in doors {
        if ports.iter().all(|port| port.port != door.port) {
            ports.push(ServicePort {
                name: door.name.clone(),
                app_protocol: Some(if door.is_https { "https" } else { "http" }),
                port: door.port,
                target_port: door.name.clone(),
                protocol: "TCP",
                ..ServicePort::default()
            });
        }
    }
    ServiceSpec {
        kind: "ClusterIP",
        selector: component.selector(),
        ports,
        ..ServiceSpec::default()
    }
}

/// Opens a Service to the outside, where that is declared. A load balancer has a port of the nodes too, so the two go
/// together.
fn expose(metadata: Metadata, spec: &mut ServiceSpec, exposure: &Exposure) -> Metadata {
    let is_https = spec.ports.iter().any(|port| port.app_protocol == Some("https"));
    let metadata = metadata.annotated(service_annotations(exposure, is_https));
    if let Some(node) = &exposure.node_port {
        spec.kind = "NodePort";
        if let Some(first) = spec.ports.first_mut() {
            first.node_port = node.port;
        }
    }
    let balancer = exposure.load_balancer.as_ref();
    if let Some(balancer) = balancer {
        spec.kind = "LoadBalancer";
        spec.load_balancer_ip.clone_from(&balancer.ip);
        spec.load_balancer_class.clone_from(&balancer.class);
        spec.load_balancer_source_ranges = source_ranges(exposure);
        if let (Some(first), Some(port)) = (spec.ports.first_mut(), balanced_port(exposure)) {
            first.port = port;
        }
    }
    if spec.kind != "ClusterIP" && !exposure.source_ranges.is_empty() {
        // Otherwise pods see a node's address in the place of the client's, and no range can be kept.
        spec.external_traffic_policy = Some("Local");
    }
    metadata.annotated(
        balancer
            .map(|balancer| balancer.annotations.clone())
            .unwrap_or_default(),
    )
}

/// The ways into the cluster by host, where they are declared: an Ingress, and a route on a Gateway. The path is that of
/// the declared host; the Secret of a certificate serves where the Ingress has none of its own.
pub(crate) fn door_ways_in(
    component: &Component<'_>,
    doors: &[Door],
    (path, certificate): (&str, Option<&str>),
    rendering: &mut Rendering<'_>,
) {
    let Some(exposure) = component.registry.workload.exposure else {
        return;
    };
    if let Some(given) = &exposure.ingress {
        tell_path(component, given, path, rendering);
        let (secure, plain): (Vec<&Door>, Vec<&Door>) = doors.iter().partition(|door| door.is_https);
        for (doors, suffix) in [(plain, ""), (secure, "tls")] {
            if !doors.is_empty() {
                ingress(component, given, &doors, (suffix, path, certificate), rendering);
            }
        }
    }
    if let Some(given) = &exposure.gateway {
        if !exposure.source_ranges.is_empty() {
            tell_unkept_ranges(component, "the Gateway", rendering);
        }
        for (index, door) in doors.iter().enumerate() {
            let port = if index == 0 { balanced_port(exposure) } else { None };
            route(component, given, (door, port.unwrap_or(door.port)), rendering);
        }
    }
}

/// A path that the product doesn't answer at would lead nowhere.
fn tell_path(component: &Component<'_>, given: &IngressExposure, path: &str, rendering: &mut Rendering<'_>) {
    let declared = given.path.as_deref().unwrap_or(path);
    if declared.trim_matches('/') != path.trim_matches('/') {
        let message = format!("the path of the Ingress is `{path}`, where the registry answers");
        let document = component.registry.document;
        rendering
            .tell(document, "exposure.ingress.path", codes::RN_005, message)
            .help("leave it out");
    }
}

fn ingress(
    component: &Component<'_>,
    given: &IngressExposure,
    doors: &[&Door],
    (suffix, path, certificate): (&str, &str, Option<&str>),
    rendering: &mut Rendering<'_>,
) {
    let hosts: Vec<String> = doors.iter().map(|door| door.host(&given.host)).collect();
    let rules = doors.iter().zip(&hosts).map(|(door, host)| IngressRule {
        host: host.clone(),
        http: IngressPaths {
            paths: vec![IngressPath {
                path: if door.host_prefix.is_some() { "/" } else { path }.to_owned(),
                path_type: "Prefix",
                backend: IngressBackend {
                    service: IngressService {
                        name: component.object_name(),
                        port: IngressPort {
                            name: door.name.clone(),
                        },
                    },
                },
            }],
        },
    });
    let own = given.tls.as_ref().map(|tls| tls.secret_name.text());
    let spec = IngressSpec {
        ingress_class_name: given.class_name.clone(),
        tls: own
            .or(certificate)
            .into_iter()
            .map(|name| ingress_tls(name, &hosts))
            .collect(),
        rules: rules.collect(),
    };
    let is_https = doors.iter().any(|door| door.is_https);
    let annotations = ingress_annotations(component, given, is_https, rendering);
    let metadata = component.metadata_of(suffix).annotated(annotations);
    rendering.add(
        component.registry.document,
        Object::new(metadata, &Ingress { spec }),
    );
}

fn ingress_tls(secret_name: &str, hosts: &[String]) -> IngressTls {
    IngressTls {
        hosts: hosts.to_vec(),
        secret_name: secret_name.to_owned(),
    }
}

/// The port that a load balancer asks for in the place of the first one of the Service.
fn balanced_port(exposure: &Exposure) -> Option<u16> {
    let port = exposure.load_balancer.as_ref()?.port?;
    u16::try_from(port).ok()
}

/// A route to a door, by its port in the Service.
fn route(
    component: &Component<'_>,
    given: &GatewayExposure,
    (door, port): (&Door, u16),
    rendering: &mut Rendering<'_>,
) {
    if door.is_https {
        let message = format!(
            "port {} speaks TLS, and a route on a Gateway speaks plain HTTP to it",
            door.port
        );
        rendering
            .tell(
                component.registry.document,
                "exposure.gateway",
                codes::RN_005,
                message,
            )
            .help("give the repository a port for http, or expose it by an Ingress");
        return;
    }
    let spec = HttpRouteSpec {
        parent_refs: vec![ParentReference {
            name: given.name.text().to_owned(),
            namespace: given
                .namespace
                .as_ref()
                .map(|namespace| namespace.text().to_owned()),
            section_name: given.section_name.clone(),
            // On a Gateway with an open listener too, passwords must not go over that one.
            port: given
                .section_name
                .is_none()
                .then_some(if given.tls { 443 } else { 80 }),
        }],
        hostnames: vec![door.host(&given.host)],
        rules: vec![HttpRouteRule {
            matches: Vec::new(),
            backend_refs: vec![BackendReference {
                name: component.object_name(),
                port,
            }],
        }],
    };
    let suffix = door.host_prefix.as_deref().unwrap_or_default();
    rendering.add(
        component.registry.document,
        Object::new(component.metadata_of(suffix), &HttpRoute { spec }),
    );
}

impl Door {
    fn host(&self, declared: &str) -> String {
        match &self.host_prefix {
            Some(prefix) => format!("{prefix}.{declared}"),
            None => declared.to_owned(),
        }
    }
}
