use super::deployment::PORT;
use super::settled::Settled;
use crate::object::{Object, Service, ServicePort, ServiceSpec};
use crate::render::Rendering;
use crate::render::registry::Component;

/// The Service.
pub(super) fn service(component: &Component<'_>, settled: &Settled<'_>, rendering: &mut Rendering<'_>) {
    let protocol = if settled.spec.http.tlsenabled {
        "https"
    } else {
        "http"
    };
    let service = Service {
        spec: ServiceSpec {
            kind: "ClusterIP",
            selector: component.selector(),
            ports: vec![ServicePort {
                name: PORT.into(),
                app_protocol: Some(protocol),
                port: settled.port,
                target_port: PORT.into(),
                protocol: "TCP",
                ..ServicePort::default()
            }],
            ..ServiceSpec::default()
        },
    };
    rendering.add(settled.document, Object::new(component.metadata(), &service));
}
