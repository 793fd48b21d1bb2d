use std::collections::BTreeSet;

use berth_config::nexus::{Database, PAGES_PORT};
use berth_config::sections::{NexusLdap, NexusRegistry};
use berth_config::value::{BlobstoreType, HttpUrl, JdbcUrl, NexusRepositoryType, Written};

use super::settled::Settled;
use crate::render::Rendering;
use crate::render::registry::Component;
use crate::render::workload::{self, Flows};

/// Where upstreams and object storage answer unless a URL says otherwise.
const HTTPS: u16 = 443;
/// Where PostgreSQL answers.
const POSTGRESQL: u16 = 5432;

/// Who may talk to Nexus, and with whom it may talk.
pub(super) fn network(component: &Component<'_>, settled: &Settled<'_>, rendering: &mut Rendering<'_>) {
    let connectors = settled.connectors.iter().map(|connector| connector.port);
    let flows = Flows {
        client_ports: connectors.chain([PAGES_PORT]).collect(),
        outside_ports: outside_ports(settled),
        ..Flows::default()
    };
    workload::flows(component, &flows, rendering);
}

fn outside_ports(settled: &Settled<'_>) -> BTreeSet<u16> {
    let nexus = settled.spec;
    let mut ports = BTreeSet::new();
    ports.extend(upstreams(nexus));
    let stores = nexus.storage.blobstores.iter();
    ports.extend(stores.filter_map(|store| match store.kind.value()? {
        BlobstoreType::S3 => Some(store.endpoint.as_deref().map_or(HTTPS, port_of_url)),
        BlobstoreType::Azure => Some(HTTPS),
        BlobstoreType::File | BlobstoreType::Group => None,
    }));
    if settled.database == Database::Postgresql {
        let url = nexus
            .database
            .as_ref()
            .and_then(|database| database.url.as_deref());
        let port = url.and_then(JdbcUrl::parse).and_then(|url| url.port);
        ports.insert(port.unwrap_or(POSTGRESQL));
    }
    if nexus.authentication.ldap.enabled {
        ports.insert(ldap_port(&nexus.authentication.ldap));
    }
    ports
}

/// Ports of the upstreams of proxies; the well-known ones all answer on 443.
fn upstreams(nexus: &NexusRegistry) -> BTreeSet<u16> {
    let of = |is_on: bool, url: Option<&Written<HttpUrl>>| {
        let port = url.and_then(Written::value).map_or(HTTPS, HttpUrl::port);
        is_on.then_some(port)
    };
    let formats = &nexus.repositories;
    let mut ports: BTreeSet<u16> = [&formats.maven, &formats.npm, &formats.helm]
        .into_iter()
        .filter_map(|it| of(it.proxy, it.remote_url.as_ref()))
        .collect();
    ports.extend(of(formats.docker.proxy, formats.docker.remote_url.as_ref()));
    ports.extend(formats.custom.iter().filter_map(|it| {
        let is_proxy = it.kind.value() == Some(&NexusRepositoryType::Proxy);
        of(is_proxy, it.remote_url.as_ref())
    }));
    ports
}

/// The port of an endpoint, with or without a scheme.
fn port_of_url(text: &str) -> u16 {
    let is_plain = text.starts_with("http://");
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or_default();
    let port = authority.rsplit_once(':').and_then(|(_, port)| port.parse().ok());
    port.unwrap_or(if is_plain { 80 } else { HTTPS })
}

/// By its own field, by the URL of the connection, else by the protocol.
fn ldap_port(ldap: &NexusLdap) -> u16 {
    let given = ldap.port.and_then(|port| u16::try_from(port).ok());
    let authority = ldap.connection.split_once("://").map_or("", |(_, rest)| rest);
    let authority = authority.split('/').next().unwrap_or_default();
    let written = authority.rsplit_once(':').and_then(|(_, port)| port.parse().ok());
    let is_secure = ldap.connection.starts_with("ldaps:") || ldap.protocol.as_deref() == Some("ldaps");
    given.or(written).unwrap_or(if is_secure { 636 } else { 389 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_of_ldap_is_the_given_one_or_its_protocol_s() {
        let of = |connection: &str, port: Option<i64>| {
            ldap_port(&NexusLdap {
                connection: connection.to_owned(),
                port,
                ..NexusLdap::default()
            })
        };
        assert_eq!(of("ldap://ldap.example.com/dc=a", None), 389);
        assert_eq!(of("ldaps://ldap.example.com", None), 636);
        assert_eq!(of("ldap://ldap.example.com:3890/dc=a", None), 3890);
        assert_eq!(of("ldap://ldap.example.com:3890/dc=a", Some(3891)), 3891);
    }

    #[test]
    fn the_port_of_an_endpoint_is_the_written_one_or_its_scheme_s() {
        assert_eq!(port_of_url("http://minio.svc:9000/a"), 9000);
        assert_eq!(port_of_url("http://minio.svc"), 80);
        assert_eq!(port_of_url("s3.example.com"), 443);
    }
}
