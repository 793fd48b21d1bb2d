//! How components reach what is outside the cluster, and where they send traces.

use super::environment::Environment;
use super::settled::Settled;

/// Components that use the proxy where the document doesn't say.
const PROXIED: [&str; 3] = ["core", "jobservice", "trivy"];
/// Hosts that are always reached without it.
const NEAR: &str = "127.0.0.1,localhost,.svc,.local,.internal";

/// The proxy of a component.
pub(super) fn proxied(settled: &Settled<'_>, component: &str, environment: Environment) -> Environment {
    let Some(proxy) = &settled.spec.proxy else {
        return environment;
    };
    let uses = if proxy.components.is_empty() {
        PROXIED.contains(&component)
    } else {
        proxy.components.iter().any(|name| name == component)
    };
    if !uses {
        return environment;
    }
    let own = [
        "core",
        "jobservice",
        "registry",
        "portal",
        "trivy",
        "exporter",
        "database",
        "redis",
    ];
    let mut without: Vec<String> = own
        .iter()
        .map(|name| settled.registry.object_name(name))
        .collect();
    without.push(NEAR.to_owned());
    without.extend(proxy.no_proxy.clone());
    let url = |url: &Option<berth_config::value::Written<berth_config::value::HttpUrl>>| {
        let right = url.as_ref().filter(|url| url.value().is_some());
        right.map(|url| url.text().to_owned())
    };
    environment
        .plain_some("HTTP_PROXY", url(&proxy.http_proxy))
        .plain_some("HTTPS_PROXY", url(&proxy.https_proxy))
        .plain("NO_PROXY", without.join(","))
}

/// Where a component sends traces.
pub(super) fn traced(settled: &Settled<'_>, component: &str, environment: Environment) -> Environment {
    let Some(trace) = settled.spec.trace.as_ref().filter(|trace| trace.enabled) else {
        return environment;
    };
    let environment = environment
        .plain("TRACE_ENABLED", "true")
        .plain("TRACE_SERVICE_NAME", format!("harbor-{component}"))
        .plain("TRACE_SAMPLE_RATE", trace.sample_rate.as_deref().unwrap_or("1"))
        .plain("TRACE_NAMESPACE", settled.registry.namespace);
    match trace.provider.as_deref() {
        Some("otel") => environment
            .plain_some("TRACE_OTEL_ENDPOINT", trace.endpoint.as_deref())
            .plain("TRACE_OTEL_URL_PATH", "/v1/traces")
            .plain("TRACE_OTEL_COMPRESSION", "false")
            .plain("TRACE_OTEL_INSECURE", "true")
            .plain("TRACE_OTEL_TIMEOUT", "10"),
        _ => environment.plain_some("TRACE_JAEGER_ENDPOINT", trace.endpoint.as_deref()),
    }
}
