//! How many pods there are, by load and while nodes are drained.

use super::settled::Settled;
use crate::object::Deployment;
use crate::render::{Rendering, workload};

/// The autoscaler of the core, and the budget of each component that has more than one pod.
pub(super) fn render(settled: &Settled<'_>, rendering: &mut Rendering<'_>) {
    workload::scaler::<Deployment>(&settled.component("core"), rendering);
    for (name, replicas) in replicas(settled) {
        if replicas > 1 {
            workload::budget(&settled.component(name), false, rendering);
        }
    }
}

fn replicas(settled: &Settled<'_>) -> [(&'static str, i64); 6] {
    let own = |name| settled.part(name).replicas.unwrap_or(1);
    let trivy = &settled.spec.trivy;
    let cores = settled
        .autoscaling()
        .map_or(settled.cores(), |given| given.min_replicas);
    [
        ("core", cores),
        ("portal", own("portal")),
        ("jobservice", settled.jobservices()),
        (
            "registry",
            if settled.storage.is_of_one_pod() {
                1
            } else {
                settled.registries()
            },
        ),
        (
            "trivy",
            if trivy.enabled {
                trivy.replicas.unwrap_or(1)
            } else {
                0
            },
        ),
        (
            "exporter",
            if settled.metrics.is_some() {
                own("exporter")
            } else {
                0
            },
        ),
    ]
}
