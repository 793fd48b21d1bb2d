//! Artifactory on a host: its settings and keys below `var`, and its environment.

use berth_config::document::Document;
use berth_config::sections::ArtifactoryRegistry;

use super::secrets::{self, JOIN_KEY, MASTER_KEY};
use super::settled::Settled;
use super::{PRODUCT, config, filestore, prepare, stateful_set, system};
use crate::native::Host;
use crate::object::{EnvVar, KeySelector};
use crate::output::OutputFile;
use crate::render::Rendering;
use crate::render::registry::Registry;
use crate::render::secret_parts::SecretParts;
use crate::render::site::Site;

/// Fields that a host has nothing for.
const OF_PODS: [&str; 2] = ["image", "version"];
/// What speaks of pods alone.
const OF_THE_POD: &str = "SKIP_WAIT_FOR_EXTERNAL_DB";

/// What an Artifactory reads on a host, below a folder. `var` there stands for the one of its own.
pub(in crate::render) fn on_host(
    document: &Document,
    spec: &ArtifactoryRegistry,
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
    let mut config = config(&settled).data;
    let settings = config.remove(system::FILE).unwrap_or_default();
    host.file(&format!("var/etc/{}", system::FILE), settings);
    let value = |file: &str, host: &mut Host<'_>, rendering: &mut Rendering<'_>| {
        let at = at(file, &parts)?;
        let value = host.value(&at, &parts, rendering)?;
        Some(value.reveal().to_owned())
    };
    if let Some(mut xml) = config.remove(filestore::FILE) {
        let mut is_secret = false;
        for (file, place) in [
            (prepare::IDENTITY, filestore::IDENTITY),
            (prepare::CREDENTIAL, filestore::CREDENTIAL),
        ] {
            if let Some(value) = value(file, &mut host, rendering) {
                is_secret = true;
                xml = xml.replacen(place, &filestore::escaped(value.trim_end_matches('\n')), 1);
            }
        }
        let name = format!("var/etc/artifactory/{}", filestore::FILE);
        if is_secret {
            host.secret_file(&name, xml);
        } else {
            host.file(&name, xml);
        }
    }
    for (file, name) in [
        (MASTER_KEY, "var/etc/security/master.key"),
        (JOIN_KEY, "var/bootstrap/access/etc/security/join.key"),
    ] {
        if let Some(key) = value(file, &mut host, rendering) {
            host.secret_file(name, key);
        }
    }
    if let Some(password) = value(prepare::ADMIN_PASSWORD, &mut host, rendering) {
        let line = format!("admin@127.0.0.1={}\n", password.trim_end_matches('\n'));
        host.secret_file("var/etc/access/bootstrap.creds", line);
    }
    let licenses = (0..spec.licenses.len())
        .filter_map(|index| value(&secrets::license(index), &mut host, rendering))
        .map(|license| format!("{license}\n\n"));
    let licenses: String = licenses.collect();
    if !licenses.is_empty() {
        let name = format!("var/etc/artifactory/{}", prepare::license(&settled));
        host.secret_file(&name, licenses);
    }
    let variables = variables(&settled, &parts);
    host.environment("artifactory.env", &variables, &parts, rendering);
    registry.tell_pods_only(&OF_PODS, rendering);
    host.finish(rendering)
}

/// Where the content of a file of secrets lies.
fn at(file: &str, parts: &SecretParts<'_>) -> Option<KeySelector> {
    let found = parts.file_keys().find(|(there, _)| *there == file);
    found.map(|(_, at)| at)
}

/// The variables of the pod, with the host's own name for it.
fn variables(settled: &Settled<'_>, parts: &SecretParts<'_>) -> Vec<EnvVar> {
    stateful_set::environment(settled, parts)
        .into_iter()
        .filter(|variable| variable.name != OF_THE_POD)
        .map(|variable| {
            let is_of_pod = variable
                .value_from
                .as_ref()
                .is_some_and(|source| source.field_ref.is_some());
            if is_of_pod {
                EnvVar::plain(variable.name, settled.registry.name)
            } else {
                variable
            }
        })
        .collect()
}
