//! Nexus 3.68: one pod with its own database, or with a licence several that share PostgreSQL.

mod database;
mod native;
mod network;
mod options;
mod properties;
mod secrets;
mod service;
mod settled;
mod stateful_set;
mod watched;

use berth_config::document::Document;
use berth_config::nexus::{BUILT_IN, repositories};
use berth_config::sections::NexusRegistry;

use super::registry::{Component, Product, Registry};
use super::{Rendering, left_to_api, workload};
use crate::object::{ConfigMap, Object, StatefulSet};
use settled::{Layout, Settled};

pub(super) use native::on_host;

const PRODUCT: Product = Product {
    framework: "nexus",
    managed: "nexus.io/managed",
};

/// The one component.
const COMPONENT: &str = "nexus";

/// Renders a Nexus.
pub(super) fn render(document: &Document, spec: &NexusRegistry, rendering: &mut Rendering<'_>) {
    let Some(registry) = Registry::of(document, PRODUCT) else {
        return;
    };
    let persistence = spec.persistence.clone().unwrap_or_default();
    let settled = Settled::of(&registry, spec, &persistence, rendering);
    let component = Component::main(&registry, COMPONENT);
    let mut parts = secrets::gather(&settled, rendering);
    let told = watched::measured(&settled);
    workload::metrics_of_user(&component, told, &mut parts, rendering);
    workload::service_account(&registry, rendering);
    let config = ConfigMap {
        data: properties::files(&settled),
    };
    let checksums = workload::checksums(&registry, &config, &parts, rendering);
    rendering.add(document, Object::new(component.metadata_of("config"), &config));
    if let Some(secret) = parts.object() {
        rendering.add(document, secret);
    }
    if settled.layout() != Layout::PerPod {
        workload::claim(&component, settled.data, rendering);
    }
    database::render(&component, &settled, &parts, rendering);
    stateful_set::stateful_set(&component, &settled, &parts, checksums, rendering);
    service::services(&component, &settled, rendering);
    network::network(&component, &settled, rendering);
    workload::budget(&component, !settled.is_clustered(), rendering);
    if settled.is_scaled() {
        workload::scaler::<StatefulSet>(&component, rendering);
    }
    let missing: Vec<String> = repositories(spec)
        .into_iter()
        .map(|repository| repository.name)
        .filter(|name| !BUILT_IN.contains(&name.as_str()))
        .collect();
    left_to_api::tell(&registry, &missing, rendering);
    rendering.add_made_once(document, &registry);
}
