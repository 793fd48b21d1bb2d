use berth_config::sections::{
    DockerEndpoint, DockerHttpHealth, DockerRedis, DockerRegistry, DockerTcpHealth, DockerUrlValidation,
};
use serde_json::Value as Json;

use crate::render::fields::Fields;

/// Who is told of events. Endpoints whose headers hold secrets come by the environment, all of them.
pub(super) fn notifications(spec: &DockerRegistry) -> Fields {
    let notifications = &spec.notifications;
    let endpoints = if has_headers(&notifications.endpoints) {
        Vec::new()
    } else {
        let endpoints = notifications.endpoints.iter();
        endpoints
            .map(|endpoint_| endpoint(endpoint_, None))
            .map(Json::from)
            .collect()
    };
    let events = notifications.events.as_ref();
    Fields::new().with_list("endpoints", endpoints).with_some(
        "events",
        events.map(|events| Fields::new().with("includereferences", events.includereferences)),
    )
}

/// Whether an endpoint has headers.
pub(in crate::render::docker_registry) fn has_headers(endpoints: &[DockerEndpoint]) -> bool {
    endpoints.iter().any(|endpoint| !endpoint.headers.is_empty())
}

/// An endpoint, with the values of its headers where they may stand.
pub(in crate::render::docker_registry) fn endpoint(
    endpoint: &DockerEndpoint,
    headers: Option<Fields>,
) -> Fields {
    let ignored = endpoint.ignore.as_ref().map(|ignored| {
        Fields::new()
            .with_list("mediatypes", ignored.mediatypes.clone())
            .with_list("actions", ignored.actions.clone())
    });
    Fields::new()
        .with("name", endpoint.name.as_str())
        .with("disabled", endpoint.disabled)
        .with_written("url", Some(&endpoint.url))
        .with_section("headers", headers.unwrap_or_default())
        .with_written("timeout", endpoint.timeout.as_ref())
        .with_some("threshold", endpoint.threshold)
        .with_written("backoff", endpoint.backoff.as_ref())
        .with_section("ignore", ignored.unwrap_or_default())
}

/// The Redis of the cache.
pub(super) fn redis(spec: &DockerRegistry) -> Fields {
    spec.redis.as_ref().map(connection).unwrap_or_default()
}

fn connection(redis: &DockerRedis) -> Fields {
    let pool = redis.pool.as_ref().map(|pool| {
        Fields::new()
            .with_some("maxidle", pool.maxidle)
            .with_some("maxactive", pool.maxactive)
            .with_written("idletimeout", pool.idletimeout.as_ref())
    });
    Fields::new()
        .with_written("addr", Some(&redis.addr))
        .with_some("db", redis.db)
        .with_written("dialtimeout", redis.dialtimeout.as_ref())
        .with_written("readtimeout", redis.readtimeout.as_ref())
        .with_written("writetimeout", redis.writetimeout.as_ref())
        .with_section("pool", pool.unwrap_or_default())
}

/// What the registry checks of itself. URLs whose headers hold secrets come by the environment, all of them.
pub(super) fn health(spec: &DockerRegistry) -> Fields {
    let Some(health) = &spec.health else {
        return Fields::new();
    };
    let storage = health.storagedriver.as_ref().map(|storage| {
        Fields::new()
            .with("enabled", storage.enabled)
            .with_written("interval", storage.interval.as_ref())
            .with_some("threshold", storage.threshold)
    });
    let files = health.file.iter().map(|file| {
        Fields::new()
            .with("file", file.file.as_str())
            .with_written("interval", file.interval.as_ref())
    });
    let urls = if has_secret_headers(&health.http) {
        Vec::new()
    } else {
        health.http.iter().map(|check| url(check, None)).collect()
    };
    Fields::new()
        .with_some("storagedriver", storage)
        .with_list("file", files)
        .with_list("http", urls)
        .with_list("tcp", health.tcp.iter().map(tcp))
}

/// Whether a check has headers.
pub(in crate::render::docker_registry) fn has_secret_headers(checks: &[DockerHttpHealth]) -> bool {
    checks.iter().any(|check| !check.headers.is_empty())
}

/// A URL that must answer, with the values of its headers where they may stand.
pub(in crate::render::docker_registry) fn url(check: &DockerHttpHealth, headers: Option<Fields>) -> Fields {
    Fields::new()
        .with_written("uri", Some(&check.uri))
        .with_section("headers", headers.unwrap_or_default())
        .with_some("statuscode", check.statuscode)
        .with_written("timeout", check.timeout.as_ref())
        .with_written("interval", check.interval.as_ref())
        .with_some("threshold", check.threshold)
}

fn tcp(check: &DockerTcpHealth) -> Fields {
    Fields::new()
        .with_written("addr", Some(&check.addr))
        .with_written("timeout", check.timeout.as_ref())
        .with_written("interval", check.interval.as_ref())
        .with_some("threshold", check.threshold)
}

/// The registry that it is a cache of.
pub(super) fn proxy(spec: &DockerRegistry) -> Fields {
    let Some(proxy) = &spec.proxy else {
        return Fields::new();
    };
    Fields::new()
        .with_written("remoteurl", Some(&proxy.remoteurl))
        .with_some("username", proxy.username.as_deref())
}

/// What manifests may refer to.
pub(super) fn validation(spec: &DockerRegistry) -> Fields {
    let Some(validation) = &spec.validation else {
        return Fields::new();
    };
    let urls = validation
        .manifests
        .as_ref()
        .and_then(|manifests| manifests.urls.as_ref());
    let urls = urls.map(patterns).unwrap_or_default();
    Fields::new()
        .with("disabled", validation.disabled)
        .with_section("manifests", Fields::new().with_section("urls", urls))
}

fn patterns(urls: &DockerUrlValidation) -> Fields {
    Fields::new()
        .with_list("allow", urls.allow.clone())
        .with_list("deny", urls.deny.clone())
}
