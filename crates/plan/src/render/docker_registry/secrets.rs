mod backends;
mod tls;
pub(super) mod users;

use std::fmt::Write as _;

use berth_config::show::to_yaml;
use berth_config::value::SecretValue;
use indexmap::IndexMap;
use serde_json::Value as Json;

use super::authentication::{Authentication, Users};
use super::config::{endpoint, has_headers, has_secret_headers, url};
use super::settled::{Settled, has_inline_bundle};
use crate::object::SecretText;
use crate::render::fields::Fields;
use crate::render::secret_parts::SecretParts;
use crate::render::{Recipe, Rendering};

/// Where pods see the files of secrets.
pub(super) const FOLDER: &str = "/etc/registry/secrets";
/// The file of users and passwords.
pub(super) const HTPASSWD: &str = "htpasswd";
/// The file of the certificate.
pub(super) const CERTIFICATE: &str = "tls.crt";
/// The file of its key.
pub(super) const KEY: &str = "tls.key";
/// The file of the key for Google Cloud Storage.
pub(super) const GCS_KEY: &str = "gcs.json";
/// The file of the certificates of a token service, where they stand in the document.
pub(super) const BUNDLE: &str = "token-bundle.crt";

/// The file of the key of a storage middleware.
pub(super) fn middleware_key(index: usize) -> String {
    format!("middleware-{index}.pem")
}

/// The file of an authority whose clients are let in.
pub(super) fn client_authority(index: usize) -> String {
    format!("client-ca-{index}.crt")
}

/// The user whose password is made once.
const ADMIN: &str = "admin";
/// The keys in the made-once Secret.
const ADMIN_PASSWORD: &str = "admin-password";
const HTTP_SECRET: &str = "http-secret";

/// How long a password or a shared secret is: 32 letters and digits are 190 bits.
const LENGTH: usize = 32;

/// The secrets of a registry: those that are given, and those that are made once.
pub(super) fn gather<'a>(settled: &Settled<'a>, rendering: &mut Rendering<'_>) -> SecretParts<'a> {
    let mut parts = SecretParts::credentials(settled.registry);
    http_secret(settled, &mut parts, rendering);
    gather_files(settled, &mut parts, rendering);
    backends::gather(settled, &mut parts, rendering);
    headers_of_endpoints(settled, &mut parts, rendering);
    headers_of_checks(settled, &mut parts, rendering);
    parts
}

/// The files by which clients are known, and by which the registry is.
pub(super) fn gather_files(
    settled: &Settled<'_>,
    parts: &mut SecretParts<'_>,
    rendering: &mut Rendering<'_>,
) {
    match settled.authentication {
        Authentication::Htpasswd(users) => htpasswd(settled, users, parts, rendering),
        Authentication::Token(token) if has_inline_bundle(token) => {
            let at = parts.keep(BUNDLE, SecretText::from(token.rootcertbundle.as_str()));
            parts.file_at(BUNDLE, &at);
        }
        _ => {}
    }
    tls::gather(settled, parts, rendering);
}

/// Replicas, and the pod after this one, must agree on it, or uploads break off.
fn http_secret(settled: &Settled<'_>, parts: &mut SecretParts<'_>, rendering: &mut Rendering<'_>) {
    const VARIABLE: &str = "REGISTRY_HTTP_SECRET";
    let given = settled.spec.http.secret.as_ref();
    if let Some(secret) = given.filter(|secret| !secret.is_empty()) {
        parts.env(VARIABLE, HTTP_SECRET, ("http.secret", secret), rendering);
    } else {
        let recipe = Recipe::Text { length: LENGTH };
        let at = rendering.make_once(settled.registry, HTTP_SECRET, recipe);
        parts.env_at(VARIABLE, at);
    }
}

fn htpasswd(
    settled: &Settled<'_>,
    users: Users<'_>,
    parts: &mut SecretParts<'_>,
    rendering: &mut Rendering<'_>,
) {
    match users {
        Users::File(path) => {
            let file = SecretValue::File(path.to_owned());
            parts.file(HTPASSWD, ("auth.htpasswd.path", &file), rendering);
        }
        Users::Given(users) if settled.authentication.users_of_the_cluster().is_some() => {
            for (index, (user, hash)) in users.iter().enumerate() {
                let path = format!("auth.htpasswd.users.{user}");
                parts.file(&users::hash_file(index), (&path, hash), rendering);
            }
        }
        Users::Given(users) => {
            let text = lines(settled, users, rendering);
            let at = parts.keep(HTPASSWD, SecretText::from(text));
            parts.file_at(HTPASSWD, &at);
        }
        Users::MadeOnceAdmin => {
            rendering.make_once(settled.registry, ADMIN_PASSWORD, Recipe::Text { length: LENGTH });
            let recipe = Recipe::Htpasswd {
                user: ADMIN,
                password_key: ADMIN_PASSWORD,
            };
            let at = rendering.make_once(settled.registry, HTPASSWD, recipe);
            parts.file_at(HTPASSWD, &at);
        }
    }
}

fn lines(
    settled: &Settled<'_>,
    users: &IndexMap<String, SecretValue>,
    rendering: &mut Rendering<'_>,
) -> String {
    let mut text = String::new();
    for (user, hash) in users {
        let path = format!("auth.htpasswd.users.{user}");
        if let Some(hash) = rendering.value_of(settled.registry, &path, hash) {
            // Writing to a string doesn't fail.
            let _ = writeln!(text, "{user}:{}", hash.reveal().trim());
        }
    }
    text
}

/// The endpoints of notifications, headers and all, as the program reads them from its environment.
fn headers_of_endpoints(settled: &Settled<'_>, parts: &mut SecretParts<'_>, rendering: &mut Rendering<'_>) {
    let endpoints = &settled.spec.notifications.endpoints;
    if !has_headers(endpoints) {
        return;
    }
    let mut all: Vec<Json> = Vec::new();
    for (index, given) in endpoints.iter().enumerate() {
        let path = format!("notifications.endpoints[{index}].headers");
        let headers = headers(settled, &path, &given.headers, rendering);
        all.push(endpoint(given, Some(headers)).into());
    }
    let text = to_yaml(&Json::Array(all));
    let at = parts.keep("notification-endpoints", SecretText::from(text));
    parts.env_at("REGISTRY_NOTIFICATIONS_ENDPOINTS", at);
}

fn headers_of_checks(settled: &Settled<'_>, parts: &mut SecretParts<'_>, rendering: &mut Rendering<'_>) {
    let checks = settled
        .spec
        .health
        .as_ref()
        .map(|health| health.http.as_slice())
        .unwrap_or_default();
    if !has_secret_headers(checks) {
        return;
    }
    let mut all: Vec<Json> = Vec::new();
    for (index, given) in checks.iter().enumerate() {
        let path = format!("health.http[{index}].headers");
        let headers = headers(settled, &path, &given.headers, rendering);
        all.push(url(given, Some(headers)).into());
    }
    let at = parts.keep("health-checks", SecretText::from(to_yaml(&Json::Array(all))));
    parts.env_at("REGISTRY_HEALTH_HTTP", at);
}

fn headers(
    settled: &Settled<'_>,
    path: &str,
    headers: &IndexMap<String, Vec<SecretValue>>,
    rendering: &mut Rendering<'_>,
) -> Fields {
    headers.iter().fold(Fields::new(), |fields, (name, values)| {
        let path = format!("{path}.{name}");
        let values = values
            .iter()
            .filter_map(|value| rendering.value_of(settled.registry, &path, value));
        let values: Vec<String> = values.map(|value| value.reveal().to_owned()).collect();
        fields.with(name, values)
    })
}
