//! `config.yml`, as the program reads it. No secret stands in it: those come by the environment and as files.

mod http;
mod operation;
mod storage;

pub(super) use operation::{endpoint, has_headers, has_secret_headers, url};
pub(super) use storage::middleware;

use super::authentication::{Authentication, REALM};
use super::secrets::HTPASSWD;
use super::settled::Settled;
use crate::render::fields::Fields;

/// The whole configuration.
pub(super) fn config(settled: &Settled<'_>) -> Fields {
    let spec = settled.spec;
    Fields::new()
        .with("version", "0.1")
        .with_section("log", log(settled))
        .with_section("storage", storage::storage(settled))
        .with_section("middleware", middleware(settled))
        .with_section("auth", auth(settled))
        .with_section("http", http::http(settled))
        .with_section("notifications", operation::notifications(spec))
        .with_section("redis", operation::redis(spec))
        .with_section("health", operation::health(spec))
        .with_section("proxy", operation::proxy(spec))
        .with_section("validation", operation::validation(spec))
}

fn log(settled: &Settled<'_>) -> Fields {
    let log = &settled.spec.log;
    let access = log.accesslog.as_ref();
    let fields = log.fields.iter().fold(Fields::new(), |fields, (key, value)| {
        fields.with(key, value.as_str())
    });
    Fields::new()
        .with_some(
            "accesslog",
            access.map(|access| Fields::new().with("disabled", access.disabled)),
        )
        .with_written("level", Some(&log.level))
        .with_written("formatter", Some(&log.format))
        .with_section("fields", fields)
}

fn auth(settled: &Settled<'_>) -> Fields {
    let realm = || {
        let given = settled.spec.auth.htpasswd.as_ref();
        given
            .and_then(|htpasswd| htpasswd.realm.as_deref())
            .unwrap_or(REALM)
    };
    match settled.authentication {
        Authentication::Open => Fields::new(),
        Authentication::Silly => {
            let silly = Fields::new()
                .with("realm", realm())
                .with("service", settled.spec.auth.token.service.as_str());
            Fields::new().with_section("silly", silly)
        }
        Authentication::Htpasswd(_) => {
            let htpasswd = Fields::new()
                .with("realm", realm())
                .with("path", settled.secret(HTPASSWD));
            Fields::new().with_section("htpasswd", htpasswd)
        }
        Authentication::Token(token) => {
            let fields = Fields::new()
                .with_written("realm", Some(&token.realm))
                .with("service", token.service.as_str())
                .with("issuer", token.issuer.as_str())
                .with("rootcertbundle", settled.bundle_path(token))
                .with_some("autoredirect", token.autoredirect);
            Fields::new().with_section("token", fields)
        }
    }
}
