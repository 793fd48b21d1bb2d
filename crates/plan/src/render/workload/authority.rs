use crate::object::{KeyToPath, Volume};
use crate::render::registry::{Component, Registry};
use crate::render::{Recipe, Rendering};

/// The keys of the authority, among what is made once.
const AUTHORITY_KEY: &str = "authority.key";
const AUTHORITY: &str = "authority.crt";

/// Has a certificate made once for a component, by an authority of the registry's own: for its Service by all its names,
/// for what else is named, and for the pod itself.
pub(crate) fn make_certificate(
    component: &Component<'_>,
    service: &str,
    more: &[String],
    rendering: &mut Rendering<'_>,
) {
    let registry = component.registry;
    let authority = format!("{} authority", registry.name);
    rendering.make_once(registry, AUTHORITY_KEY, Recipe::EcKey);
    let recipe = Recipe::Authority {
        name: authority.clone(),
        key: AUTHORITY_KEY,
    };
    rendering.make_once(registry, AUTHORITY, recipe);
    let key = key_of(component.name);
    rendering.make_once(registry, &key, Recipe::EcKey);
    let mut hosts = hosts(registry, service);
    hosts.extend_from_slice(more);
    let recipe = Recipe::Certificate {
        key,
        authority,
        authority_key: AUTHORITY_KEY,
        hosts,
    };
    rendering.make_once(registry, &certificate_of(component.name), recipe);
}

/// A certificate that was made, its key and its authority, as the files `tls.crt`, `tls.key` and `ca.crt`.
pub(crate) fn certificate_volume(registry: &Registry<'_>, volume: &str, component: &str) -> Volume {
    let items = vec![
        KeyToPath::of(&certificate_of(component), "tls.crt"),
        KeyToPath::of(&key_of(component), "tls.key"),
        KeyToPath::of(AUTHORITY, "ca.crt"),
    ];
    Volume::secret(volume, &registry.object_name("made-once"), items)
}

/// The names and addresses of a Service and of its pods to themselves.
pub(crate) fn hosts(registry: &Registry<'_>, service: &str) -> Vec<String> {
    let namespace = registry.namespace;
    vec![
        service.to_owned(),
        format!("{service}.{namespace}"),
        format!("{service}.{namespace}.svc"),
        format!("{service}.{namespace}.svc.cluster.local"),
        "localhost".to_owned(),
        "127.0.0.1".to_owned(),
    ]
}

fn key_of(component: &str) -> String {
    format!("{component}-tls.key")
}

fn certificate_of(component: &str) -> String {
    format!("{component}-tls.crt")
}
