use std::fmt::Write as _;

use berth_config::nexus::Database;
use berth_config::sections::NexusRegistry;
use berth_config::value::Private;

use super::database;
use super::options::MORE;
use super::properties::OWN;
use super::settled::Settled;
use crate::object::{EnvVar, SecretText};
use crate::render::secret_parts::SecretParts;
use crate::render::workload::OwnDatabase;
use crate::render::{Recipe, Rendering, codes};

/// Where pods see the files of secrets.
pub(super) const FOLDER: &str = "/etc/nexus/secrets";
/// The licence.
pub(super) const LICENSE: &str = "license.lic";
/// Settings of the document: they may hold what nobody should read.
pub(super) const MORE_PROPERTIES: &str = "more.properties";

/// The variable of the password of PostgreSQL.
pub(super) const DATABASE_PASSWORD: &str = "NEXUS_DATASTORE_NEXUS_PASSWORD";

/// The keys of the Secrets.
const ADMIN_PASSWORD: &str = "admin-password";

/// How long a password is: 32 letters and digits are 190 bits.
const LENGTH: usize = 32;

/// Whether Berth gives Nexus its first password, rather than Nexus making one itself.
pub(super) fn sets_first_password(nexus: &NexusRegistry) -> bool {
    let given = nexus
        .admin_password
        .as_ref()
        .is_some_and(|given| !given.is_empty());
    given || nexus.random_password != Some(true)
}

/// The secrets of a Nexus: those that are given, and those that are made once.
pub(super) fn gather<'a>(settled: &Settled<'a>, rendering: &mut Rendering<'_>) -> SecretParts<'a> {
    let mut parts = SecretParts::new(settled.registry, "credentials");
    admin_password(settled, &mut parts, rendering);
    if let Some(license) = settled.spec.license.as_ref() {
        parts.file(LICENSE, ("license", license), rendering);
    }
    if settled.database == Database::Postgresql {
        database(settled, &mut parts, rendering);
    }
    more_properties(settled, &mut parts, rendering);
    let options: Vec<&str> = settled
        .spec
        .jvm
        .extra_options
        .iter()
        .map(Private::expose)
        .collect();
    if !options.is_empty() {
        let at = parts.keep("java-options", SecretText::from(options.join(" ")));
        parts.env_at(MORE, at);
    }
    parts
}

/// What Nexus reads at its first start only; later the password is changed in Nexus.
fn admin_password(settled: &Settled<'_>, parts: &mut SecretParts<'_>, rendering: &mut Rendering<'_>) {
    const VARIABLE: &str = "NEXUS_SECURITY_INITIAL_PASSWORD";
    let given = settled
        .spec
        .admin_password
        .as_ref()
        .filter(|given| !given.is_empty());
    if given.is_some() && settled.spec.random_password == Some(true) {
        let message = "`randomPassword` has no effect: `adminPassword` is given";
        rendering
            .tell(settled.document, "randomPassword", codes::RN_005, message)
            .help("leave one of the two out");
    }
    match given {
        Some(secret) => parts.env(VARIABLE, ADMIN_PASSWORD, ("adminPassword", secret), rendering),
        None if sets_first_password(settled.spec) => {
            let recipe = Recipe::Text { length: LENGTH };
            parts.env_at(
                VARIABLE,
                rendering.make_once(settled.registry, ADMIN_PASSWORD, recipe),
            );
        }
        None => {}
    }
}

/// The URL is kept with the secrets: people put passwords into it.
fn database(settled: &Settled<'_>, parts: &mut SecretParts<'_>, rendering: &mut Rendering<'_>) {
    let Some(database) = &settled.spec.database else {
        return;
    };
    let own = database::own(settled);
    let (url, user) = match &own {
        Some(own) => (Some(own.url()), Some(own.username.to_owned())),
        None => (database.url.clone(), database.username.clone()),
    };
    for (variable, key, value) in [
        ("NEXUS_DATASTORE_NEXUS_JDBCURL", "jdbc-url", url),
        ("NEXUS_DATASTORE_NEXUS_USERNAME", "database-user", user),
    ] {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            let at = parts.keep(key, SecretText::from(value));
            parts.env_at(variable, at);
        }
    }
    let password = database.password.as_ref().filter(|given| !given.is_empty());
    if let Some(password) = password {
        let secret = ("database.password", password);
        parts.env(DATABASE_PASSWORD, "database-password", secret, rendering);
    } else if own.is_some() {
        let made = OwnDatabase::made_password(settled.registry, rendering);
        parts.env_at(DATABASE_PASSWORD, made);
    }
}

fn more_properties(settled: &Settled<'_>, parts: &mut SecretParts<'_>, rendering: &mut Rendering<'_>) {
    let mut lines = String::new();
    for (key, value) in &settled.spec.properties {
        if OWN.contains(&key.as_str()) {
            let path = format!("properties.{key}");
            let message = "the pod's ports and probes rely on this setting, so it stays as it is";
            rendering
                .tell(settled.document, &path, codes::RN_005, message)
                .help("use `contextPath` for the path; the port is always 8081");
            continue;
        }
        let value = escaped(value.expose(), false);
        // Writing to a string doesn't fail.
        let _ = writeln!(lines, "{}={value}", escaped(key, true));
    }
    if !lines.is_empty() {
        let at = parts.keep(MORE_PROPERTIES, SecretText::from(lines));
        parts.file_at(MORE_PROPERTIES, &at);
    }
}

/// Text as a file of Java properties takes it.
pub(super) fn escaped(text: &str, is_key: bool) -> String {
    let mut escaped = String::new();
    for (index, letter) in text.chars().enumerate() {
        match letter {
            '\\' => escaped.push_str("\\\\"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            '#' | '!' if index == 0 => escaped.extend(['\\', letter]),
            ' ' if is_key || index == 0 => escaped.push_str("\\ "),
            '=' | ':' if is_key => escaped.extend(['\\', letter]),
            letter if letter.is_ascii() => escaped.push(letter),
            letter => {
                let mut units = [0; 2];
                for unit in letter.encode_utf16(&mut units) {
                    let _ = write!(escaped, "\\u{unit:04x}");
                }
            }
        }
    }
    escaped
}

/// Variables that say who makes the first password.
pub(super) fn password_variable(nexus: &NexusRegistry) -> EnvVar {
    let is_random = !sets_first_password(nexus);
    EnvVar::plain("NEXUS_SECURITY_RANDOMPASSWORD", is_random.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_survives_a_file_of_properties() {
        assert_eq!(escaped("a b:c=d", true), "a\\ b\\:c\\=d");
        assert_eq!(escaped(" a=b\\c\nd", false), "\\ a=b\\\\c\\nd");
        assert_eq!(escaped("#a", true), "\\#a");
        assert_eq!(escaped("ä", false), "\\u00e4");
    }

    #[test]
    fn nexus_makes_its_first_password_only_where_that_is_asked_for() {
        let mut nexus = NexusRegistry::default();
        assert!(sets_first_password(&nexus));
        nexus.random_password = Some(true);
        assert!(!sets_first_password(&nexus));
        nexus.admin_password = Some("given".into());
        assert!(sets_first_password(&nexus));
    }
}
