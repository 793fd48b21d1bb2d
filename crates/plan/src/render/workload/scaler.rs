use crate::object::{AutoscalerSpec, HorizontalPodAutoscaler, Kind, MetricTarget, Object, ScaleTarget};
use crate::render::Rendering;
use crate::render::registry::Component;

/// What is aimed at where the document doesn't say: a share of the requested cpu, in percent.
const CPU: i64 = 75;

/// Scales a component by its load, where that is declared. `K` is the kind of what runs its pods.
pub(crate) fn scaler<K: Kind>(component: &Component<'_>, rendering: &mut Rendering<'_>) {
    let given = component.registry.workload.autoscaling;
    let Some(given) = given.filter(|given| given.enabled) else {
        return;
    };
    let memory = given
        .target_memory
        .map(|percent| MetricTarget::utilization("memory", percent));
    let cpu = given.target_cpu.or(memory.is_none().then_some(CPU));
    let metrics = cpu.map(|percent| MetricTarget::utilization("cpu", percent));
    let scaler = HorizontalPodAutoscaler {
        spec: AutoscalerSpec {
            scale_target_ref: ScaleTarget {
                api_version: K::API_VERSION,
                kind: K::KIND,
                name: component.object_name(),
            },
            min_replicas: given.min_replicas,
            max_replicas: given.max_replicas,
            metrics: metrics.into_iter().chain(memory).collect(),
        },
    };
    rendering.add(
        component.registry.document,
        Object::new(component.metadata(), &scaler),
    );
}
