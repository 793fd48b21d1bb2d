use berth_config::document::Document;
use berth_config::sections::{Autoscaling, DockerRegistry, DockerTokenAuth};
use berth_config::value::{BlobDescriptorCache, Engine, HostPort, StorageDriver};

use super::authentication::{self, Authentication};
use super::secrets::{BUNDLE, FOLDER};
use crate::render::Rendering;
use crate::render::registry::Registry;
use crate::render::site::Site;
use crate::render::workload::DataVolume;

/// A Docker registry with all that is to be decided before its objects can be drawn.
pub(super) struct Settled<'a> {
    pub(super) document: &'a Document,
    pub(super) registry: &'a Registry<'a>,
    pub(super) spec: &'a DockerRegistry,
    /// The address to listen on: in a pod always of all interfaces, for a Service must reach it.
    pub(super) address: String,
    /// Its port.
    pub(super) port: u16,
    /// Where the images are kept.
    pub(super) driver: StorageDriver,
    /// The folder of the images, where they are kept in one: the volume's mount.
    pub(super) root: String,
    /// The volume.
    pub(super) data: DataVolume<'a>,
    /// Who is let in.
    pub(super) authentication: Authentication<'a>,
    /// The URL that it tells clients, where it tells one.
    pub(super) host: Option<String>,
    /// Whether Location headers hold no host, where it is said.
    pub(super) relative_urls: Option<bool>,
    /// What it tells of itself, where it does.
    pub(super) metrics: Option<Metrics>,
    /// How long a pod may take to stop, in seconds.
    pub(super) grace_seconds: i64,
    /// How long it waits for open requests when it stops.
    pub(super) drain: String,
}

/// The port with metrics and profiles.
pub(super) struct Metrics {
    /// The port.
    pub(super) port: u16,
    /// The address to listen on, with that port.
    pub(super) address: String,
    /// Whether there are metrics for Prometheus.
    pub(super) prometheus: bool,
    /// Their path.
    pub(super) path: String,
}

/// Where the images are where the document names no absolute folder.
const ROOT: &str = "/var/lib/registry";

/// How long a pod may take to stop where the document doesn't say, in seconds: a large layer may be on its way.
const GRACE_SECONDS: i64 = 60;

/// The port and the path of metrics where the document doesn't say.
const METRICS: (u16, &str) = (5001, "/metrics");

impl<'a> Settled<'a> {
    pub(super) fn of(
        registry: &'a Registry<'a>,
        spec: &'a DockerRegistry,
        rendering: &mut Rendering<'_>,
    ) -> Self {
        let listen = spec.http.addr.value().cloned().unwrap_or_default();
        let port = match listen.port() {
            0 => HostPort::default().port(),
            port => port,
        };
        let on_host = registry.site.is_host();
        let host = if listen.is_any() || on_host {
            listen.host()
        } else {
            ""
        };
        let address = if host.is_empty() {
            format!(":{port}")
        } else {
            listen.at(port).authority()
        };
        let root = spec.storage.filesystem.rootdirectory.as_str();
        let grace_seconds = registry
            .workload
            .termination_grace_period_seconds
            .unwrap_or(GRACE_SECONDS);
        let external = registry.workload.external_url.filter(|url| url.value().is_some());
        let host = spec
            .http
            .host
            .as_ref()
            .filter(|url| url.value().is_some())
            .or(external);
        let drain = spec
            .http
            .draintimeout
            .as_ref()
            .filter(|drain| drain.value().is_some());
        Self {
            document: registry.document,
            registry,
            spec,
            address,
            port,
            driver: spec
                .storage
                .driver
                .value()
                .copied()
                .unwrap_or(StorageDriver::Filesystem),
            root: match root {
                root if root.starts_with('/') => root.to_owned(),
                _ if on_host => format!("{ROOT}/{}", registry.name),
                _ => ROOT.to_owned(),
            },
            data: DataVolume::of(spec.persistence.as_ref()),
            authentication: authentication::of(registry, spec, rendering),
            relative_urls: relative_urls(spec, host.is_some()),
            host: host.map(|url| url.text().to_owned()),
            metrics: Metrics::of(spec, on_host).filter(|_| !is_berth(spec)),
            // Without it, open uploads are cut off at once.
            drain: drain.map_or_else(
                || format!("{}s", (grace_seconds - 10).max(1)),
                |drain| drain.text().to_owned(),
            ),
            grace_seconds,
        }
    }

    /// Whether certificates come from Let's Encrypt.
    pub(super) fn uses_letsencrypt(&self) -> bool {
        let http = &self.spec.http;
        let tls = http.tls.as_ref();
        tls.is_some_and(|tls| tls.letsencrypt.is_some() && tls.secret_name.is_none())
            && http.tlscertificate.is_empty()
    }

    /// Whether an autoscaler decides how many pods there are.
    pub(super) fn is_scaled(&self) -> bool {
        self.scaling().is_some() && !self.is_berth()
    }

    /// Whether Berth itself runs.
    pub(super) fn is_berth(&self) -> bool {
        is_berth(self.spec)
    }

    /// How many replicas are asked for, where no autoscaler decides. Berth keeps its folder by itself.
    pub(super) fn replicas(&self) -> i64 {
        if self.is_berth() {
            self.spec.replicas.min(1)
        } else {
            self.spec.replicas
        }
    }

    /// How many pods there are at least.
    pub(super) fn fewest_replicas(&self) -> i64 {
        let scaling = self.scaling().filter(|_| self.is_scaled());
        scaling.map_or_else(|| self.replicas(), |given| given.min_replicas)
    }

    /// The autoscaler that is declared.
    pub(super) fn scaling(&self) -> Option<&'a Autoscaling> {
        self.spec.autoscaling.as_ref().filter(|given| given.enabled)
    }

    /// Whether clients must show a certificate.
    pub(super) fn asks_for_certificates(&self) -> bool {
        let http = &self.spec.http;
        http.tlsenabled && http.tls.as_ref().is_some_and(|tls| !tls.clientcas.is_empty())
    }

    /// The folder that certificates from Let's Encrypt are kept in.
    pub(super) fn cache_folder(&self) -> Option<&'a str> {
        let given = self.spec.http.tls.as_ref()?.letsencrypt.as_ref()?;
        let (folder, _) = given.cachefile.rsplit_once('/')?;
        (self.spec.http.tlsenabled && self.uses_letsencrypt() && !folder.is_empty()).then_some(folder)
    }

    /// The Secret that holds the certificates of the token service, their file, and the whole path of it.
    pub(super) fn mounted_bundle(&self) -> Option<(&'a str, &'a str, &'a str)> {
        let Authentication::Token(token) = self.authentication else {
            return None;
        };
        let secret = token.rootcertbundle_secret.as_ref()?.value()?;
        let path = token.rootcertbundle.as_str();
        let file = path.rsplit('/').next().filter(|_| !has_inline_bundle(token))?;
        Some((secret.as_str(), file, path))
    }

    /// Where the program sees a file of secrets.
    pub(super) fn secret(&self, file: &str) -> String {
        let folder = match &self.registry.site {
            // Berth takes no path from its environment, so its document names the place where systemd puts them.
            Site::Host(_) if self.is_berth() => format!("/run/credentials/{}.service", self.registry.name),
            site => site.path(FOLDER, "secrets"),
        };
        format!("{folder}/{file}")
    }

    /// Where the certificates of the token service lie.
    pub(super) fn bundle_path(&self, token: &DockerTokenAuth) -> String {
        if has_inline_bundle(token) {
            self.secret(BUNDLE)
        } else {
            token.rootcertbundle.clone()
        }
    }

    /// Whether the images are in a folder.
    pub(super) fn keeps_files(&self) -> bool {
        self.driver == StorageDriver::Filesystem
    }

    /// Whether what is known of blobs isn't kept in Redis: it would outlive the blobs that are collected, and the registry
    /// would take images without them.
    pub(super) fn forgets_cache(&self) -> bool {
        let collection = self.spec.garbage_collection.as_ref();
        let cache = self.spec.storage.cache.as_ref();
        let kind = cache.and_then(|cache| cache.blobdescriptor.as_ref()?.value());
        collection.is_some_and(|given| given.enabled) && kind == Some(&BlobDescriptorCache::Redis)
    }

    /// Whether one pod must be gone before the next one comes: they would have one volume.
    pub(super) fn is_alone(&self) -> bool {
        self.keeps_files() && (self.data.is_of_one_pod() || self.is_berth())
    }
}

fn is_berth(spec: &DockerRegistry) -> bool {
    spec.engine.as_ref().and_then(|engine| engine.value()) == Some(&Engine::Berth)
}

/// Whether the certificates of the token service stand in the document.
pub(super) fn has_inline_bundle(token: &DockerTokenAuth) -> bool {
    token.rootcertbundle.trim_start().starts_with("-----BEGIN")
}

impl Metrics {
    fn of(spec: &DockerRegistry, on_host: bool) -> Option<Self> {
        let asked = spec.metrics.as_ref().filter(|metrics| metrics.enabled);
        let debug = spec.http.debug.as_ref();
        if asked.is_none() && debug.is_none() {
            return None;
        }
        let port = asked.and_then(|metrics| u16::try_from(metrics.port?).ok());
        let debug_port = debug.and_then(|debug| debug.addr.value()).map(HostPort::port);
        let prometheus = debug.and_then(|debug| debug.prometheus.as_ref());
        let path = asked.and_then(|metrics| metrics.path.clone());
        let debug_path = prometheus.and_then(|prometheus| prometheus.path.clone());
        let port = port.or(debug_port).filter(|port| *port > 0).unwrap_or(METRICS.0);
        let here = debug.and_then(|debug| debug.addr.value());
        // It tells of the program's insides: on a host only to those who are on it, unless the document says otherwise.
        let host = here.map_or("127.0.0.1", HostPort::host);
        Some(Self {
            port,
            address: if on_host {
                HostPort::of(host, port).authority()
            } else {
                format!(":{port}")
            },
            prometheus: asked.is_some() || prometheus.is_some_and(|prometheus| prometheus.enabled),
            path: path.or(debug_path).unwrap_or_else(|| METRICS.1.to_owned()),
        })
    }
}

/// Behind an Ingress or a Gateway, and known by no one URL, it names none: then it is right by every name.
fn relative_urls(spec: &DockerRegistry, has_host: bool) -> Option<bool> {
    let exposure = spec.exposure.as_ref();
    let is_behind = exposure.is_some_and(|exposure| exposure.ingress.is_some() || exposure.gateway.is_some());
    spec.http
        .relativeurls
        .or((is_behind && !has_host).then_some(true))
}
