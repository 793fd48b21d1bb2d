use super::deployment::PORT;
use super::monitoring::METRICS;
use super::settled::Settled;
use crate::object::{Object, Service, ServicePort, ServiceSpec};
use crate::render::Rendering;
use crate::render::registry::Component;
use crate::render::workload::{self, Door};

/// The Services, and the ways in from outside.
pub(super) fn services(component: &Component<'_>, settled: &Settled<'_>, rendering: &mut Rendering<'_>) {
    let door = Door {
        name: PORT.into(),
        port: settled.port,
        is_https: settled.spec.http.tlsenabled,
        host_prefix: None,
    };
    let doors = [door];
    let exposure = settled.registry.workload.exposure;
    let ingress = exposure.and_then(|exposure| exposure.ingress.as_ref());
    let path = ingress.and_then(|ingress| ingress.path.as_deref()).unwrap_or("/");
    workload::door_service(component, &doors, rendering);
    workload::door_ways_in(component, &doors, (path, None), rendering);
    if let Some(metrics) = &settled.metrics {
        // A Service of its own: metrics and profiles are for nobody outside.
        let service = watched(component, metrics.port);
        rendering.add(
            settled.document,
            Object::new(component.metadata_of("metrics"), &service),
        );
    }
}

fn watched(component: &Component<'_>, port: u16) -> Service {
    let port = ServicePort {
        name: METRICS.into(),
        app_protocol: Some("http"),
        port,
        target_port: METRICS.into(),
        protocol: "TCP",
        ..ServicePort::default()
    };
    Service {
        spec: ServiceSpec {
            kind: "ClusterIP",
            selector: component.selector(),
            ports: vec![port],
            ..ServiceSpec::default()
        },
    }
}
