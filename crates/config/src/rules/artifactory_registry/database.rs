//! Artifactory's database.

use berth_finding::{Level, Rule};

use crate::rules::{Out, RuleContext};
use crate::sections::ArtifactoryRegistry;
use crate::value::{ArtifactoryDatabaseType, JdbcUrl, SecretValue};

pub(super) const AF_007: Rule = Rule::error(
    "AF-007",
    "the type of Artifactory's database is unknown, or none for earnest use",
    "\
Artifactory runs on PostgreSQL; mysql, mariadb, mssql and oracle only start with `allowNonPostgresql`, and newer releases drop
them. derby lies inside the pod's volume, runs a single node, and is an error under `--profile prod`.

    database: {type: postgresql, url: \"jdbc:postgresql://db.example.com:5432/artifactory\"}
",
);

pub(super) const AF_008: Rule = Rule::error(
    "AF-008",
    "the database's URL is not the JDBC URL of its type",
    "\
The URL begins with `jdbc:` and the driver's scheme, which is that of `type`; it names host and database, and no user or
password: these have fields of their own, and the URL is printed in Artifactory's log.

    database:
      type: postgresql
      url: jdbc:postgresql://db.example.com:5432/artifactory
      username: artifactory
      password: {secretKeyRef: {name: artifactory-db, key: password}}
",
);

pub(super) const AF_009: Rule = Rule::error(
    "AF-009",
    "there is no password for the database",
    "\
`password` says where it is: a key of a Secret, best. Without it Artifactory signs in with none, and stops. With
`database.managed: true` the password is made with the database.

    database: {password: {secretKeyRef: {name: artifactory-db, key: password}}}
",
);

pub(super) const AF_010: Rule = Rule::warning(
    "AF-010",
    "the database's host is a short name",
    "\
A name without dots is looked for in the pod's own namespace, so it works only where a Service of that name stands there. Write
the whole name.

    database: {url: \"jdbc:postgresql://postgres.databases.svc.cluster.local:5432/artifactory\"}
",
);

pub(super) const AF_026: Rule = Rule::warning(
    "AF-026",
    "the database that comes with the installation, in production",
    "\
`database.managed` brings one small PostgreSQL: one pod, one volume, no replica, no upgrade to another major version. It is meant
for trials. In production keep Artifactory's data in a database that is backed up and run by somebody.

    database: {managed: false, url: \"jdbc:postgresql://db.example.com:5432/artifactory\"}
",
);

pub(super) fn check(context: &RuleContext<'_>, artifactory: &ArtifactoryRegistry, out: &mut Out<'_, '_>) {
    let database = &artifactory.database;
    af_007_kind(artifactory, out);
    if database.managed {
        if context.is_prod() {
            out.at(
                "database.managed",
                AF_026,
                "the small database of the installation has no replica and no upgrades",
            )
            .help("use a PostgreSQL that is backed up, and name it in `database.url`");
        }
        return;
    }
    if database.kind.value() == Some(&ArtifactoryDatabaseType::Derby) {
        return;
    }
    af_008_url(artifactory, out);
    if database.password.as_ref().is_none_or(SecretValue::is_empty) {
        out.at("database.password", AF_009, "`database.password` isn't given")
            .help("such as `password: {secretKeyRef: {name: artifactory-db, key: password}}`");
    }
}

fn af_007_kind(artifactory: &ArtifactoryRegistry, out: &mut Out<'_, '_>) {
    let database = &artifactory.database;
    match database.kind.value() {
        None | Some(ArtifactoryDatabaseType::Postgresql) => {}
        Some(ArtifactoryDatabaseType::Derby) => {
            out.at(
                "database.type",
                AF_007,
                "derby lies on the pod's volume, and is for trials",
            )
            .level_in(Level::Warning, Level::Error)
            .help("use postgresql; `database.managed: true` brings a small one");
        }
        Some(_) if database.allow_non_postgresql == Some(true) => {}
        Some(kind) => {
            out.at(
                "database.type",
                AF_007,
                format!("Artifactory doesn't start on {} as it is", kind.as_str()),
            )
            .help("use postgresql, or set `database.allowNonPostgresql: true`");
        }
    }
}

// No message repeats the URL: it may hold a password.
fn af_008_url(artifactory: &ArtifactoryRegistry, out: &mut Out<'_, '_>) {
    let database = &artifactory.database;
    let help = "such as jdbc:postgresql://db.example.com:5432/artifactory";
    let Some(url) = JdbcUrl::parse(&database.url) else {
        out.at(
            "database.url",
            AF_008,
            "the URL is not a JDBC URL of a database that Artifactory runs on",
        )
        .help(help);
        return;
    };
    if database
        .kind
        .value()
        .is_some_and(|kind| *kind != url.kind && !are_one(*kind, url.kind))
    {
        out.at(
            "database.url",
            AF_008,
            format!(
                "the URL is that of {}, and not of `database.type`",
                url.kind.as_str()
            ),
        )
        .help("make them agree");
    }
    if url.database.is_none() {
        out.at("database.url", AF_008, "the URL names no database")
            .help(help);
    }
    if url.has_credentials {
        out.at(
            "database.url",
            AF_008,
            "the URL holds a user or a password, and is printed in logs",
        )
        .help("take them out, and use `database.username` and `database.password`");
    }
    if url
        .host
        .is_some_and(|host| !host.contains(['.', ':']) && host != "localhost")
    {
        out.at(
            "database.url",
            AF_010,
            "the host in `database.url` is a short name, which is looked for in the registry's own namespace",
        )
        .help("write the whole name, such as postgres.databases.svc.cluster.local");
    }
}

/// The driver of `MariaDB` also speaks to `MySQL`, and the reverse.
fn are_one(a: ArtifactoryDatabaseType, b: ArtifactoryDatabaseType) -> bool {
    let family = [ArtifactoryDatabaseType::Mysql, ArtifactoryDatabaseType::Mariadb];
    family.contains(&a) && family.contains(&b)
}

#[cfg(test)]
mod tests {
    use berth_finding::Level;

    use crate::rules::artifactory_registry::trial::{fires, level_in_prod, level_of, silent};

    #[test]
    fn af_007_fires_on_a_database_for_no_earnest_use_and_not_otherwise() {
        fires(
            "AF-007",
            &[
                "database: {type: mysql}",
                "database: {type: derby}",
                "database: {type: sqlite}",
            ],
        );
        silent(
            "AF-007",
            &["{}", "database: {type: mysql, allowNonPostgresql: true}"],
        );
        assert_eq!(
            level_of("AF-007", "database: {type: derby}"),
            Some(Level::Warning)
        );
        assert_eq!(level_of("AF-007", "database: {type: mysql}"), Some(Level::Error));
    }

    #[test]
    fn af_008_fires_on_a_url_that_can_not_be_right_and_not_otherwise() {
        for url in [
            "postgresql://db.example.com/art",
            "jdbc:mysql://db.example.com/art",
            "jdbc:postgresql://db.example.com",
            "jdbc:postgresql://db.example.com/art?user=me&password=pw",
        ] {
            fires("AF-008", &[&format!("database: {{url: '{url}'}}")]);
        }
        silent(
            "AF-008",
            &[
                "{}",
                "database: {managed: true, url: ''}",
                "database: {type: derby, url: ''}",
            ],
        );
    }

    #[test]
    fn af_009_fires_without_a_password_and_not_otherwise() {
        fires("AF-009", &["{}", "database: {password: ''}"]);
        silent(
            "AF-009",
            &["database: {password: {env: P}}", "database: {managed: true}"],
        );
    }

    #[test]
    fn af_010_fires_on_a_short_host_and_not_otherwise() {
        fires("AF-010", &["{}"]);
        silent(
            "AF-010",
            &[
                "database: {url: 'jdbc:postgresql://db.example.com/art'}",
                "database: {managed: true}",
            ],
        );
    }

    #[test]
    fn af_026_fires_on_the_small_database_in_prod_and_not_otherwise() {
        assert_eq!(
            level_in_prod("AF-026", "database: {managed: true}"),
            Some(Level::Warning)
        );
        assert_eq!(level_in_prod("AF-026", "{}"), None);
        silent("AF-026", &["database: {managed: true}"]);
    }
}
