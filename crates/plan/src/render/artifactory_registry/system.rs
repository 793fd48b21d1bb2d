use berth_config::value::ArtifactoryDatabaseType;

use super::settled::Settled;
use crate::render::fields::Fields;

/// The file of settings.
pub(super) const FILE: &str = "system.yaml";
/// Where Artifactory answers whether it lives, to its own pod alone.
pub(super) const MAINTENANCE_PORT: u16 = 8091;

/// The settings of all services. What is secret is handed over by the environment.
pub(super) fn system(settled: &Settled<'_>) -> Fields {
    let connections = || Fields::new().with("maxOpenConnections", 80);
    let metrics = settled
        .registry
        .workload
        .metrics
        .is_some_and(|metrics| metrics.enabled);
    let artifactory = Fields::new().with("database", connections()).with(
        "tomcat",
        Fields::new()
            .with("connector", Fields::new().with("maxThreads", 200))
            .with(
                "maintenanceConnector",
                Fields::new().with("port", MAINTENANCE_PORT),
            ),
    );
    let artifactory = if metrics {
        artifactory.with("metrics", Fields::new().with("enabled", true))
    } else {
        artifactory
    };
    let access = Fields::new().with("database", connections()).with(
        "tomcat",
        Fields::new().with("connector", Fields::new().with("maxThreads", 50)),
    );
    let off = || Fields::new().with("enabled", false);
    let mut system = Fields::new()
        .with("configVersion", 1)
        .with("shared", shared(settled))
        .with("artifactory", artifactory)
        .with("access", access)
        .with("metadata", Fields::new().with("database", connections()));
    if settled.is_free() {
        system = system.with("jfconnect", off()).with("federation", off());
    }
    system
}

fn shared(settled: &Settled<'_>) -> Fields {
    let database = &settled.spec.database;
    let driver = database.driver.as_deref().filter(|driver| !driver.is_empty());
    let fields = Fields::new()
        .with("type", settled.database.as_str())
        .with_some("driver", driver.or(driver_of(settled.database)))
        .with_some("allowNonPostgresql", database.allow_non_postgresql);
    Fields::new()
        .with(
            "logging",
            Fields::new().with("consoleLog", Fields::new().with("enabled", true)),
        )
        .with("database", fields)
}

const fn driver_of(kind: ArtifactoryDatabaseType) -> Option<&'static str> {
    match kind {
        ArtifactoryDatabaseType::Postgresql => Some("org.postgresql.Driver"),
        ArtifactoryDatabaseType::Mysql => Some("com.mysql.cj.jdbc.Driver"),
        ArtifactoryDatabaseType::Mariadb => Some("org.mariadb.jdbc.Driver"),
        ArtifactoryDatabaseType::Mssql => Some("com.microsoft.sqlserver.jdbc.SQLServerDriver"),
        ArtifactoryDatabaseType::Oracle => Some("oracle.jdbc.OracleDriver"),
        ArtifactoryDatabaseType::Derby => None,
    }
}
