use berth_config::value::StorageDriver;

use super::settled::Settled;
use crate::render::Rendering;
use crate::render::registry::Component;
use crate::render::workload::{self, Destination, Flows};

/// Who talks to a registry, and whom it asks: its store, Redis, who is told of events, what it is a cache of.
pub(super) fn network(component: &Component<'_>, settled: &Settled<'_>, rendering: &mut Rendering<'_>) {
    let flows = Flows {
        client_ports: [settled.port].into(),
        monitoring_ports: settled.metrics.iter().map(|metrics| metrics.port).collect(),
        destinations: destinations(settled),
        ..Flows::default()
    };
    workload::flows(component, &flows, rendering);
}

/// Whom the store's driver asks.
pub(super) fn store(settled: &Settled<'_>) -> Vec<Destination> {
    let storage = &settled.spec.storage;
    match settled.driver {
        StorageDriver::Filesystem | StorageDriver::Inmemory => Vec::new(),
        StorageDriver::S3 => {
            let s3 = &storage.s3;
            let endpoint = s3
                .regionendpoint
                .as_deref()
                .filter(|endpoint| !endpoint.is_empty());
            let mut asked = vec![endpoint.map_or_else(
                || Destination::Host(format!("s3.{}.amazonaws.com", s3.region), 443),
                |endpoint| Destination::of_endpoint(endpoint, if s3.secure { 443 } else { 80 }),
            )];
            if s3.accesskey.is_empty() {
                asked.push(Destination::CloudMetadata);
            }
            asked
        }
        StorageDriver::Azure => {
            let azure = storage.azure.clone().unwrap_or_default();
            let realm = azure.realm.as_deref().unwrap_or("core.windows.net");
            vec![Destination::Host(
                format!("{}.blob.{realm}", azure.accountname),
                443,
            )]
        }
        StorageDriver::Gcs => {
            let gcs = storage.gcs.as_ref();
            let mut asked = vec![Destination::Host("storage.googleapis.com".to_owned(), 443)];
            if gcs.is_none_or(|gcs| {
                gcs.keyfile
                    .as_ref()
                    .is_none_or(berth_config::value::SecretValue::is_empty)
            }) {
                asked.push(Destination::CloudMetadata);
            }
            asked
        }
        // The identity service tells where the store is.
        StorageDriver::Swift => {
            let swift = storage.swift.clone().unwrap_or_default();
            let store = Destination::Host("swift.invalid".to_owned(), 443);
            Destination::of_url(&swift.authurl)
                .into_iter()
                .chain([store])
                .collect()
        }
        StorageDriver::Oss => {
            let oss = storage.oss.clone().unwrap_or_default();
            let endpoint = oss
                .endpoint
                .unwrap_or_else(|| format!("{}.aliyuncs.com", oss.region));
            vec![Destination::of_endpoint(
                &endpoint,
                if oss.secure == Some(false) { 80 } else { 443 },
            )]
        }
    }
}

fn destinations(settled: &Settled<'_>) -> Vec<Destination> {
    let spec = settled.spec;
    let mut asked = store(settled);
    asked.extend(spec.redis.iter().filter_map(|redis| {
        let addr = redis.addr.value()?;
        Some(Destination::Host(addr.host().to_owned(), addr.port()))
    }));
    let endpoints = spec
        .notifications
        .endpoints
        .iter()
        .filter(|endpoint| !endpoint.disabled);
    asked.extend(endpoints.filter_map(|endpoint| Destination::of_url(&endpoint.url)));
    asked.extend(
        spec.proxy
            .iter()
            .filter_map(|proxy| Destination::of_url(&proxy.remoteurl)),
    );
    if let Some(health) = &spec.health {
        asked.extend(
            health
                .http
                .iter()
                .filter_map(|check| Destination::of_url(&check.uri)),
        );
        asked.extend(health.tcp.iter().filter_map(|check| {
            let addr = check.addr.value()?;
            Some(Destination::Host(addr.host().to_owned(), addr.port()))
        }));
    }
    let ranges = spec
        .middleware
        .storage
        .iter()
        .filter(|middleware| !middleware.disabled);
    asked.extend(
        ranges.filter_map(|middleware| Destination::of_url(middleware.options.iprangesurl.as_ref()?)),
    );
    if settled.uses_letsencrypt() {
        asked.push(Destination::Host("acme-v02.api.letsencrypt.org".to_owned(), 443));
    }
    asked
}
