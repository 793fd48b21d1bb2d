use berth_config::sections::ArtifactoryRegistry;
use berth_config::value::{ArtifactoryDatabaseType, Private, SecretValue};

use super::database;
use super::prepare;
use super::settled::Settled;
use crate::object::{EnvVar, SecretText};
use crate::render::secret_parts::SecretParts;
use crate::render::workload::OwnDatabase;
use crate::render::{Recipe, Rendering};

/// Where the pod sees the files of secrets, before Artifactory starts.
pub(super) const FOLDER: &str = "/run/secrets/artifactory";
/// The file of the key that protects everything.
pub(super) const MASTER_KEY: &str = "master.key";
/// The file of the key by which nodes join.
pub(super) const JOIN_KEY: &str = "join.key";
/// The variable of the password of the database.
pub(super) const DATABASE_PASSWORD: &str = "JF_SHARED_DATABASE_PASSWORD";

const ADMIN_PASSWORD: &str = "admin-password";
const OPTIONS: &str = "JF_SHARED_EXTRAJAVAOPTS";

/// How long a password is: 32 letters and digits are 190 bits.
const LENGTH: usize = 32;

/// The file of a licence.
pub(super) fn license(index: usize) -> String {
    format!("license-{index}")
}

/// The secrets of an Artifactory: those that are given, and those that are made once.
pub(super) fn gather<'a>(settled: &Settled<'a>, rendering: &mut Rendering<'_>) -> SecretParts<'a> {
    let mut parts = SecretParts::credentials(settled.registry);
    keys(settled, &mut parts, rendering);
    let spec = settled.spec;
    if let Some(secret) = given(spec.admin_password.as_ref()) {
        parts.file(prepare::ADMIN_PASSWORD, ("adminPassword", secret), rendering);
    } else {
        let recipe = Recipe::Text { length: LENGTH };
        let at = rendering.make_once(settled.registry, ADMIN_PASSWORD, recipe);
        parts.file_at(prepare::ADMIN_PASSWORD, &at);
    }
    for (index, secret) in spec.licenses.iter().enumerate() {
        let path = format!("licenses[{index}]");
        parts.file(&license(index), (&path, secret), rendering);
    }
    if settled.database != ArtifactoryDatabaseType::Derby {
        database(settled, &mut parts, rendering);
    }
    if let Some(store) = &spec.filestore {
        for (file, path, secret) in [
            (prepare::IDENTITY, "filestore.identity", &store.identity),
            (prepare::CREDENTIAL, "filestore.credential", &store.credential),
        ] {
            if let Some(secret) = given(secret.as_ref()) {
                parts.file(file, (path, secret), rendering);
            }
        }
    }
    let options = java(spec);
    if has_private_options(spec) {
        let at = parts.keep("java-options", SecretText::from(options));
        parts.env_at(OPTIONS, at);
    }
    parts
}

/// Options of the Java machine that hold nothing private.
pub(super) fn options(spec: &ArtifactoryRegistry) -> Option<EnvVar> {
    (!has_private_options(spec)).then(|| EnvVar::plain(OPTIONS, java(spec)))
}

/// The keys must never change: Artifactory stops when the master key isn't the one it began with.
fn keys(settled: &Settled<'_>, parts: &mut SecretParts<'_>, rendering: &mut Rendering<'_>) {
    let spec = settled.spec;
    let digits = if is_short(&spec.security.encryption.algorithm) {
        32
    } else {
        64
    };
    for (file, path, secret, digits) in [
        (MASTER_KEY, "masterKey", &spec.master_key, digits),
        (JOIN_KEY, "joinKey", &spec.join_key, 64),
    ] {
        if let Some(secret) = given(secret.as_ref()) {
            parts.file(file, (path, secret), rendering);
        } else {
            let key = file.replace('.', "-");
            let at = rendering.make_once(settled.registry, &key, Recipe::Hexadecimal { digits });
            parts.file_at(file, &at);
        }
    }
}

/// Whether the algorithm is the one with the short key.
fn is_short(algorithm: &str) -> bool {
    algorithm.to_ascii_uppercase().replace('-', "") == "AES128"
}

/// The URL is kept with the secrets: people put passwords into it.
fn database(settled: &Settled<'_>, parts: &mut SecretParts<'_>, rendering: &mut Rendering<'_>) {
    let given_one = &settled.spec.database;
    let own = database::own(settled);
    let url = own
        .as_ref()
        .map_or_else(|| given_one.url.clone(), OwnDatabase::url);
    let user = own
        .as_ref()
        .map_or(given_one.username.as_str(), |own| own.username);
    for (variable, key, value) in [
        ("JF_SHARED_DATABASE_URL", "database-url", url.as_str()),
        ("JF_SHARED_DATABASE_USERNAME", "database-user", user),
    ] {
        if !value.is_empty() {
            let at = parts.keep(key, SecretText::from(value));
            parts.env_at(variable, at);
        }
    }
    if let Some(password) = given(given_one.password.as_ref()) {
        let secret = ("database.password", password);
        parts.env(DATABASE_PASSWORD, "database-password", secret, rendering);
    } else if own.is_some() {
        let made = OwnDatabase::made_password(settled.registry, rendering);
        parts.env_at(DATABASE_PASSWORD, made);
    }
}

fn java(spec: &ArtifactoryRegistry) -> String {
    let mut options = Vec::new();
    if let Some(jvm) = &spec.jvm {
        let sizes = [("-Xms", &jvm.min_memory), ("-Xmx", &jvm.max_memory)];
        let given = sizes
            .into_iter()
            .filter_map(|(option, size)| Some((option, size.as_ref()?)));
        options.extend(given.map(|(option, size)| format!("{option}{}", size.text())));
    }
    options.push("-Dartifactory.graceful.shutdown.max.request.duration.millis=30000".to_owned());
    let more = spec.jvm.iter().flat_map(|jvm| &jvm.extra_options);
    options.extend(more.map(Private::expose).map(str::to_owned));
    options.join(" ")
}

fn has_private_options(spec: &ArtifactoryRegistry) -> bool {
    spec.jvm.as_ref().is_some_and(|jvm| !jvm.extra_options.is_empty())
}

fn given(secret: Option<&SecretValue>) -> Option<&SecretValue> {
    secret.filter(|secret| !secret.is_empty())
}
