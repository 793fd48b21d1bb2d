//! The ways in by host: an Ingress, and a route on a Gateway. Both part the paths between core and portal.

use berth_config::sections::{GatewayExposure, IngressExposure};

use super::settled::Settled;
use super::workloads::PORT;
use crate::object::{
    BackendReference, HttpRoute, HttpRouteMatch, HttpRouteRule, HttpRouteSpec, Ingress, IngressBackend,
    IngressPath, IngressPaths, IngressPort, IngressRule, IngressService, IngressSpec, IngressTls, Object,
    ParentReference,
};
use crate::render::Rendering;
use crate::render::{codes, workload};

/// The paths of the core; all others are the portal's.
const CORE: [&str; 4] = ["/api/", "/service/", "/v2/", "/c/"];

/// The Ingress and the route, where they are declared.
pub(super) fn render(settled: &Settled<'_>, rendering: &mut Rendering<'_>) {
    let Some(exposure) = &settled.spec.exposure else {
        return;
    };
    if let Some(given) = &exposure.ingress {
        ingress(settled, given, rendering);
    }
    if let Some(given) = &exposure.gateway {
        route(settled, given, rendering);
    }
}

fn ingress(settled: &Settled<'_>, given: &IngressExposure, rendering: &mut Rendering<'_>) {
    if given
        .path
        .as_deref()
        .is_some_and(|path| !["", "/"].contains(&path))
    {
        let message = "the Ingress is for all paths: Harbor knows no path before its own";
        rendering
            .tell(settled.document, "exposure.ingress.path", codes::RN_006, message)
            .help("give Harbor a host of its own, and leave the path out");
    }
    let to = |component: &str, path: &str| IngressPath {
        path: path.to_owned(),
        path_type: "Prefix",
        backend: IngressBackend {
            service: IngressService {
                name: settled.registry.object_name(component),
                port: IngressPort { name: PORT.into() },
            },
        },
    };
    let paths = CORE.iter().map(|path| to("core", path));
    let spec = IngressSpec {
        ingress_class_name: given.class_name.clone(),
        tls: given
            .tls
            .iter()
            .map(|tls| IngressTls {
                hosts: vec![given.host.clone()],
                secret_name: tls.secret_name.text().to_owned(),
            })
            .collect(),
        rules: vec![IngressRule {
            host: given.host.clone(),
            http: IngressPaths {
                paths: paths.chain([to("portal", "/")]).collect(),
            },
        }],
    };
    let annotations =
        workload::ingress_annotations(&settled.component("core"), given, settled.tls, rendering);
    let metadata = settled.registry.metadata("").annotated(annotations);
    rendering.add(settled.document, Object::new(metadata, &Ingress { spec }));
}

fn route(settled: &Settled<'_>, given: &GatewayExposure, rendering: &mut Rendering<'_>) {
    let rule = |component: &str, paths: &[&str]| HttpRouteRule {
        matches: paths.iter().map(|path| HttpRouteMatch::prefix(path)).collect(),
        backend_refs: vec![BackendReference {
            name: settled.registry.object_name(component),
            port: settled.service_port(),
        }],
    };
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
        hostnames: vec![given.host.clone()],
        rules: vec![rule("core", &CORE), rule("portal", &["/"])],
    };
    let metadata = settled.registry.metadata("");
    rendering.add(settled.document, Object::new(metadata, &HttpRoute { spec }));
}
