use berth_config::sections::HarborRegistry;

use crate::render::registry::Registry;

/// The URL by which clients know a Harbor: as declared, else that of its exposure, else that of its Service.
pub(super) fn of(registry: &Registry<'_>, spec: &HarborRegistry) -> String {
    if let Some(url) = spec.external_url.as_ref().filter(|url| url.value().is_some()) {
        return url.text().trim_end_matches('/').to_owned();
    }
    let exposure = spec.exposure.as_ref();
    if let Some(ingress) = exposure.and_then(|exposure| exposure.ingress.as_ref()) {
        return of_host(ingress.tls.is_some(), &ingress.host);
    }
    if let Some(gateway) = exposure.and_then(|exposure| exposure.gateway.as_ref()) {
        return of_host(gateway.tls, &gateway.host);
    }
    if registry.site.is_host() {
        return format!("http://127.0.0.1:{}", super::proxy::LISTENS);
    }
    let name = registry.object_name("");
    format!("http://{name}.{}.svc", registry.namespace)
}

fn of_host(tls: bool, host: &str) -> String {
    format!("{}://{host}", if tls { "https" } else { "http" })
}
