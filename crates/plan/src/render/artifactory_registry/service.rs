use super::nginx;
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
    let tls = certificate(settled, rendering);
    if settled.has_nginx() {
        workload::inner_service(component, &doors, rendering);
        workload::headless(component, (ROUTER, ROUTER_PORT, Some("http")), rendering);
        nginx::render(component, settled, tls.as_deref(), rendering);
        nginx::doors(settled, tls.as_deref(), rendering);
        return;
    }
    workload::door_service(component, &doors, rendering);
    workload::headless(component, (ROUTER, ROUTER_PORT, Some("http")), rendering);
    workload::door_ways_in(component, &[router], ("/", tls.as_deref()), rendering);
}

/// The keys of the Docker repositories that clients know by a host: those that can be part of one.
pub(super) fn docker_hosts(settled: &Settled<'_>) -> Vec<String> {
    if !settled.has_subdomains() {
        return Vec::new();
    }
    let declared = &settled.spec.repositories;
    let docker = &declared.docker;
    let classes = [
        (docker.local, "docker-local"),
        (docker.remote, "docker-remote"),
        (docker.virtual_, "docker-virtual"),
    ];
    let own = classes.into_iter().filter(|(is_on, _)| *is_on);
    let own = own.map(|(_, key)| key.to_owned());
    let custom = declared.custom.iter().filter(|it| it.package_type == "docker");
    let is_label = |key: &String| {
        !key.is_empty()
            && key
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    own.chain(custom.map(|it| it.key.clone()))
        .filter(is_label)
        .collect()
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
