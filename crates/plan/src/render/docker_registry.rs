//! Docker's registry 2.8: one Deployment and what it needs.

mod authentication;
mod berth;
mod config;
mod deployment;
mod garbage_collection;
mod monitoring;
mod native;
mod network;
mod secrets;
mod service;
mod settled;

use berth_config::document::Document;
use berth_config::sections::DockerRegistry;
use berth_config::show::to_yaml;

use super::registry::{Component, Product, Registry};
use super::secret_parts::SecretParts;
use super::{Rendering, workload};
use crate::object::{ConfigMap, Deployment, Labels, Object};
pub use berth::BERTH_IMAGE;
use settled::Settled;

pub(super) use native::on_host;

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
    let parts = if settled.is_berth() {
        berth::tell(&settled, rendering);
        berth::gather(&settled, rendering)
    } else {
        secrets::gather(&settled, rendering)
    };
    workload::service_account(&registry, rendering);
    let checksums = configuration(&component, &settled, &parts, rendering);
    if settled.keeps_files() {
        workload::claim(&component, settled.data, rendering);
    }
    deployment::deployment(&component, &settled, &parts, checksums, rendering);
    if !settled.is_berth() {
        garbage_collection::render(&component, &settled, &parts, rendering);
    }
    service::services(&component, &settled, rendering);
    network::network(&component, &settled, rendering);
    workload::budget(&component, settled.fewest_replicas() < 2, rendering);
    if settled.is_scaled() {
        workload::scaler::<Deployment>(&component, rendering);
    }
    monitoring::monitoring(&component, &settled, rendering);
    rendering.add_made_once(document, &registry);
}

/// The configuration and the secrets; gives their checksums, so that pods follow them.
fn configuration(
    component: &Component<'_>,
    settled: &Settled<'_>,
    parts: &SecretParts<'_>,
    rendering: &mut Rendering<'_>,
) -> Labels {
    let (file, config) = if settled.is_berth() {
        (berth::CONFIG_FILE, berth::document(settled))
    } else {
        (CONFIG_FILE, config::config(settled))
    };
    let config = to_yaml(&config.into());
    let mut checksums = Labels::from([("berth.dev/checksum-config".to_owned(), workload::of_text(&config))]);
    let config_map = ConfigMap::of(file, config);
    rendering.add(
        settled.document,
        Object::new(component.metadata_of("config"), &config_map),
    );
    if let Some(secret) = parts.object() {
        rendering.add(settled.document, secret);
        if let Some(key) = rendering.checksum_key(settled.registry) {
            let digest = workload::of_secrets(parts, &key);
            checksums.insert("berth.dev/checksum-secrets".to_owned(), digest);
        }
    }
    checksums
}
