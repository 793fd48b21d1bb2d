use super::settled::Settled;
use crate::object::Object;
use crate::render::Rendering;
use crate::render::registry::Component;
use crate::render::workload::{self, Door};

/// The port of the router: pages, API, and all that clients ask for.
pub(super) const ROUTER: &str = "http-router";
pub(super) const ROUTER_PORT: u16 = 8082;
/// The port of Artifactory itself, behind the router.
pub(super) const ARTIFACTORY: &str = "artifactory";
pub(super) const ARTIFACTORY_PORT: u16 = 8081;
/// The Services, and the ways in from outside.
pub(super) fn services(component: &Component<'_>, settled: &Settled<'_>, rendering: &mut Rendering<'_>) {
    let door = |name: &'static str, port| Door {
        name: name.into(),
        port,
        is_https: false,
        host_prefix: None,
    };
    let router = door(ROUTER, ROUTER_PORT);
    let doors = [router.clone(), door(ARTIFACTORY, ARTIFACTORY_PORT)];
    workload::door_service(component, &doors, rendering);
    workload::headless(component, (ROUTER, ROUTER_PORT, Some("http")), rendering);
    let tls = certificate(settled, rendering);
    workload::door_ways_in(component, &[router], ("/", tls.as_deref()), rendering);
}

/// The Secret of the certificate of `security.ssl`: the named one, or one made of what is given.
fn certificate(settled: &Settled<'_>, rendering: &mut Rendering<'_>) -> Option<String> {
    let ssl = &settled.spec.security.ssl;
    if !ssl.enabled {
        return None;
    }
    if let Some(name) = ssl.secret_name.as_ref().filter(|name| !name.is_empty()) {
        return Some(name.text().to_owned());
    }
    let key = ssl.key.as_ref().filter(|key| !key.is_empty())?;
    if ssl.certificate.is_empty() {
        return None;
    }
    let certificate = if ssl.certificate.contains("-----BEGIN") {
        ssl.certificate.as_str().into()
    } else {
        berth_config::value::SecretValue::File(ssl.certificate.clone())
    };
    let registry = settled.registry;
    let certificate = rendering.value_of(registry, "security.ssl.certificate", &certificate)?;
    let key = rendering.value_of(registry, "security.ssl.key", key)?;
    let metadata = registry.metadata("tls");
    let name = metadata.name.clone();
    let secret = crate::object::Secret::tls(certificate, key);
    rendering.add(settled.document, Object::new(metadata, &secret));
    Some(name)
}
