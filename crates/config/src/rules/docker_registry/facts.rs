//! What several rules ask of the same document.

use crate::sections::{DockerRegistry, Exposure, Persistence};
use crate::value::{AccessMode, AuthScheme, Engine, HttpUrl, StorageDriver};

/// The text that the builder puts into `auth.token.realm`; it stands for the registry's own tokens.
const DEFAULT_REALM: &str = "https://auth.docker.io/v2/token";

/// Whether a cluster would run Docker's registry, and not Berth in its place.
pub(super) fn is_distribution(registry: &DockerRegistry) -> bool {
    registry.engine.as_ref().and_then(|engine| engine.value()) != Some(&Engine::Berth)
}

/// The driver, where it is a known one.
pub(super) fn driver(registry: &DockerRegistry) -> Option<StorageDriver> {
    registry.storage.driver.value().copied()
}

/// How many replicas there may be at once.
pub(super) fn most_replicas(registry: &DockerRegistry) -> i64 {
    match &registry.autoscaling {
        Some(autoscaling) if autoscaling.enabled => autoscaling.max_replicas.max(registry.replicas),
        _ => registry.replicas,
    }
}

/// The volume, where there is one.
pub(super) fn volume(registry: &DockerRegistry) -> Option<&Persistence> {
    registry
        .persistence
        .as_ref()
        .filter(|persistence| persistence.enabled)
}

/// How the volume may be mounted; what isn't said is for one node.
pub(super) fn access_mode(volume: &Persistence) -> AccessMode {
    volume
        .access_mode
        .as_ref()
        .and_then(|mode| mode.value().copied())
        .unwrap_or(AccessMode::ReadWriteOnce)
}

/// Whether nobody has to say who they are.
pub(super) fn is_open(registry: &DockerRegistry) -> bool {
    !registry.auth.enabled || scheme(registry) == Some(AuthScheme::None)
}

/// The scheme, where it is a known one.
pub(super) fn scheme(registry: &DockerRegistry) -> Option<AuthScheme> {
    registry.auth.scheme.value().copied()
}

/// Whether tokens of a token service that the document names are asked for.
pub(super) fn own_token_service(registry: &DockerRegistry) -> bool {
    asks_tokens(registry) && !default_realm(registry)
}

/// Whether tokens are asked for, of whatever service.
pub(super) fn asks_tokens(registry: &DockerRegistry) -> bool {
    registry.auth.enabled && scheme(registry) == Some(AuthScheme::Bearer)
}

/// Whether the realm is the builder's.
pub(super) fn default_realm(registry: &DockerRegistry) -> bool {
    registry.auth.token.realm.text() == DEFAULT_REALM
}

/// Whether clients from outside of the cluster are let in, and by which field.
pub(super) fn exposed(registry: &DockerRegistry) -> Option<&'static str> {
    let Exposure {
        ingress,
        gateway,
        load_balancer,
        node_port,
        ..
    } = registry.exposure.as_ref()?;
    [
        (ingress.is_some(), "exposure.ingress"),
        (gateway.is_some(), "exposure.gateway"),
        (load_balancer.is_some(), "exposure.loadBalancer"),
        (node_port.is_some(), "exposure.nodePort"),
    ]
    .into_iter()
    .find_map(|(given, path)| given.then_some(path))
}

/// Whether TLS is spoken anywhere between clients and the registry.
pub(super) fn has_tls(registry: &DockerRegistry) -> bool {
    let exposure = registry.exposure.as_ref();
    let ingress = exposure.and_then(|exposure| exposure.ingress.as_ref());
    let gateway = exposure.and_then(|exposure| exposure.gateway.as_ref());
    registry.http.tlsenabled
        || ingress.is_some_and(|ingress| ingress.tls.is_some())
        || gateway.is_some_and(|gateway| gateway.tls)
        || registry
            .external_url
            .as_ref()
            .and_then(|url| url.value())
            .is_some_and(HttpUrl::is_https)
}
