use berth_config::document::Document;
use berth_config::sections::HarborRedis;

use super::environment::Environment;
use super::launch;
use super::secrets::Given;
use crate::object::KeySelector;
use crate::render::fields::Fields;
use crate::render::registry::Registry;
use crate::render::{Recipe, Rendering};

/// Redis as Harbor's programs reach it.
pub(super) struct Redis<'a> {
    given: &'a HarborRedis,
    /// `host:port`; of sentinels several with commas.
    address: String,
    /// The port of a managed one, or the one given.
    port: u16,
    pub(super) password: Option<KeySelector>,
    pub(super) managed: bool,
}

/// The port of a managed Redis.
pub(super) const PORT: u16 = crate::render::workload::REDIS_PORT;
/// The key of the password in `passwordSecret`.
const PASSWORD_KEY: &str = "REDIS_PASSWORD";
/// The databases of the components where the document doesn't say; the core's is fixed.
const CORE: i64 = 0;
const JOBSERVICE: i64 = 1;
const REGISTRY: i64 = 2;
const TRIVY: i64 = 5;
/// How long idle connections are kept.
const IDLE: &str = "?idle_timeout_seconds=30";

impl<'a> Redis<'a> {
    pub(super) fn of(
        registry: &'a Registry<'a>,
        given: &'a HarborRedis,
        secrets: &mut Given<'a>,
        rendering: &mut Rendering<'_>,
    ) -> Self {
        let managed = given.managed;
        let host = if managed && registry.site.is_host() {
            "127.0.0.1".to_owned()
        } else if managed {
            registry.object_name("redis")
        } else {
            given.host.clone()
        };
        let port = if managed {
            PORT
        } else {
            u16::try_from(given.port).unwrap_or(PORT)
        };
        let is_list = !managed && host.contains([',', ':']);
        Self {
            given,
            address: if is_list { host } else { format!("{host}:{port}") },
            port,
            password: password(registry, given, secrets, rendering),
            managed,
        }
    }

    fn master_set(&self) -> Option<&str> {
        self.given
            .sentinel_master_set
            .as_deref()
            .filter(|set| !self.managed && !set.is_empty())
    }

    /// The URL of a database. Where there is a password, its place is empty: the shell puts it in.
    fn url(&self, database: i64) -> String {
        let place = if self.password.is_some() { ":@" } else { "" };
        let address = &self.address;
        match self.master_set() {
            Some(set) => format!("redis+sentinel://{place}{address}/{set}/{database}"),
            None => format!("redis://{place}{address}/{database}"),
        }
    }

    /// The variables among `urls` that want the password.
    pub(super) fn wanting<'b>(&self, urls: &'b [&'b str]) -> &'b [&'b str] {
        if self.password.is_some() { urls } else { &[] }
    }

    /// The URLs of the core.
    pub(super) fn of_core(&self) -> Vec<(&'static str, String)> {
        let mut urls = vec![
            ("_REDIS_URL_CORE", self.url(CORE) + IDLE),
            ("_REDIS_URL_REG", self.url(self.registry_index()) + IDLE),
        ];
        for (name, index) in [
            ("_REDIS_URL_HARBOR", self.given.harbor_database_index),
            ("_REDIS_URL_CACHE_LAYER", self.given.cache_layer_database_index),
        ] {
            urls.extend(index.map(|index| (name, self.url(index) + IDLE)));
        }
        urls
    }

    /// The URL of the job queue.
    pub(super) fn of_jobservice(&self) -> String {
        self.url(self.given.jobservice_database_index.unwrap_or(JOBSERVICE))
    }

    /// The URL of the scanner.
    pub(super) fn of_trivy(&self) -> String {
        self.url(self.given.trivy_adapter_index.unwrap_or(TRIVY)) + IDLE
    }

    /// The password for the shell.
    pub(super) fn for_launch(&self, environment: Environment) -> Environment {
        environment.secret_some(launch::PASSWORD, self.password.as_ref())
    }

    /// The registry's section; its password comes by the environment.
    pub(super) fn of_registry(&self) -> Fields {
        let pool = Fields::new()
            .with("maxidle", 100)
            .with("maxactive", 500)
            .with("idletimeout", "60s");
        Fields::new()
            .with("addr", self.address.as_str())
            .with_some("sentinelMasterSet", self.master_set())
            .with("db", self.registry_index())
            .with("readtimeout", "10s")
            .with("writetimeout", "10s")
            .with("dialtimeout", "10s")
            .with_section("pool", pool)
    }

    fn registry_index(&self) -> i64 {
        self.given.registry_database_index.unwrap_or(REGISTRY)
    }

    /// The ports that are reached.
    pub(super) fn ports(&self) -> Vec<u16> {
        let ports = self.address.split(',').filter_map(|at| at.rsplit_once(':'));
        let mut ports: Vec<u16> = ports.filter_map(|(_, port)| port.parse().ok()).collect();
        // Sentinels tell the master's own address.
        ports.push(self.port);
        ports.sort_unstable();
        ports.dedup();
        ports
    }
}

fn password<'a>(
    registry: &'a Registry<'a>,
    given: &'a HarborRedis,
    secrets: &mut Given<'a>,
    rendering: &mut Rendering<'_>,
) -> Option<KeySelector> {
    const KEY: &str = "redis-password";
    if let Some(at) = secrets.given(KEY, "redis.password", given.password.as_ref(), rendering) {
        return Some(at);
    }
    if is_made_once(registry.document, given) {
        return Some(rendering.make_once(registry, KEY, Recipe::Text { length: 32 }));
    }
    let secret = given.password_secret.text();
    (!secret.is_empty()).then(|| KeySelector::of(secret, PASSWORD_KEY))
}

/// A managed Redis has a password of its own, unless a Secret is named on purpose.
fn is_made_once(document: &Document, given: &HarborRedis) -> bool {
    given.managed && !document.is_set("redis.passwordSecret")
}
