//! Harbor 2.10: core, portal, job service, registry with its controller, scanner and exporter, and what they need.

mod address;
mod availability;
mod certificates;
mod core;
mod database;
mod datastores;
mod environment;
mod exporter;
mod exposure;
mod jobservice;
mod launch;
mod migration;
mod monitoring;
mod native;
mod network;
mod nginx;
mod not_applied;
mod outside;
mod part;
mod portal;
mod proxy;
mod reach;
mod redis;
mod registry;
mod registry_config;
mod secrets;
mod settled;
mod storage;
mod trivy;
mod version;
mod workloads;

use berth_config::document::Document;
use berth_config::sections::HarborRegistry;

use super::registry::{Product, Registry};
use super::{Rendering, workload};
use settled::Settled;

pub(super) use native::on_host;

const PRODUCT: Product = Product {
    framework: "harbor",
    managed: "harbor.io/managed",
};

/// Renders a Harbor.
pub(super) fn render(document: &Document, spec: &HarborRegistry, rendering: &mut Rendering<'_>) {
    let Some(registry) = Registry::of(document, PRODUCT) else {
        return;
    };
    let settled = Settled::of(&registry, spec, rendering);
    workload::service_account(&registry, rendering);
    if let Some(secret) = settled.given.parts.object() {
        rendering.add(document, secret);
    }
    datastores::render(&settled, rendering);
    migration::render(&settled, rendering);
    core::render(&settled, rendering);
    portal::render(&settled, rendering);
    jobservice::render(&settled, rendering);
    registry::render(&settled, rendering);
    if spec.trivy.enabled {
        trivy::render(&settled, rendering);
    }
    if let Some(metrics) = &settled.metrics {
        exporter::render(&settled, metrics, rendering);
        monitoring::render(&settled, metrics, rendering);
    }
    proxy::render(&settled, rendering);
    exposure::render(&settled, rendering);
    network::render(&settled, rendering);
    availability::render(&settled, rendering);
    certificates::tell(&settled, rendering);
    not_applied::tell(&settled, rendering);
    rendering.add_made_once(document, &registry);
}
