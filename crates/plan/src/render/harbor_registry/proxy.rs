//! The proxy before core and portal where no Ingress and no Gateway parts their paths: one Service for all.

use super::nginx;
use super::settled::Settled;
use super::workloads::{self, Pods};
use crate::object::{
    ConfigMap, Container, ContainerPort, Object, Probe, Service, ServicePort, ServiceSpec, Strategy,
    TcpSocket, Volume,
};
use crate::render::Rendering;
use crate::render::workload;

/// The port that it listens on.
pub(super) const LISTENS: u16 = 8080;
const CONFIG: &str = "nginx.conf";

/// The Deployment of the proxy, its ConfigMap, and the Service that the registry's own name stands for.
pub(super) fn render(settled: &Settled<'_>, rendering: &mut Rendering<'_>) {
    if !settled.has_proxy() {
        return;
    }
    let component = settled.component("nginx");
    let text = conf(settled);
    let config_map = ConfigMap::of(CONFIG, text.clone());
    rendering.add(settled.document, Object::new(component.metadata(), &config_map));
    let probe = workloads::probe(workloads::PORT, "/api/v2.0/ping", false);
    let mut container = Container {
        startup_probe: Some(workloads::starting(probe.clone(), 3600)),
        readiness_probe: Some(probe.clone()),
        // Not whether core answers: that is no reason to start the proxy anew.
        liveness_probe: Some(Probe {
            http_get: None,
            tcp_socket: Some(TcpSocket {
                port: workloads::PORT,
            }),
            ..probe
        }),
        ports: vec![ContainerPort::tcp(workloads::PORT, LISTENS)],
        ..workloads::nginx(settled, "nginx", "nginx-photon")
    };
    let file = workloads::file("config", "/etc/nginx/nginx.conf", CONFIG);
    container.volume_mounts.push(file);
    let pods = Pods {
        containers: vec![container],
        volumes: vec![
            Volume::config_map("config", &component.object_name()),
            workloads::nginx_volume(),
        ],
        config: text,
    };
    workloads::deployment(
        settled,
        &component,
        (Some(1), Strategy::rolling()),
        pods,
        rendering,
    );
    service(settled, rendering);
}

fn service(settled: &Settled<'_>, rendering: &mut Rendering<'_>) {
    let component = settled.component("nginx");
    let mut port = workloads::service_port(workloads::PORT, 80, false);
    let mut spec = ServiceSpec {
        kind: "ClusterIP",
        selector: component.selector(),
        ..ServiceSpec::default()
    };
    let mut metadata = component.metadata();
    metadata.name = settled.registry.object_name("");
    let exposure = settled.spec.exposure.as_ref();
    if let Some(balancer) = exposure.and_then(|exposure| exposure.load_balancer.as_ref()) {
        let number = balancer.port.and_then(|port| u16::try_from(port).ok());
        port.port = number.unwrap_or(port.port);
        spec.kind = "LoadBalancer";
        spec.load_balancer_ip.clone_from(&balancer.ip);
        spec.load_balancer_class.clone_from(&balancer.class);
        spec.load_balancer_source_ranges = exposure.map(workload::source_ranges).unwrap_or_default();
        metadata = metadata.annotated(balancer.annotations.clone());
    } else if let Some(node) = exposure.and_then(|exposure| exposure.node_port.as_ref()) {
        spec.kind = "NodePort";
        port = ServicePort {
            node_port: node.port,
            ..port
        };
    }
    spec.ports = vec![port];
    rendering.add(settled.document, Object::new(metadata, &Service { spec }));
}

/// The configuration of its nginx.
pub(super) fn conf(settled: &Settled<'_>) -> String {
    let listen = nginx::listen(settled, LISTENS, None);
    let scheme = if settled.url.starts_with("https://") {
        "https"
    } else {
        "$scheme"
    };
    let core = settled.core_url();
    let portal = settled.url_of("portal", settled.service_port());
    let led = [
        ("/", &portal),
        ("/api/", &core),
        ("/c/", &core),
        ("/service/", &core),
        ("/v2/", &core),
    ];
    let led = led.map(|(path, to)| format!("    location {path} {{\n      proxy_pass {to};\n    }}\n"));
    let closed = ["/v1/", "/service/notifications"];
    let closed = closed.map(|path| format!("    location {path} {{\n      return 404;\n    }}\n"));
    let places = led.concat() + &closed.concat();
    nginx::conf(&format!(
        "  proxy_http_version 1.1;
  access_log /dev/stdout;
  server {{
{listen}    server_tokens off;
    client_max_body_size 0;
    proxy_buffering off;
    proxy_request_buffering off;
    proxy_read_timeout 900;
    proxy_send_timeout 900;
    proxy_set_header Host $http_host;
    proxy_set_header X-Real-IP $remote_addr;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Proto {scheme};
{places}  }}
"
    ))
}
