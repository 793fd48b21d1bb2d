//! Nexus on a host: its settings in the data folder, its environment, and the file of its database.

use std::fmt::Write as _;

use berth_config::document::Document;
use berth_config::sections::NexusRegistry;

use super::PRODUCT;
use super::properties::{self, PROPERTIES};
use super::secrets::{self, LICENSE, MORE_PROPERTIES};
use super::settled::Settled;
use super::stateful_set;
use crate::native::Host;
use crate::object::EnvVar;
use crate::output::OutputFile;
use crate::render::Rendering;
use crate::render::registry::Registry;
use crate::render::site::Site;

/// Files in the data folder.
const STORE: &str = "data/etc/fabric/nexus-store.properties";
const LEVELS: &str = "data/etc/logback";
/// What the file of the database says in the place of these variables.
const OF_STORE: [(&str, &str); 3] = [
    ("NEXUS_DATASTORE_NEXUS_JDBCURL", "jdbcUrl"),
    ("NEXUS_DATASTORE_NEXUS_USERNAME", "username"),
    (secrets::DATABASE_PASSWORD, "password"),
];
/// Fields that a host has nothing for.
const OF_PODS: [&str; 3] = ["image", "version", "metrics"];

/// What a Nexus reads on a host, below a folder. `data` there stands for the data folder.
pub(in crate::render) fn on_host(
    document: &Document,
    spec: &NexusRegistry,
    folder: &str,
    rendering: &mut Rendering<'_>,
) -> Vec<OutputFile> {
    let site = Site::Host(format!("{folder}/{}", document.base_name));
    let Some(registry) = Registry::on(site, document, PRODUCT) else {
        return Vec::new();
    };
    let persistence = spec.persistence.clone().unwrap_or_default();
    let settled = Settled::of(&registry, spec, &persistence, rendering);
    let parts = secrets::gather(&settled, rendering);
    let mut host = Host::new(&registry);
    let mut files = properties::files(&settled);
    let mut settings = files.remove(PROPERTIES).unwrap_or_default();
    // The document's own settings may hold what nobody should read.
    let more = parts.values().find(|(key, _)| *key == MORE_PROPERTIES);
    let name = format!("data/etc/{PROPERTIES}");
    if let Some((_, more)) = more {
        settings.push_str(more.reveal());
        host.secret_file(&name, settings);
    } else {
        host.file(&name, settings);
    }
    for (name, text) in files {
        host.file(&format!("{LEVELS}/{name}"), text);
    }
    if let Some((_, at)) = parts.file_keys().find(|(file, _)| *file == LICENSE) {
        host.secret_of(&format!("secrets/{LICENSE}"), &at, &parts, rendering);
    }
    let variables = stateful_set::environment(&settled, &parts);
    let variables = host.variables(&variables, &parts, rendering);
    store(&variables, &mut host);
    let variables: Vec<EnvVar> = rest(variables);
    host.environment("nexus.env", &variables, &parts, rendering);
    registry.tell_pods_only(&OF_PODS, rendering);
    host.finish(rendering)
}

/// The file of the database, where it isn't Nexus' own.
fn store(variables: &[(String, String)], host: &mut Host<'_>) {
    let mut text = String::new();
    for (variable, key) in OF_STORE {
        let value = variables.iter().find(|(name, _)| name == variable);
        if let Some((_, value)) = value {
            // Writing to a string doesn't fail.
            let _ = writeln!(text, "{key}={}", secrets::escaped(value, false));
        }
    }
    if !text.is_empty() {
        host.secret_file(STORE, format!("name=nexus\ntype=jdbc\n{text}"));
    }
}

/// The variables that stay: on a host nobody puts one into another.
fn rest(variables: Vec<(String, String)>) -> Vec<EnvVar> {
    let more = variables
        .iter()
        .find(|(name, _)| name == super::options::MORE)
        .map(|(_, value)| value.clone())
        .unwrap_or_default();
    let place = format!("$({})", super::options::MORE);
    variables
        .into_iter()
        .filter(|(name, _)| name != super::options::MORE)
        .filter(|(name, _)| OF_STORE.iter().all(|(variable, _)| name != variable))
        .map(|(name, value)| EnvVar::plain(name, value.replace(&place, &more)))
        .collect()
}
