use crate::object::{
    ClaimTemplate, Object, PodTemplate, Service, ServicePort, ServiceSpec, StatefulSet, StatefulSetSpec,
};
use crate::render::Rendering;
use crate::render::registry::Component;

/// How many pods of a StatefulSet there are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Replicas {
    /// So many.
    Fixed(i64),
    /// As many as an autoscaler says.
    Scaled,
}

/// The name of one pod's port in the Service that gives pods their names. It isn't that of the other Service's port, or
/// metrics would be read twice.
const NODE: &str = "node";
const HEADLESS: &str = "headless";

/// The StatefulSet of a product whose pods are known by their names, and the headless Service that gives them those.
pub(crate) fn stateful_set(
    component: &Component<'_>,
    replicas: Replicas,
    (template, claim): (PodTemplate, Option<ClaimTemplate>),
    rendering: &mut Rendering<'_>,
) {
    let set = StatefulSet {
        spec: StatefulSetSpec {
            replicas: match replicas {
                Replicas::Fixed(replicas) => Some(replicas),
                Replicas::Scaled => None,
            },
            service_name: headless_name(component),
            revision_history_limit: 3,
            selector: component.selector().into(),
            template,
            volume_claim_templates: claim.into_iter().collect(),
        },
    };
    rendering.add(
        component.registry.document,
        Object::new(component.metadata(), &set),
    );
}

/// The Service that gives each pod of a StatefulSet a name, whether it is ready or not.
pub(crate) fn headless(
    component: &Component<'_>,
    (target, port, app_protocol): (&'static str, u16, Option<&'static str>),
    rendering: &mut Rendering<'_>,
) {
    let spec = ServiceSpec {
        kind: "ClusterIP",
        cluster_ip: Some("None"),
        publish_not_ready_addresses: Some(true),
        selector: component.selector(),
        ports: vec![ServicePort {
            name: NODE.into(),
            app_protocol,
            port,
            target_port: target.into(),
            protocol: "TCP",
            ..ServicePort::default()
        }],
        ..ServiceSpec::default()
    };
    let metadata = component.metadata_of(HEADLESS);
    rendering.add(
        component.registry.document,
        Object::new(metadata, &Service { spec }),
    );
}

/// The name of that Service.
pub(super) fn headless_name(component: &Component<'_>) -> String {
    component.metadata_of(HEADLESS).name
}
