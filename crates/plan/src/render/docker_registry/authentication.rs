use berth_config::sections::{DockerRegistry, DockerTokenAuth};
use berth_config::value::{AuthScheme, HostPort, SecretValue};
use indexmap::IndexMap;

use crate::render::registry::Registry;
use crate::render::{Rendering, codes};

/// Who is let in.
#[derive(Clone, Copy)]
pub(super) enum Authentication<'a> {
    /// Everybody.
    Open,
    /// Whoever sends any header: for tests.
    Silly,
    /// Users with passwords.
    Htpasswd(Users<'a>),
    /// Whoever has a token of a token service.
    Token(&'a DockerTokenAuth),
}

/// Where the users come from.
#[derive(Clone, Copy)]
pub(super) enum Users<'a> {
    /// A file that Berth reads.
    File(&'a str),
    /// The document: the bcrypt hashes of their passwords.
    Given(&'a IndexMap<String, SecretValue>),
    /// `admin`, with a password that is made once.
    MadeOnceAdmin,
}

/// What a login dialog names the place.
pub(super) const REALM: &str = "Registry Realm";

/// Decides who is let in; that everybody is, is told.
pub(super) fn of<'a>(
    registry: &Registry<'_>,
    spec: &'a DockerRegistry,
    rendering: &mut Rendering<'_>,
) -> Authentication<'a> {
    let document = registry.document;
    let open = |path, rendering: &mut Rendering<'_>| {
        tell_open(registry, spec, path, rendering);
        Authentication::Open
    };
    match spec.auth.scheme.value() {
        _ if !spec.auth.enabled => open("auth.enabled", rendering),
        Some(AuthScheme::None) => open("auth.scheme", rendering),
        Some(AuthScheme::Silly) => Authentication::Silly,
        Some(AuthScheme::Bearer) if document.is_set("auth.token.realm") => {
            Authentication::Token(&spec.auth.token)
        }
        // The default realm stands for the registry's own tokens, which are not there yet: DR-036 says so.
        Some(AuthScheme::Bearer | AuthScheme::Basic) | None => Authentication::Htpasswd(users(spec)),
    }
}

/// Tells that everybody is let in, unless nobody else reaches it.
fn tell_open(registry: &Registry<'_>, spec: &DockerRegistry, path: &str, rendering: &mut Rendering<'_>) {
    let (whoever, help) = if !registry.site.is_host() {
        (
            "whoever reaches the pods may push and delete",
            "switch authentication on, or name the namespaces that may come in in networkPolicy.fromNamespaces",
        )
    } else if spec.http.addr.value().is_some_and(HostPort::is_loopback) {
        return;
    } else {
        (
            "whoever reaches this host may push and delete",
            "switch authentication on, or listen on 127.0.0.1",
        )
    };
    rendering
        .tell(registry.document, path, codes::RN_004, whoever)
        .help(help);
}

fn users(spec: &DockerRegistry) -> Users<'_> {
    let Some(htpasswd) = &spec.auth.htpasswd else {
        return Users::MadeOnceAdmin;
    };
    match htpasswd.path.as_deref() {
        Some(path) if !path.is_empty() => Users::File(path),
        _ if htpasswd.users.is_empty() => Users::MadeOnceAdmin,
        _ => Users::Given(&htpasswd.users),
    }
}
