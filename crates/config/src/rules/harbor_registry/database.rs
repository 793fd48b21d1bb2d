//! Harbor's `PostgreSQL`: where it is, and how it is reached.

use berth_finding::{Level, Rule};

use crate::rules::Out;
use crate::sections::HarborRegistry;
use crate::value::SslMode;

pub(super) const HB_008: Rule = Rule::error(
    "HB-008",
    "the type of Harbor's database is not postgresql",
    "\
Harbor speaks to PostgreSQL only; its migrations are written for it. There is no setting for another one.

    database: {type: postgresql, host: db.example.com}
",
);

pub(super) const HB_009: Rule = Rule::error(
    "HB-009",
    "host, user, name or password of Harbor's database is missing",
    "\
Core and exporter stop at start without them. `passwordSecret` names a Secret in Harbor's namespace that has the key
`password`. `host` is a bare host name: the port stands beside it, and no URL belongs there.

    database: {host: db.example.com, port: 5432, username: harbor, name: registry, passwordSecret: harbor-db-password}
",
);

pub(super) const HB_010: Rule = Rule::warning(
    "HB-010",
    "the database or Redis is named by a Service in the cluster that nothing here makes",
    "\
The host ends in `.svc` or `.cluster.local`, so it is a Service in the cluster, but this declaration makes no PostgreSQL and
no Redis. Where something else makes it (an operator, a chart), all is well. Else set `managed`, which brings a small one
beside Harbor, or name one that exists.

    database: {managed: true}
    redis: {managed: true}
",
);

pub(super) const HB_013: Rule = Rule::error(
    "HB-013",
    "the connection to the database is not encrypted, or its certificate can't be verified",
    "\
With `sslmode: disable` password and data cross the network in the clear; inside the cluster that may do. `verify-ca` and
`verify-full` need the authority that signed the server's certificate: `sslrootcertSecret` names a Secret with the key
`ca.crt`. PostgreSQL knows disable, require, verify-ca and verify-full here.

    database: {host: db.example.com, sslmode: verify-full, sslrootcertSecret: harbor-db-ca}
",
);

pub(super) fn check(harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    hb_009_missing(harbor, out);
    hb_010_nobody_makes(harbor, out);
    hb_013_protection(harbor, out);
}

fn hb_009_missing(harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    let database = &harbor.database;
    let password = database.password.as_ref().is_some_and(|it| !it.is_empty());
    let mut miss = |missing: bool, field: &str, message: &str| {
        if missing {
            out.at(&format!("database.{field}"), HB_009, message)
                .help("fill it in; nothing works without the database");
        }
    };
    miss(
        database.username.is_empty(),
        "username",
        "the user of the database is empty",
    );
    miss(
        database.name.as_deref() == Some(""),
        "name",
        "the name of the database is empty",
    );
    if database.managed {
        return;
    }
    miss(
        database.host.is_empty(),
        "host",
        "the host of the database is empty",
    );
    miss(
        database.host.contains([':', '/', '@', ' ']),
        "host",
        "the host of the database isn't a bare host name",
    );
    miss(
        database.password_secret.is_empty() && !password,
        "passwordSecret",
        "the database has no password",
    );
}

fn hb_010_nobody_makes(harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    let database = (
        "database",
        "PostgreSQL",
        &harbor.database.host,
        harbor.database.managed,
    );
    let redis = (
        "redis",
        "Redis",
        &harbor.redis.host,
        harbor.redis.managed || !harbor.redis.enabled,
    );
    for (section, program, host, made) in [database, redis] {
        if made || !is_in_cluster(host) {
            continue;
        }
        let path = format!("{section}.host");
        // A host that somebody chose is likely to be there; the default's is not.
        let level = if out.is_set(&path) {
            Level::Info
        } else {
            Level::Warning
        };
        out.at(
            &path,
            HB_010,
            format!("`{path}`: {program} is a Service in the cluster that this declaration doesn't make"),
        )
        .level(level)
        .help(format!(
            "set `{section}.managed: true` for a small one, or make sure that it is there"
        ));
    }
}

fn is_in_cluster(host: &str) -> bool {
    host.split('.').skip(1).any(|part| part == "svc")
}

fn hb_013_protection(harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    let database = &harbor.database;
    if database.managed {
        return;
    }
    let mode = match &database.sslmode {
        // Harbor's own default.
        None => SslMode::Disable,
        Some(written) => match written.value() {
            Some(mode) => *mode,
            None => return,
        },
    };
    let host = database.host.as_str();
    let near = is_in_cluster(host) || !host.contains('.');
    let authority = database
        .sslrootcert_secret
        .as_ref()
        .is_some_and(|name| !name.is_empty());
    if mode == SslMode::Disable && !near {
        out.at(
            "database.sslmode",
            HB_013,
            "the connection to a database outside of the cluster isn't encrypted",
        )
        .level(Level::Warning)
        .help("write `sslmode: require`, or better `verify-full`");
    }
    if [SslMode::VerifyCa, SslMode::VerifyFull].contains(&mode) && !authority {
        out.at(
            "database.sslmode",
            HB_013,
            "the server's certificate is to be checked, and its authority isn't given",
        )
        .level(Level::Warning)
        .help("name the Secret with its ca.crt in `database.sslrootcertSecret`");
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::harbor_registry::trial::{fires, silent};

    #[test]
    fn hb_008_fires_on_another_database_and_not_otherwise() {
        fires("HB-008", &["database: {type: mysql}"]);
        silent("HB-008", &["database: {type: postgresql}", "{}"]);
    }

    #[test]
    fn hb_009_fires_when_something_is_missing_and_not_otherwise() {
        fires(
            "HB-009",
            &[
                "database: {host: ''}",
                "database: {host: 'postgres://db'}",
                "database: {username: ''}",
                "database: {name: ''}",
                "database: {passwordSecret: ''}",
                "database: {port: 70000}",
            ],
        );
        silent(
            "HB-009",
            &[
                "{}",
                "database: {passwordSecret: '', password: {env: DB}}",
                "database: {managed: true, host: '', passwordSecret: ''}",
            ],
        );
    }

    #[test]
    fn hb_010_fires_when_nobody_makes_the_service_and_not_otherwise() {
        fires(
            "HB-010",
            &[
                "{}",
                "{database: {managed: true}}",
                "{redis: {managed: true}, database: {host: pg.db.svc}}",
            ],
        );
        silent(
            "HB-010",
            &[
                "{database: {managed: true}, redis: {managed: true}}",
                "{database: {host: db.example.com}, redis: {host: redis.example.com}}",
            ],
        );
    }

    #[test]
    fn hb_013_fires_on_open_or_unchecked_connections_and_not_otherwise() {
        fires(
            "HB-013",
            &[
                "database: {host: db.example.com}",
                "database: {host: db.example.com, sslmode: disable}",
                "database: {host: db.example.com, sslmode: verify-full}",
                "database: {sslmode: maybe}",
            ],
        );
        silent(
            "HB-013",
            &[
                "{}",
                "database: {host: db.example.com, sslmode: require}",
                "database: {host: db.example.com, sslmode: verify-full, sslrootcertSecret: ca}",
            ],
        );
    }
}
