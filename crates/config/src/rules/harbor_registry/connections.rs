//! How many connections Harbor's pods open to the database.

use berth_finding::Rule;

use crate::rules::Out;
use crate::sections::HarborRegistry;

pub(super) const HB_011: Rule = Rule::error(
    "HB-011",
    "the connections of all replicas exceed what the database allows",
    "\
Core and exporter each keep a pool per replica. `maxConnections` is the server's limit; 50 are kept aside for jobs,
migrations and people, and the rest is divided by the replicas: floor((maxConnections - 50) / (core + exporter)), at most
900. Below 20 per replica Harbor waits for connections under load; a `maxOpenConns` of your own must fit into the same sum.
Past the limit PostgreSQL refuses with `too many clients`.

    coreReplicas: 3
    database: {maxConnections: 1024, maxOpenConns: 300}
",
);

pub(super) const HB_012: Rule = Rule::error(
    "HB-012",
    "more idle database connections are kept than may be open",
    "\
`maxIdleConns` counts within `maxOpenConns`; what is above it never happens. 0 for `maxOpenConns` means no limit, and then
any number of idle ones is right.

    database: {maxIdleConns: 100, maxOpenConns: 300}
",
);

pub(super) fn check(harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    hb_011_connections(harbor, out);
    hb_012_idle(harbor, out);
}

/// Connections that are no pod's: those of migrations, jobs and people.
const KEPT_ASIDE: i64 = 50;

/// The most that is of use to a pod.
const MOST_OF_A_POD: i64 = 900;

/// With fewer a pod waits under load.
const FEWEST_OF_A_POD: i64 = 20;

fn hb_011_connections(harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    let database = &harbor.database;
    let pods = pods(harbor);
    let free = database.max_connections - KEPT_ASIDE;
    let share = (free / pods).min(MOST_OF_A_POD);
    if share < FEWEST_OF_A_POD {
        let message = format!(
            "{} connections leave {} for each of {pods} pods",
            database.max_connections,
            share.max(0)
        );
        out.at("database.maxConnections", HB_011, message).help(format!(
            "let the server take {} or more, or run fewer replicas",
            FEWEST_OF_A_POD * pods + KEPT_ASIDE
        ));
    }
    if let Some(open) = database.max_open_connections
        && (open == 0 || open * pods > free)
    {
        let message = format!(
            "{pods} pods may open more than the {} connections of the server",
            database.max_connections
        );
        out.at("database.maxOpenConns", HB_011, message)
            .help(format!("at most {} for each, or leave it out", share.max(0)));
    }
}

/// How many pods hold a pool: those of core, and the exporter's where there are metrics.
fn pods(harbor: &HarborRegistry) -> i64 {
    let exporter = harbor
        .components
        .as_ref()
        .and_then(|it| it.exporter.as_ref()?.replicas);
    let metrics = harbor.metrics.as_ref().is_some_and(|metrics| metrics.enabled);
    harbor.core_replicas.max(1) + if metrics { exporter.unwrap_or(1).max(0) } else { 0 }
}

fn hb_012_idle(harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    let database = &harbor.database;
    if let (Some(idle), Some(open)) = (database.max_idle_connections, database.max_open_connections)
        && open > 0
        && idle > open
    {
        out.at(
            "database.maxIdleConns",
            HB_012,
            format!("{idle} connections are kept idle, and only {open} may be open"),
        )
        .help(format!("{open} or fewer"));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::harbor_registry::trial::{fires, silent};

    #[test]
    fn hb_011_fires_when_connections_do_not_suffice_and_not_otherwise() {
        fires(
            "HB-011",
            &[
                "{coreReplicas: 3, database: {maxConnections: 100}}",
                "{coreReplicas: 3, database: {maxOpenConns: 900}}",
                "database: {maxOpenConns: 0}",
                "database: {maxConnections: 0}",
            ],
        );
        silent(
            "HB-011",
            &[
                "{}",
                "coreReplicas: 3",
                "{coreReplicas: 2, database: {maxConnections: 110}}",
                "{coreReplicas: 3, database: {maxOpenConns: 300}}",
            ],
        );
        fires(
            "HB-011",
            &["{coreReplicas: 2, metrics: {enabled: true}, database: {maxConnections: 109}}"],
        );
    }

    #[test]
    fn hb_012_fires_when_more_are_idle_than_open_and_not_otherwise() {
        fires("HB-012", &["database: {maxIdleConns: 101, maxOpenConns: 100}"]);
        silent(
            "HB-012",
            &[
                "database: {maxIdleConns: 100, maxOpenConns: 100}",
                "database: {maxIdleConns: 100, maxOpenConns: 0}",
                "database: {maxIdleConns: 100}",
            ],
        );
    }
}
