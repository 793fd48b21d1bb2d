use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value as Json;
use zeroize::Zeroizing;

use super::seen::text;

/// A pull secret without its values: what can be told of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PullSecret {
    /// The namespace.
    pub namespace: String,
    /// The name.
    pub name: String,
    /// The servers that it has credentials for, or why the kubelet passes it over.
    pub hosts: Result<Vec<PullSecretHost>, PullSecretFault>,
}

/// An entry of a pull secret.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PullSecretHost {
    /// The server, as it is written.
    pub server: String,
    /// The user; empty where there is none.
    pub user: String,
    /// Whether there is a password that isn't empty.
    pub has_password: bool,
}

/// Why a pull secret is no use.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PullSecretFault {
    /// It is of another type.
    #[error("its type is `{0}`, not `kubernetes.io/dockerconfigjson`")]
    OtherType(String),
    /// The key isn't there.
    #[error("it has no key `.dockerconfigjson`")]
    NoKey,
    /// The value isn't JSON with `auths`.
    #[error("`.dockerconfigjson` holds no JSON with `auths` in it")]
    NoAuths,
    /// An entry's `auth` isn't base64 of `user:password`.
    #[error("`auth` of {0} is not base64 of `user:password`")]
    Garbled(String),
}

impl PullSecret {
    /// Looks at a Secret. Its values go no further.
    pub fn of(secret: &Json) -> Self {
        Self {
            namespace: text(secret, "/metadata/namespace").to_owned(),
            name: text(secret, "/metadata/name").to_owned(),
            hosts: hosts(secret),
        }
    }

    /// The entry that the kubelet would take for an image of this host.
    pub(super) fn entry(&self, host: &str) -> Option<&PullSecretHost> {
        let hosts = self.hosts.as_ref().ok()?;
        hosts.iter().find(|entry| is_for(&entry.server, host))
    }
}

fn hosts(secret: &Json) -> Result<Vec<PullSecretHost>, PullSecretFault> {
    let found = text(secret, "/type");
    if found != "kubernetes.io/dockerconfigjson" {
        return Err(PullSecretFault::OtherType(found.to_owned()));
    }
    let value = secret.pointer("/data/.dockerconfigjson").and_then(Json::as_str);
    let value = value.ok_or(PullSecretFault::NoKey)?;
    let plain = Zeroizing::new(STANDARD.decode(value).map_err(|_| PullSecretFault::NoAuths)?);
    let config: Json = serde_json::from_slice(&plain).map_err(|_| PullSecretFault::NoAuths)?;
    let auths = config.get("auths").and_then(Json::as_object);
    let entries = auths.ok_or(PullSecretFault::NoAuths)?.iter();
    entries.map(|(server, entry)| host(server, entry)).collect()
}

fn host(server: &str, entry: &Json) -> Result<PullSecretHost, PullSecretFault> {
    let server = server.to_owned();
    let auth = text(entry, "/auth");
    if auth.is_empty() {
        return Ok(PullSecretHost {
            server,
            user: text(entry, "/username").to_owned(),
            has_password: !text(entry, "/password").is_empty(),
        });
    }
    let plain = STANDARD.decode(auth).ok().map(Zeroizing::new);
    let plain = plain.as_ref().and_then(|plain| std::str::from_utf8(plain).ok());
    let Some((user, password)) = plain.and_then(|plain| plain.split_once(':')) else {
        return Err(PullSecretFault::Garbled(server));
    };
    Ok(PullSecretHost {
        user: user.to_owned(),
        has_password: !password.is_empty(),
        server,
    })
}

/// Docker Hub has one entry with several names.
fn is_for(server: &str, host: &str) -> bool {
    let hub = |name: &str| matches!(name, "docker.io" | "index.docker.io" | "registry-1.docker.io");
    let server = host_of_server(server);
    server == host || (hub(server) && hub(host))
}

/// The host, and its port where it has one, of a server as pull secrets name them: with a scheme and a path, or without.
pub fn host_of_server(server: &str) -> &str {
    let server = server
        .trim_start_matches("https://")
        .trim_start_matches("http://");
    server.split('/').next().unwrap_or_default()
}

/// The host that an image's name begins with, as Docker reads names: Docker Hub where there is none.
pub(super) fn host_of(image: &str) -> &str {
    match image.split_once('/') {
        Some((first, _)) if first.contains(['.', ':']) || first == "localhost" => first,
        _ => "docker.io",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn secret(config: &Json) -> PullSecret {
        let data = STANDARD.encode(config.to_string());
        PullSecret::of(&json!({
            "type": "kubernetes.io/dockerconfigjson",
            "metadata": {"name": "a", "namespace": "n"},
            "data": {".dockerconfigjson": data},
        }))
    }

    #[test]
    fn what_can_be_told_of_a_pull_secret_holds_no_password() {
        let auth = STANDARD.encode("robot:hunter2");
        let secret = secret(&json!({"auths": {"https://r.example:5000/v1/": {"auth": auth}}}));
        assert!(!format!("{secret:?}").contains("hunter2"));
        let entry = secret.entry("r.example:5000").unwrap();
        assert_eq!((entry.user.as_str(), entry.has_password), ("robot", true));
        assert_eq!(secret.entry("r.example"), None);
    }

    #[test]
    fn docker_hub_is_known_by_all_its_names() {
        let secret =
            secret(&json!({"auths": {"https://index.docker.io/v1/": {"username": "u", "password": "p"}}}));
        assert!(secret.entry(host_of("library/alpine:3")).is_some());
        assert!(secret.entry(host_of("alpine")).is_some());
        assert!(secret.entry(host_of("docker.io/a/b")).is_some());
    }

    #[test]
    fn each_fault_of_a_pull_secret_is_told_apart() {
        let other = PullSecret::of(&json!({"type": "Opaque", "metadata": {"name": "a", "namespace": "n"}}));
        assert_eq!(other.hosts, Err(PullSecretFault::OtherType("Opaque".to_owned())));
        let empty = json!({"type": "kubernetes.io/dockerconfigjson", "metadata": {"name": "a"}});
        assert_eq!(PullSecret::of(&empty).hosts, Err(PullSecretFault::NoKey));
        assert_eq!(
            secret(&json!({"r.example": {}})).hosts,
            Err(PullSecretFault::NoAuths)
        );
        let garbled = secret(&json!({"auths": {"r.example": {"auth": "%%%"}}}));
        assert_eq!(
            garbled.hosts,
            Err(PullSecretFault::Garbled("r.example".to_owned()))
        );
    }
}
