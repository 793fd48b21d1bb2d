use berth_config::document::Document;
use berth_config::sections::{DockerRegistry, DockerTokenAuth};
use berth_config::value::{AuthScheme, SecretValue};
use indexmap::IndexMap;

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

impl<'a> Authentication<'a> {
    /// The users of the document, where the hash of one lies in the cluster: the file of users is then put together in the
    /// pod.
    pub(super) fn users_of_the_cluster(self) -> Option<&'a IndexMap<String, SecretValue>> {
        let Self::Htpasswd(Users::Given(users)) = self else {
            return None;
        };
        let is_away = |hash: &SecretValue| matches!(hash, SecretValue::SecretKeyRef(_));
        users.values().any(is_away).then_some(users)
    }
}

/// What a login dialog names the place.
pub(super) const REALM: &str = "Registry Realm";

/// Decides who is let in; that everybody is, is told.
pub(super) fn of<'a>(
    document: &Document,
    spec: &'a DockerRegistry,
    rendering: &mut Rendering<'_>,
) -> Authentication<'a> {
    match spec.auth.scheme.value() {
        _ if !spec.auth.enabled => open(document, "auth.enabled", rendering),
        Some(AuthScheme::None) => open(document, "auth.scheme", rendering),
        Some(AuthScheme::Silly) => Authentication::Silly,
        Some(AuthScheme::Bearer) if document.is_set("auth.token.realm") => {
            Authentication::Token(&spec.auth.token)
        }
        // The default realm stands for the registry's own tokens, which are not there yet: DR-036 says so.
        Some(AuthScheme::Bearer | AuthScheme::Basic) | None => Authentication::Htpasswd(users(spec)),
    }
}

fn open<'a>(document: &Document, path: &str, rendering: &mut Rendering<'_>) -> Authentication<'a> {
    rendering
        .tell(document, path, codes::RN_004, "whoever reaches the pods may push and delete")
        .help("switch authentication on, or name the namespaces that may come in in networkPolicy.fromNamespaces");
    Authentication::Open
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
