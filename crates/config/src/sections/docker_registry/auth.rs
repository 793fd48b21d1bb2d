use indexmap::IndexMap;

use crate::section::section;
use crate::value::{AuthScheme, HttpUrl, KubernetesSubdomain, SecretValue, Written};

section! {
    /// Who may use it.
    pub struct DockerAuth {
        /// Whether anybody must say who they are.
        core enabled: bool = true;
        /// How: bearer or basic.
        core scheme: Written<AuthScheme> = "bearer";
        /// The token service of `bearer`.
        core token: DockerTokenAuth;
        /// The users of `basic`.
        extension htpasswd: Option<DockerHtpasswd>;
    }
}

section! {
    /// A token service.
    pub struct DockerTokenAuth {
        /// Where clients get tokens; the default means Berth's own.
        core realm: Written<HttpUrl> = "https://auth.docker.io/v2/token", code "DR-037";
        /// The service that tokens are for.
        core service: String = "registry";
        /// Who issues them.
        core issuer: String = "registry-token-issuer";
        /// The file of the certificates they are signed with.
        core rootcertbundle: String = "/etc/registry/root.crt";
        /// The Secret that holds the bundle, to be mounted there.
        extension rootcertbundle_secret as "rootcertbundleSecret": Option<Written<KubernetesSubdomain>>;
        /// Whether the realm is put together from the request's host.
        extension autoredirect: Option<bool>;
    }
}

section! {
    /// Users with passwords.
    pub struct DockerHtpasswd {
        /// What clients are told they sign in to.
        extension realm: Option<String>;
        /// A file made by `htpasswd -B`.
        extension path: Option<String>;
        /// Users and the bcrypt hashes of their passwords.
        extension users: IndexMap<String, SecretValue>;
    }
}
