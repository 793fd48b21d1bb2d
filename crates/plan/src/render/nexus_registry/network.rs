use berth_config::nexus::{Database, PAGES_PORT};
use berth_config::sections::{NexusBlobstore, NexusLdap, NexusRegistry};
use berth_config::value::{BlobstoreType, HttpUrl, JdbcUrl, NexusRepositoryType, Written};

use super::database;
use super::settled::Settled;
use crate::render::Rendering;
use crate::render::registry::Component;
use crate::render::workload::{self, Destination, Flows, OwnDatabase};

/// Where upstreams and object storage answer unless a URL says otherwise.
const HTTPS: u16 = 443;

/// Who may talk to Nexus, and with whom it may talk.
pub(super) fn network(component: &Component<'_>, settled: &Settled<'_>, rendering: &mut Rendering<'_>) {
    let connectors = settled.connectors.iter().map(|connector| connector.port);
    let flows = Flows {
        client_ports: connectors.chain([PAGES_PORT]).collect(),
        components: database::own(settled).iter().map(OwnDatabase::at).collect(),
        destinations: destinations(settled),
        ..Flows::default()
    };
    workload::flows(component, &flows, rendering);
}

fn destinations(settled: &Settled<'_>) -> Vec<Destination> {
    let nexus = settled.spec;
    let mut asked = upstreams(nexus);
    asked.extend(nexus.storage.blobstores.iter().flat_map(object_store));
    if settled.database == Database::Postgresql && database::own(settled).is_none() {
        let url = nexus
            .database
            .as_ref()
            .and_then(|database| database.url.as_deref());
        let url = url.and_then(JdbcUrl::parse);
        let address = url.and_then(|url| Some((url.host?.to_owned(), url.port?)));
        asked.extend(address.map(|(host, port)| Destination::Host(host, port)));
    }
    if nexus.authentication.ldap.enabled {
        asked.push(ldap(&nexus.authentication.ldap));
    }
    asked
}

fn object_store(store: &NexusBlobstore) -> Vec<Destination> {
    match store.kind.value() {
        Some(BlobstoreType::S3) => {
            let region = store.region.as_deref().unwrap_or_default();
            let mut asked = vec![store.endpoint.as_deref().map_or_else(
                || Destination::Host(format!("s3.{region}.amazonaws.com"), HTTPS),
                |endpoint| Destination::of_endpoint(endpoint, HTTPS),
            )];
            if store
                .access_key_id
                .as_ref()
                .is_none_or(berth_config::value::SecretValue::is_empty)
            {
                asked.push(Destination::CloudMetadata);
            }
            asked
        }
        Some(BlobstoreType::Azure) => {
            let account = store.account_name.as_deref().unwrap_or_default();
            vec![Destination::Host(
                format!("{account}.blob.core.windows.net"),
                HTTPS,
            )]
        }
        Some(BlobstoreType::File | BlobstoreType::Group) | None => Vec::new(),
    }
}

/// The upstreams of proxies: those that are declared, and those that everybody means.
fn upstreams(nexus: &NexusRegistry) -> Vec<Destination> {
    let of = |is_on: bool, url: Option<&Written<HttpUrl>>, known: &str| {
        let declared = url.and_then(Destination::of_url);
        is_on.then(|| declared.unwrap_or_else(|| Destination::Host(known.to_owned(), HTTPS)))
    };
    let formats = &nexus.repositories;
    let docker = &formats.docker;
    let mut asked: Vec<Destination> = of(docker.proxy, docker.remote_url.as_ref(), "registry-1.docker.io")
        .into_iter()
        .collect();
    for (it, known) in [
        (&formats.maven, "repo1.maven.org"),
        (&formats.npm, "registry.npmjs.org"),
        (&formats.helm, "charts.invalid"),
    ] {
        asked.extend(of(it.proxy, it.remote_url.as_ref(), known));
    }
    asked.extend(formats.custom.iter().filter_map(|it| {
        let is_proxy = it.kind.value() == Some(&NexusRepositoryType::Proxy);
        of(is_proxy, it.remote_url.as_ref(), "upstream.invalid")
    }));
    asked
}

/// By fields of their own, by the URL of the connection, else by the protocol.
fn ldap(ldap: &NexusLdap) -> Destination {
    let is_secure = ldap.connection.starts_with("ldaps:") || ldap.protocol.as_deref() == Some("ldaps");
    let written = Destination::of_endpoint(&ldap.connection, if is_secure { 636 } else { 389 });
    let Destination::Host(host, port) = written else {
        return written;
    };
    let given = ldap.port.and_then(|port| u16::try_from(port).ok());
    let host = ldap.host.clone().filter(|host| !host.is_empty()).unwrap_or(host);
    Destination::Host(host, given.unwrap_or(port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_server_of_ldap_is_the_given_one_or_its_url_s() {
        let of = |connection: &str, port: Option<i64>| {
            ldap(&NexusLdap {
                connection: connection.to_owned(),
                port,
                ..NexusLdap::default()
            })
        };
        let at = |port| Destination::Host("ldap.example.com".to_owned(), port);
        assert_eq!(of("ldap://ldap.example.com/dc=a", None), at(389));
        assert_eq!(of("ldaps://ldap.example.com", None), at(636));
        assert_eq!(of("ldap://ldap.example.com:3890/dc=a", None), at(3890));
        assert_eq!(of("ldap://ldap.example.com:3890/dc=a", Some(3891)), at(3891));
    }
}
