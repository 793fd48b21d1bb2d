use berth_config::document::Document;
use berth_config::sections::HarborDatabase;
use berth_config::value::{SslMode, Written};

use super::environment::Environment;
use super::secrets::Given;
use crate::object::KeySelector;
use crate::render::registry::Registry;
use crate::render::{Recipe, Rendering};

/// The database as Harbor's programs reach it.
pub(super) struct Database<'a> {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) username: &'a str,
    pub(super) name: &'a str,
    pub(super) sslmode: &'static str,
    /// The Secret with the authority's certificate.
    pub(super) root_certificate: Option<&'a str>,
    pub(super) password: KeySelector,
    /// Connections of each pod: open at most, and idle.
    pub(super) connections: (i64, i64),
    /// Connections that a managed server takes.
    pub(super) max_connections: i64,
    pub(super) managed: bool,
}

/// The port of a managed PostgreSQL.
pub(super) const PORT: u16 = crate::render::workload::POSTGRESQL_PORT;
/// Connections that are left to the server, to backups and to people.
const RESERVED: i64 = 50;
/// What the official chart has at most.
const MOST_OPEN: i64 = 900;
const MOST_IDLE: i64 = 100;
/// The key of the password in `passwordSecret`.
const PASSWORD_KEY: &str = "password";

impl<'a> Database<'a> {
    /// The database of a document; `pods` open connections to it.
    pub(super) fn of(
        registry: &'a Registry<'a>,
        given: &'a HarborDatabase,
        pods: i64,
        secrets: &mut Given<'a>,
        rendering: &mut Rendering<'_>,
    ) -> Self {
        let managed = given.managed;
        let open = given
            .max_open_connections
            .unwrap_or_else(|| most_open(given.max_connections, pods));
        let sslmode = given.sslmode.as_ref().and_then(|mode| mode.value().copied());
        Self {
            host: if managed && registry.site.is_host() {
                "127.0.0.1".to_owned()
            } else if managed {
                registry.object_name("database")
            } else {
                given.host.clone()
            },
            port: if managed {
                PORT
            } else {
                u16::try_from(given.port).unwrap_or(PORT)
            },
            username: &given.username,
            name: given.name.as_deref().unwrap_or("registry"),
            sslmode: match sslmode {
                _ if managed => SslMode::Disable.as_str(),
                Some(mode) => mode.as_str(),
                None => SslMode::Disable.as_str(),
            },
            root_certificate: given.sslrootcert_secret.as_ref().map(Written::text),
            password: password(registry, given, secrets, rendering),
            connections: (open, given.max_idle_connections.unwrap_or(open.min(MOST_IDLE))),
            max_connections: given.max_connections,
            managed,
        }
    }

    /// What core is told.
    pub(super) fn of_core(&self, environment: Environment) -> Environment {
        environment
            .plain("DATABASE_TYPE", "postgresql")
            .plain("POSTGRESQL_HOST", &self.host)
            .plain("POSTGRESQL_PORT", self.port.to_string())
            .plain("POSTGRESQL_USERNAME", self.username)
            .plain("POSTGRESQL_DATABASE", self.name)
            .plain("POSTGRESQL_SSLMODE", self.sslmode)
            .plain("POSTGRESQL_MAX_OPEN_CONNS", self.connections.0.to_string())
            .plain("POSTGRESQL_MAX_IDLE_CONNS", self.connections.1.to_string())
            .secret("POSTGRESQL_PASSWORD", &self.password)
    }

    /// What the exporter is told.
    pub(super) fn of_exporter(&self, environment: Environment) -> Environment {
        environment
            .plain("HARBOR_DATABASE_HOST", &self.host)
            .plain("HARBOR_DATABASE_PORT", self.port.to_string())
            .plain("HARBOR_DATABASE_USERNAME", self.username)
            .plain("HARBOR_DATABASE_DBNAME", self.name)
            .plain("HARBOR_DATABASE_SSLMODE", self.sslmode)
            .plain("HARBOR_DATABASE_MAX_OPEN_CONNS", self.connections.0.to_string())
            .plain("HARBOR_DATABASE_MAX_IDLE_CONNS", self.connections.1.to_string())
            .secret("HARBOR_DATABASE_PASSWORD", &self.password)
    }
}

/// The server's connections, shared out among the pods that open any (HB-011).
fn most_open(server: i64, pods: i64) -> i64 {
    ((server - RESERVED) / pods.max(1)).clamp(1, MOST_OPEN)
}

fn password<'a>(
    registry: &'a Registry<'a>,
    given: &'a HarborDatabase,
    secrets: &mut Given<'a>,
    rendering: &mut Rendering<'_>,
) -> KeySelector {
    const KEY: &str = "database-password";
    if let Some(at) = secrets.given(KEY, "database.password", given.password.as_ref(), rendering) {
        return at;
    }
    if is_made_once(registry.document, given) {
        return rendering.make_once(registry, KEY, Recipe::Text { length: 32 });
    }
    KeySelector::of(given.password_secret.text(), PASSWORD_KEY)
}

/// A managed PostgreSQL has a password of its own, unless a Secret is named on purpose.
fn is_made_once(document: &Document, given: &HarborDatabase) -> bool {
    given.managed && !document.is_set("database.passwordSecret")
}

#[cfg(test)]
mod tests {
    use super::most_open;

    #[test]
    fn the_connections_of_all_pods_fit_into_the_server_s() {
        assert_eq!(most_open(1024, 4), 243);
        assert_eq!(most_open(1024, 1), 900);
        assert_eq!(most_open(40, 3), 1);
        for pods in 1..9 {
            assert!(most_open(1024, pods) * pods <= 1024 - 50, "{pods}");
        }
    }
}
