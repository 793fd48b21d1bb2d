use berth_config::document::Document;
use berth_config::sections::{Autoscaling, HarborComponents, HarborRegistry};

use super::database::Database;
use super::environment::Environment;
use super::part::Part;
use super::redis::Redis;
use super::secrets::{Given, Secrets};
use super::storage::Storage;
use super::{address, version};
use crate::object::Probe;
use crate::render::registry::{Component, Registry};
use crate::render::{Rendering, workload};

/// A Harbor with all that is to be decided before its objects can be drawn.
pub(super) struct Settled<'a> {
    pub(super) document: &'a Document,
    pub(super) registry: &'a Registry<'a>,
    pub(super) spec: &'a HarborRegistry,
    components: Option<&'a HarborComponents>,
    /// The tag of all images.
    pub(super) tag: String,
    /// The URL by which clients know it.
    pub(super) url: String,
    /// Whether the components speak TLS among themselves.
    pub(super) tls: bool,
    pub(super) database: Database<'a>,
    pub(super) redis: Redis<'a>,
    pub(super) storage: Storage<'a>,
    pub(super) secrets: Secrets,
    pub(super) given: Given<'a>,
    /// A digest of the secrets that are given, where it can be made.
    pub(super) secrets_checksum: Option<String>,
    /// Where metrics are told, if they are.
    pub(super) metrics: Option<Metrics>,
}

/// Where metrics are told.
pub(super) struct Metrics {
    pub(super) port: u16,
    pub(super) path: String,
}

/// The port of metrics where the document gives none.
const METRICS_PORT: u16 = 8001;
/// The programs with ports of their own on a host, in order, and the first of those ports. The registry has its usual one.
const PROGRAMS: [&str; 5] = ["core", "portal", "jobservice", "registryctl", "trivy"];
const FIRST_PORT: u16 = 8090;
/// The programs that tell metrics.
const MEASURED: [&str; 4] = ["core", "jobservice", "registry", "exporter"];
/// How verbose the programs are.
pub(super) const LOG_LEVEL: &str = "info";

impl<'a> Settled<'a> {
    pub(super) fn of(
        registry: &'a Registry<'a>,
        spec: &'a HarborRegistry,
        rendering: &mut Rendering<'_>,
    ) -> Self {
        let mut given = Given::new(registry);
        let metrics = spec.metrics.as_ref().filter(|metrics| metrics.enabled);
        let exporters = i64::from(metrics.is_some());
        let pods = most_cores(spec) + exporters;
        let database = Database::of(registry, &spec.database, pods, &mut given, rendering);
        let redis = Redis::of(registry, &spec.redis, &mut given, rendering);
        let secrets = Secrets::of(registry, spec, &mut given, rendering);
        let storage = Storage::of(registry, spec, &mut given, rendering);
        let key = rendering.checksum_key(registry);
        let secrets_checksum = key.map(|key| workload::of_secrets(&given.parts, &key));
        Self {
            document: registry.document,
            registry,
            spec,
            components: spec.components.as_ref(),
            tag: version::tag(&spec.version),
            url: address::of(registry, spec),
            tls: spec.internal_tls.as_ref().is_some_and(|tls| tls.enabled),
            database,
            redis,
            storage,
            secrets,
            given,
            secrets_checksum,
            metrics: metrics.map(|metrics| Metrics {
                port: metrics
                    .port
                    .and_then(|port| u16::try_from(port).ok())
                    .unwrap_or(METRICS_PORT),
                path: metrics.path.clone().unwrap_or_else(|| "/metrics".to_owned()),
            }),
        }
    }

    /// What the document says of a component.
    pub(super) fn part(&self, name: &str) -> Part<'a> {
        let Some(all) = self.components else {
            return Part::default();
        };
        match name {
            "core" => all.core.as_ref().into(),
            "portal" => all.portal.as_ref().into(),
            "jobservice" => all.jobservice.as_ref().into(),
            "registry" => all.registry.as_ref().into(),
            "registryctl" => all.registryctl.as_ref().into(),
            "exporter" => all.exporter.as_ref().into(),
            "database" => all.database.as_ref().into(),
            "redis" => all.redis.as_ref().into(),
            _ => Part::default(),
        }
    }

    /// A component, placed as the document says.
    pub(super) fn component(&self, name: &'static str) -> Component<'a> {
        Component::named(self.registry, name).placed(self.part(name).placement)
    }

    /// The autoscaler of the core, where there is one.
    pub(super) fn autoscaling(&self) -> Option<&'a Autoscaling> {
        self.spec
            .autoscaling
            .as_ref()
            .filter(|autoscaling| autoscaling.enabled)
    }

    /// `http` or `https`, among the components.
    pub(super) const fn scheme(&self) -> &'static str {
        if self.tls { "https" } else { "http" }
    }

    /// The port that a component listens on.
    pub(super) const fn port(&self) -> u16 {
        if self.tls { 8443 } else { 8080 }
    }

    /// The port of the Services that clients are led to.
    pub(super) const fn service_port(&self) -> u16 {
        if self.tls { 443 } else { 80 }
    }

    /// The port of the registry.
    pub(super) const fn registry_port(&self) -> u16 {
        if self.tls { 5443 } else { 5000 }
    }

    /// The port that a program listens on: on a host each needs one of its own.
    pub(super) fn listens(&self, program: &str) -> u16 {
        let place = PROGRAMS
            .iter()
            .zip(FIRST_PORT..)
            .find(|(name, _)| **name == program);
        match place {
            Some((_, port)) if self.registry.site.is_host() => port,
            _ if program == "registry" => self.registry_port(),
            _ => self.port(),
        }
    }

    /// The port that others reach a program at: its Service's, or on a host its own.
    pub(super) fn reached(&self, program: &str, service: u16) -> u16 {
        if self.registry.site.is_host() {
            self.listens(program)
        } else {
            service
        }
    }

    /// The host that others reach a program at: the registry's controller is in its pod.
    pub(super) fn host_of(&self, program: &str) -> String {
        match program {
            _ if self.registry.site.is_host() => "127.0.0.1".to_owned(),
            "registryctl" => self.registry.object_name("registry"),
            program => self.registry.object_name(program),
        }
    }

    /// Where a program tells its metrics: on a host each needs a port of its own.
    pub(super) fn metrics_port(&self, program: &str, metrics: &Metrics) -> u16 {
        let place = MEASURED.iter().zip(0..).find(|(name, _)| **name == program);
        match place {
            Some((_, more)) if self.registry.site.is_host() => metrics.port.saturating_add(more),
            _ => metrics.port,
        }
    }

    /// A URL of a component; its port always stands in it, as the scanner's adapter needs it.
    pub(super) fn url_of(&self, component: &str, port: u16) -> String {
        let host = self.host_of(component);
        let port = self.reached(component, port);
        format!("{}://{host}:{port}", self.scheme())
    }

    /// The URL of the core.
    pub(super) fn core_url(&self) -> String {
        self.url_of("core", self.service_port())
    }

    /// Where the components find each other.
    pub(super) fn places(&self, environment: Environment) -> Environment {
        environment
            .plain("CORE_URL", self.core_url())
            .plain("TOKEN_SERVICE_URL", format!("{}/service/token", self.core_url()))
            .plain("REGISTRY_URL", self.url_of("registry", self.registry_port()))
            .plain("REGISTRY_CONTROLLER_URL", self.url_of("registryctl", self.port()))
            .plain("REGISTRY_CREDENTIAL_USERNAME", super::secrets::REGISTRY_USER)
            .secret("REGISTRY_CREDENTIAL_PASSWORD", &self.secrets.registry_password)
            .secret("CORE_SECRET", &self.secrets.core)
            .secret("JOBSERVICE_SECRET", &self.secrets.jobservice)
    }

    /// Where a component tells its metrics.
    pub(super) fn metrics_of(&self, component: &str, environment: Environment) -> Environment {
        let Some(metrics) = &self.metrics else {
            return environment;
        };
        environment
            .plain("METRIC_ENABLE", "true")
            .plain("METRIC_PATH", metrics.path.as_str())
            .plain("METRIC_PORT", self.metrics_port(component, metrics).to_string())
            .plain("METRIC_NAMESPACE", "harbor")
            .plain("METRIC_SUBSYSTEM", component)
    }

    /// A probe of a component's own port.
    pub(super) fn probe(&self, path: &str) -> Probe {
        super::workloads::probe(super::workloads::PORT, path, self.tls)
    }

    /// How many replicas of the core there are, where no autoscaler decides.
    pub(super) fn cores(&self) -> i64 {
        cores(self.spec)
    }

    /// How many replicas of the job service there are.
    pub(super) const fn jobservices(&self) -> i64 {
        self.spec.jobservice_replicas
    }

    /// How many replicas of the registry there are.
    pub(super) fn registries(&self) -> i64 {
        let own = self.part("registry").replicas;
        own.unwrap_or(self.spec.registry_replicas)
    }
}

fn cores(spec: &HarborRegistry) -> i64 {
    let own = spec
        .components
        .as_ref()
        .and_then(|all| all.core.as_ref()?.replicas);
    own.unwrap_or(spec.core_replicas)
}

fn most_cores(spec: &HarborRegistry) -> i64 {
    match &spec.autoscaling {
        Some(autoscaling) if autoscaling.enabled => autoscaling.max_replicas,
        _ => cores(spec),
    }
}
