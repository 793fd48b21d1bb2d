//! Artifactory 7.84: all its services in one container, on a database outside of the pod.

mod database;
mod filestore;
mod native;
mod network;
mod prepare;
mod secrets;
mod service;
mod settled;
mod stateful_set;
mod system;
mod watched;

use berth_config::artifactory::packages;
use berth_config::document::Document;
use berth_config::sections::ArtifactoryRegistry;
use berth_config::show::to_yaml;

use super::registry::{Component, Product, Registry};
use super::{Rendering, left_to_api, workload};
use crate::object::{ConfigMap, Object, StatefulSet};
use settled::{Layout, Settled};

pub(super) use native::on_host;

const PRODUCT: Product = Product {
    framework: "artifactory",
    managed: "artifactory.io/managed",
};

/// The one component.
const COMPONENT: &str = "artifactory";

/// Renders an Artifactory.
pub(super) fn render(document: &Document, spec: &ArtifactoryRegistry, rendering: &mut Rendering<'_>) {
    let Some(registry) = Registry::of(document, PRODUCT) else {
        return;
    };
    let persistence = spec.persistence.clone().unwrap_or_default();
    let settled = Settled::of(&registry, spec, &persistence, rendering);
    let component = Component::main(&registry, COMPONENT);
    let mut parts = secrets::gather(&settled, rendering);
    workload::metrics_of_user(&component, watched::measured(), &mut parts, rendering);
    workload::service_account(&registry, rendering);
    let config = config(&settled);
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
    workload::budget(&component, !settled.is_clustered, rendering);
    if settled.is_scaled() {
        workload::scaler::<StatefulSet>(&component, rendering);
    }
    left_to_api::tell(&registry, &repositories(&settled), rendering);
    rendering.add_made_once(document, &registry);
}

/// The files that hold no secrets.
fn config(settled: &Settled<'_>) -> ConfigMap {
    let mut config = ConfigMap::of(system::FILE, to_yaml(&system::system(settled).into()));
    let binary_store = filestore::binary_store(settled);
    config
        .data
        .extend(binary_store.map(|text| (filestore::FILE.to_owned(), text)));
    config
}

/// The keys of the repositories that the edition can have.
fn repositories(settled: &Settled<'_>) -> Vec<String> {
    let declared = &settled.spec.repositories;
    let mut keys = Vec::new();
    for (package, it) in packages(declared)
        .into_iter()
        .filter(|(package, _)| settled.has_package(package))
    {
        let classes = [
            (it.local, "local"),
            (it.remote, "remote"),
            (it.virtual_, "virtual"),
        ];
        let wanted = classes.into_iter().filter(|(is_on, _)| *is_on);
        keys.extend(wanted.map(|(_, class)| format!("{package}-{class}")));
    }
    let custom = declared
        .custom
        .iter()
        .filter(|it| settled.has_package(&it.package_type));
    keys.extend(custom.map(|it| it.key.clone()));
    keys
}
