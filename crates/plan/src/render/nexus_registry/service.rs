use std::borrow::Cow;

use berth_config::nexus::{Connector, Format, PAGES_PORT, repositories};

use super::settled::Settled;
use crate::object::ContainerPort;
use crate::render::registry::Component;
use crate::render::workload::{self, Door};
use crate::render::{Rendering, codes};

/// The name of the port of the web pages and the API.
pub(super) const PAGES: &str = "http";

/// A connector's port in pods.
pub(super) fn container_port(connector: &Connector) -> ContainerPort {
    ContainerPort {
        name: port_name(connector),
        container_port: connector.port,
        protocol: "TCP",
    }
}

/// The Services, and the ways in from outside: the pages by the declared host, each Docker repository by a host of its
/// own, because Docker clients know no paths.
pub(super) fn services(component: &Component<'_>, settled: &Settled<'_>, rendering: &mut Rendering<'_>) {
    let doors = doors(settled);
    workload::door_service(component, &doors, rendering);
    workload::headless(component, (PAGES, PAGES_PORT, Some("http")), rendering);
    let mut hosts: Vec<Door> = Vec::new();
    for door in doors.into_iter().chain(subdomains(settled)) {
        // A repository with ports for http and https is reached by the former: TLS ends before it.
        let is_known = hosts.iter().any(|known| known.host_prefix == door.host_prefix);
        if !is_known {
            hosts.push(door);
        }
    }
    tell(settled, &hosts, rendering);
    workload::door_ways_in(component, &hosts, (&settled.path("/"), None), rendering);
}

fn doors(settled: &Settled<'_>) -> Vec<Door> {
    let pages = Door {
        name: PAGES.into(),
        port: PAGES_PORT,
        is_https: false,
        host_prefix: None,
    };
    let connectors = settled.connectors.iter().map(|connector| Door {
        name: port_name(connector),
        port: connector.port,
        is_https: connector.is_https,
        host_prefix: Some(host_label(&connector.repository)),
    });
    std::iter::once(pages).chain(connectors).collect()
}

/// Repositories that Nexus Pro tells apart by the host alone.
fn subdomains(settled: &Settled<'_>) -> impl Iterator<Item = Door> {
    let all = repositories(settled.spec).into_iter();
    let named = all
        .filter(|repository| repository.format == Format::Docker)
        .filter_map(|repository| {
            let subdomain = repository.connector?.subdomain.as_ref()?;
            Some(subdomain.clone())
        });
    named.map(|subdomain| Door {
        name: PAGES.into(),
        port: PAGES_PORT,
        is_https: false,
        host_prefix: Some(subdomain),
    })
}

/// `docker-8082`: as unique as the port, and no longer than a port's name may be.
fn port_name(connector: &Connector) -> Cow<'static, str> {
    format!("docker-{}", connector.port).into()
}

/// The name of a repository as a part of a host name.
fn host_label(repository: &str) -> String {
    let label: String = repository
        .to_ascii_lowercase()
        .chars()
        .map(|letter| {
            if letter.is_ascii_alphanumeric() {
                letter
            } else {
                '-'
            }
        })
        .collect();
    label.trim_matches('-').to_owned()
}

fn tell(settled: &Settled<'_>, hosts: &[Door], rendering: &mut Rendering<'_>) {
    for connector in settled.connectors.iter().filter(|connector| connector.is_https) {
        let message = format!(
            "Nexus speaks TLS on port {} only with a key store in its data folder, which nothing makes",
            connector.port
        );
        rendering
            .tell(settled.document, &connector.path, codes::RN_008, message)
            .help("give the repository an `httpPort`, and end TLS at the Ingress");
    }
    let exposure = settled.registry.workload.exposure;
    let host = exposure.and_then(|it| {
        let ingress = it.ingress.as_ref().map(|ingress| ingress.host.as_str());
        ingress.or_else(|| it.gateway.as_ref().map(|gateway| gateway.host.as_str()))
    });
    let prefixes: Vec<String> = hosts
        .iter()
        .filter_map(|door| Some(format!("{}.{}", door.host_prefix.as_ref()?, host?)))
        .collect();
    if !prefixes.is_empty() {
        let message = format!(
            "Docker clients come in by hosts of their own: {}",
            prefixes.join(", ")
        );
        rendering
            .tell(settled.document, "exposure", codes::RN_009, message)
            .help("let DNS and the certificate name them too, such as by a wildcard");
    }
}
