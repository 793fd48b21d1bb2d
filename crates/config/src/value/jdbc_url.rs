//! The parts of a JDBC URL that rules ask for. Each driver writes them in its own way.

use super::ArtifactoryDatabaseType;

/// A JDBC URL in parts. Credentials are noted, never kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct JdbcUrl<'a> {
    /// The kind of database that the scheme belongs to.
    pub kind: ArtifactoryDatabaseType,
    /// The host, where the form has one that can be read.
    pub host: Option<&'a str>,
    /// The port; the driver's own where none is written.
    pub port: Option<u16>,
    /// The name of the database, where one is written.
    pub database: Option<&'a str>,
    /// Whether a user or a password stands in it.
    pub has_credentials: bool,
}

impl<'a> JdbcUrl<'a> {
    /// Parses the URL; nothing when it isn't one of a database that Artifactory runs on.
    pub fn parse(text: &'a str) -> Option<Self> {
        let (scheme, rest) = text.strip_prefix("jdbc:")?.split_once(':')?;
        match scheme {
            "postgresql" => by_path(ArtifactoryDatabaseType::Postgresql, 5432, rest),
            "mysql" => by_path(ArtifactoryDatabaseType::Mysql, 3306, rest),
            "mariadb" => by_path(ArtifactoryDatabaseType::Mariadb, 3306, rest),
            "sqlserver" => by_property(rest),
            "oracle" => oracle(rest),
            "derby" => Some(Self {
                kind: ArtifactoryDatabaseType::Derby,
                host: None,
                port: None,
                database: given(rest.split(';').next()?),
                has_credentials: rest.split(';').any(is_credential),
            }),
            _ => None,
        }
    }
}

/// `//host:port/database?user=…`
fn by_path(kind: ArtifactoryDatabaseType, port: u16, rest: &str) -> Option<JdbcUrl<'_>> {
    let rest = rest.strip_prefix("//")?;
    let (address, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, database) = address.split_once('/').unwrap_or((address, ""));
    let host = authority.rsplit('@').next().unwrap_or(authority);
    Some(JdbcUrl {
        kind,
        host: given(without_port(host)),
        port: Some(port_of(host).unwrap_or(port)),
        database: given(database),
        has_credentials: authority.contains('@') || query.split('&').any(is_credential),
    })
}

/// `//host:port;databaseName=…;user=…`
fn by_property(rest: &str) -> Option<JdbcUrl<'_>> {
    let mut parts = rest.strip_prefix("//")?.split(';');
    let authority = parts.next()?;
    let host = without_port(authority);
    let properties: Vec<&str> = parts.collect();
    Some(JdbcUrl {
        kind: ArtifactoryDatabaseType::Mssql,
        host: given(host.split('\\').next().unwrap_or(host)),
        port: Some(port_of(authority).unwrap_or(1433)),
        database: properties.iter().find_map(|property| {
            let (name, value) = property.split_once('=')?;
            let wanted = ["databasename", "database"].contains(&name.trim().to_ascii_lowercase().as_str());
            given(value).filter(|_| wanted)
        }),
        has_credentials: properties.iter().any(|property| is_credential(property)),
    })
}

/// `thin:@//host:port/service` and `thin:@host:port:sid`; a whole description has no host to read.
fn oracle(rest: &str) -> Option<JdbcUrl<'_>> {
    let (before, address) = rest.split_once('@')?;
    let user = before.split_once(':').map_or("", |(_, user)| user);
    let plain = address.strip_prefix("//").unwrap_or(address);
    let described = plain.starts_with('(');
    let host = plain.split([':', '/']).next().unwrap_or_default();
    let database = plain.rsplit([':', '/']).next().filter(|name| *name != plain);
    Some(JdbcUrl {
        kind: ArtifactoryDatabaseType::Oracle,
        host: given(host).filter(|_| !described),
        port: Some(port_of(plain.split('/').next().unwrap_or_default()).unwrap_or(1521)),
        database: if described {
            Some(plain)
        } else {
            database.and_then(given)
        },
        has_credentials: !user.is_empty(),
    })
}

fn is_credential(property: &str) -> bool {
    let name = property
        .split('=')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    ["user", "username", "password"].contains(&name.as_str()) && property.contains('=')
}

/// The first host of a list, without its port; an IPv6 address keeps its colons.
fn without_port(authority: &str) -> &str {
    let first = authority.split(',').next().unwrap_or(authority);
    match first.strip_prefix('[') {
        Some(bracketed) => bracketed.split(']').next().unwrap_or(bracketed),
        None => first.split(':').next().unwrap_or(first),
    }
}

/// The port behind the first host, where one is written.
fn port_of(authority: &str) -> Option<u16> {
    let first = authority.split(',').next()?;
    let after = first.rsplit_once(']').map_or(first, |(_, after)| after);
    after.split(':').nth(1)?.parse().ok()
}

fn given(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_driver_s_form_gives_host_and_database() {
        for (text, host, database) in [
            (
                "jdbc:postgresql://postgres:5432/artdb",
                Some("postgres"),
                Some("artdb"),
            ),
            (
                "jdbc:postgresql://[::1]:5432/artdb?ssl=true",
                Some("::1"),
                Some("artdb"),
            ),
            (
                "jdbc:mysql://db.example.com/art?useSSL=true",
                Some("db.example.com"),
                Some("art"),
            ),
            ("jdbc:mariadb://db:3306/", Some("db"), None),
            (
                "jdbc:sqlserver://db:1433;databaseName=art;encrypt=true",
                Some("db"),
                Some("art"),
            ),
            ("jdbc:oracle:thin:@//db:1521/ORCL", Some("db"), Some("ORCL")),
            ("jdbc:oracle:thin:@db:1521:ORCL", Some("db"), Some("ORCL")),
            ("jdbc:derby:/data/derby;create=true", None, Some("/data/derby")),
        ] {
            let url = JdbcUrl::parse(text).unwrap();
            assert_eq!(
                (url.host, url.database, url.has_credentials),
                (host, database, false),
                "{text}"
            );
        }
    }

    #[test]
    fn the_port_is_the_written_one_or_the_driver_s_own() {
        for (text, port) in [
            ("jdbc:postgresql://postgres:5433/artdb", Some(5433)),
            ("jdbc:postgresql://[::1]:5434,other:1/artdb", Some(5434)),
            ("jdbc:postgresql://db/artdb", Some(5432)),
            ("jdbc:mysql://db/art", Some(3306)),
            ("jdbc:sqlserver://db;databaseName=art", Some(1433)),
            ("jdbc:sqlserver://db:1444;databaseName=art", Some(1444)),
            ("jdbc:oracle:thin:@//db:1522/ORCL", Some(1522)),
            ("jdbc:oracle:thin:@db:1523:ORCL", Some(1523)),
            ("jdbc:derby:/data/derby", None),
        ] {
            assert_eq!(JdbcUrl::parse(text).unwrap().port, port, "{text}");
        }
    }

    #[test]
    fn credentials_are_seen_in_each_place() {
        for text in [
            "jdbc:postgresql://db/art?user=me&password=pw",
            "jdbc:postgresql://me:pw@db/art",
            "jdbc:sqlserver://db;databaseName=art;user=sa;password=pw",
            "jdbc:oracle:thin:scott/tiger@db:1521:ORCL",
        ] {
            assert!(JdbcUrl::parse(text).unwrap().has_credentials, "{text}");
        }
    }

    #[test]
    fn other_texts_are_none() {
        for text in [
            "",
            "postgresql://db/art",
            "jdbc:postgresql:art",
            "jdbc:mongo://db/art",
            "jdbc:",
        ] {
            assert!(JdbcUrl::parse(text).is_none(), "{text}");
        }
    }
}
