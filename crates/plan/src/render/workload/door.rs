use std::borrow::Cow;

use berth_config::sections::{Exposure, GatewayExposure, IngressExposure};
use berth_config::value::Written;

use crate::object::{
    BackendReference, HttpRoute, HttpRouteRule, HttpRouteSpec, Ingress, IngressBackend, IngressPath,
    IngressPaths, IngressPort, IngressRule, IngressService, IngressSpec, IngressTls, Labels, Metadata,
    Object, ParentReference, Service, ServicePort, ServiceSpec,
};
use crate::render::registry::Component;
use crate::render::{Rendering, codes};

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
    let exposure = component.registry.workload.exposure;
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
    let mut spec = ServiceSpec {
        kind: "ClusterIP",
        selector: component.selector(),
        ports,
        ..ServiceSpec::default()
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

/// Opens a Service to the outside, where that is declared.
fn expose(metadata: Metadata, spec: &mut ServiceSpec, exposure: &Exposure) -> Metadata {
    let first = spec.ports.first_mut();
    if let Some(balancer) = &exposure.load_balancer {
        spec.kind = "LoadBalancer";
        spec.load_balancer_ip.clone_from(&balancer.ip);
        spec.load_balancer_class.clone_from(&balancer.class);
        spec.load_balancer_source_ranges = source_ranges(exposure);
        let port = balancer.port.and_then(|port| u16::try_from(port).ok());
        if let (Some(first), Some(port)) = (first, port) {
            first.port = port;
        }
        return metadata.annotated(balancer.annotations.clone());
    }
    if let Some(node) = &exposure.node_port {
        spec.kind = "NodePort";
        if let Some(first) = first {
            first.node_port = node.port;
        }
    }
    metadata
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
        let (secure, plain): (Vec<&Door>, Vec<&Door>) = doors.iter().partition(|door| door.is_https);
        for (doors, suffix) in [(plain, ""), (secure, "tls")] {
            if !doors.is_empty() {
                ingress(component, given, &doors, (suffix, path, certificate), rendering);
            }
        }
    }
    if let Some(given) = &exposure.gateway {
        for door in doors {
            route(component, given, door, rendering);
        }
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

/// What the controller must be told: layers are one body each and take minutes, and who may come in.
pub(crate) fn ingress_annotations(
    component: &Component<'_>,
    given: &IngressExposure,
    is_https: bool,
    rendering: &mut Rendering<'_>,
) -> Labels {
    let mut annotations = Labels::new();
    let mut put = |key: &str, value: &str| annotations.insert(key.to_owned(), value.to_owned());
    let ranges = component
        .registry
        .workload
        .exposure
        .map(source_ranges)
        .unwrap_or_default()
        .join(",");
    let mut are_ranges_told = ranges.is_empty();
    match given.controller.as_deref() {
        Some("nginx") => {
            for (key, value) in NGINX {
                put(&format!("nginx.ingress.kubernetes.io/{key}"), value);
            }
            if is_https {
                put("nginx.ingress.kubernetes.io/backend-protocol", "HTTPS");
            }
            if !ranges.is_empty() {
                put("nginx.ingress.kubernetes.io/whitelist-source-range", &ranges);
                are_ranges_told = true;
            }
        }
        Some("haproxy") => {
            put("haproxy.org/timeout-server", "900s");
            if is_https {
                put("haproxy.org/server-ssl", "true");
            }
            if !ranges.is_empty() {
                put("haproxy.org/allow-list", &ranges);
                are_ranges_told = true;
            }
        }
        _ => {}
    }
    if let Some(tls) = &given.tls {
        for (key, issuer) in [
            ("cert-manager.io/issuer", &tls.issuer),
            ("cert-manager.io/cluster-issuer", &tls.cluster_issuer),
        ] {
            if let Some(issuer) = issuer {
                put(key, issuer);
            }
        }
    }
    if !are_ranges_told {
        let message = "the Ingress lets all addresses in: it isn't known how its controller is told";
        rendering
            .tell(component.registry.document, "exposure.sourceRanges", codes::RN_005, message)
            .help("name the controller in `exposure.ingress.controller`: nginx or haproxy; or add its annotation");
    }
    annotations.extend(
        given
            .annotations
            .iter()
            .map(|(key, value)| (key.clone(), value.clone())),
    );
    annotations
}

/// What nginx must be told so that large layers pass.
const NGINX: [(&str, &str); 5] = [
    ("proxy-body-size", "0"),
    ("proxy-buffering", "off"),
    ("proxy-read-timeout", "900"),
    ("proxy-request-buffering", "off"),
    ("proxy-send-timeout", "900"),
];

fn route(component: &Component<'_>, given: &GatewayExposure, door: &Door, rendering: &mut Rendering<'_>) {
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
            port: None,
        }],
        hostnames: vec![door.host(&given.host)],
        rules: vec![HttpRouteRule {
            matches: Vec::new(),
            backend_refs: vec![BackendReference {
                name: component.object_name(),
                port: door.port,
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

/// The addresses that may come in; all without any.
pub(crate) fn source_ranges(exposure: &Exposure) -> Vec<String> {
    let right = exposure
        .source_ranges
        .iter()
        .filter(|range| range.value().is_some());
    right.map(Written::text).map(str::to_owned).collect()
}
