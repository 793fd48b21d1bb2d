use std::collections::BTreeSet;

use berth_config::artifactory::packages;
use berth_config::sections::ArtifactoryFilestore;
use berth_config::value::{RepositoryClass, SecretValue};

use super::settled::Settled;
use super::{database, nginx, prepare, service};
use crate::render::Rendering;
use crate::render::registry::Component;
use crate::render::workload::{self, Destination, Flows, OwnDatabase};

/// Where upstreams and object storage answer unless a URL says otherwise.
const HTTPS: u16 = 443;

/// The ports by which nodes and their services find each other.
const NODES: [u16; 10] = [8046, 8047, 8049, 8061, 8070, 8081, 8082, 8086, 8091, 10001];

/// Who may talk to Artifactory, and with whom it may talk.
pub(super) fn network(component: &Component<'_>, settled: &Settled<'_>, rendering: &mut Rendering<'_>) {
    let doors = BTreeSet::from([service::ROUTER_PORT, service::ARTIFACTORY_PORT]);
    let nginx = settled.has_nginx().then(|| nginx::component(settled.registry));
    let metrics = settled.registry.workload.metrics;
    let is_watched = metrics.is_some_and(|metrics| metrics.enabled) && nginx.is_some();
    let flows = Flows {
        client_ports: if nginx.is_some() { BTreeSet::new() } else { doors },
        callers: nginx
            .iter()
            .map(|nginx| (nginx.selector().into(), service::ROUTER_PORT))
            .collect(),
        monitoring_ports: is_watched.then_some(service::ROUTER_PORT).into_iter().collect(),
        own_ports: if settled.is_clustered {
            NODES.into()
        } else {
            BTreeSet::new()
        },
        components: database::own(settled).iter().map(OwnDatabase::at).collect(),
        destinations: destinations(settled),
        ..Flows::default()
    };
    workload::flows(component, &flows, rendering);
}

fn destinations(settled: &Settled<'_>) -> Vec<Destination> {
    let spec = settled.spec;
    let declared = &spec.repositories;
    let upstream = |known: &str| Destination::Host(known.to_owned(), HTTPS);
    let remote = packages(declared).into_iter();
    let remote = remote.filter(|(package, it)| it.remote && settled.has_package(package));
    let mut asked: Vec<Destination> = remote
        .map(|(package, it)| {
            let url = it.remote_url.as_ref().and_then(Destination::of_url);
            url.unwrap_or_else(|| upstream(known(package)))
        })
        .collect();
    let custom = declared
        .custom
        .iter()
        .filter(|it| it.rclass.value() == Some(&RepositoryClass::Remote));
    asked.extend(custom.filter_map(|it| Destination::of_url(it.url.as_ref()?)));
    if database::own(settled).is_none() {
        let address = prepare::database_address(settled);
        asked.extend(address.map(|(host, port)| Destination::Host(host, port)));
    }
    asked.extend(spec.filestore.iter().flat_map(file_store));
    asked.extend(sign_in(settled));
    asked
}

/// The upstream that everybody means.
fn known(package: &str) -> &'static str {
    match package {
        "docker" => "registry-1.docker.io",
        "maven" => "repo1.maven.org",
        "npm" => "registry.npmjs.org",
        _ => "upstream.invalid",
    }
}

fn file_store(store: &ArtifactoryFilestore) -> Vec<Destination> {
    if ["", "file-system", "cluster-file-system", "nfs"].contains(&store.kind.as_str()) {
        return Vec::new();
    }
    let mut asked = vec![store.endpoint.as_deref().map_or_else(
        || Destination::Host("objects.invalid".to_owned(), HTTPS),
        |endpoint| Destination::of_endpoint(endpoint, HTTPS),
    )];
    if store.identity.as_ref().is_none_or(SecretValue::is_empty) {
        asked.push(Destination::CloudMetadata);
    }
    asked
}

/// Providers of OAuth that Artifactory itself asks; with SAML only browsers do.
fn sign_in(settled: &Settled<'_>) -> Vec<Destination> {
    let oauth = &settled.spec.authentication.oauth;
    if settled.is_free() || !oauth.enabled {
        return Vec::new();
    }
    let urls = oauth.providers.iter().flat_map(|it| [&it.api_url, &it.token_url]);
    urls.filter_map(|url| Destination::of_url(url.as_ref()?))
        .collect()
}
