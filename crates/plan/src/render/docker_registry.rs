//! Docker's registry 2.8: one Deployment and what it needs.

mod authentication;
mod config;
mod deployment;
mod secrets;
mod service;
mod settled;

use berth_config::document::Document;
use berth_config::sections::DockerRegistry;
use berth_config::show::to_yaml;

use super::registry::{Component, Product, Registry};
use super::{Rendering, workload};
use crate::object::{ConfigMap, Object};
use settled::Settled;

const PRODUCT: Product = Product {
    framework: "docker-registry",
    managed: "registry.io/managed",
};

/// The one component.
const COMPONENT: &str = "registry";

/// The name of the configuration in its ConfigMap, and of its file.
const CONFIG_FILE: &str = "config.yml";

/// Renders a Docker registry.
pub(super) fn render(document: &Document, spec: &DockerRegistry, rendering: &mut Rendering<'_>) {
    let Some(registry) = Registry::of(document, PRODUCT) else {
        return;
    };
    let settled = Settled::of(&registry, spec, rendering);
    let component = Component::main(&registry, COMPONENT);
    let parts = secrets::gather(&settled, rendering);
    let config = to_yaml(&config::config(&settled).into());
    workload::service_account(&registry, rendering);
    let config_map = ConfigMap::of(CONFIG_FILE, config.clone());
    rendering.add(
        document,
        Object::new(component.metadata_of("config"), &config_map),
    );
    let made_once_key = rendering.checksum_key(&registry);
    if let Some(secret) = parts.object() {
        rendering.add(document, secret);
    }
    if settled.keeps_files() {
        workload::claim(&component, settled.data, rendering);
    }
    let mut checksums = vec![("checksum/config", workload::of_text(&config))];
    checksums.extend(made_once_key.map(|key| ("checksum/secrets", workload::of_secrets(&parts, &key))));
    deployment::deployment(&component, &settled, &parts, checksums, rendering);
    service::service(&component, &settled, rendering);
    rendering.add_made_once(document, &registry);
}
