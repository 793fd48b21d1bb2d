//! Registries as replication policies write them: a host, and a port where it isn't the usual one.

/// Docker Hub under all its names.
const DOCKER_HUB: [&str; 4] = [
    "docker.io",
    "index.docker.io",
    "registry-1.docker.io",
    "hub.docker.com",
];

/// Registries that nobody runs themselves.
const PUBLIC: [&str; 6] = [
    "docker.io",
    "ghcr.io",
    "quay.io",
    "gcr.io",
    "public.ecr.aws",
    "registry.k8s.io",
];

/// One spelling for each registry.
pub(super) fn canonical(registry: &str) -> String {
    let lower = registry.to_ascii_lowercase();
    if DOCKER_HUB.contains(&lower.as_str()) {
        "docker.io".to_owned()
    } else {
        lower
    }
}

/// Whether it is Docker Hub.
pub(super) fn is_docker_hub(registry: &str) -> bool {
    canonical(registry) == "docker.io"
}

/// Whether it is a registry of the public, which tells nobody of its events.
pub(super) fn is_public(registry: &str) -> bool {
    PUBLIC.contains(&canonical(registry).as_str())
}

/// Whether it is a host, with a port or without.
pub(super) fn is_host(registry: &str) -> bool {
    registry
        .parse::<http::uri::Authority>()
        .is_ok_and(|authority| !authority.host().is_empty())
        && !registry.contains('@')
        && registry
            .split_once(':')
            .is_none_or(|(_, port)| registry.starts_with('[') || port.parse::<u16>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn docker_hub_has_one_spelling() {
        assert_eq!(canonical("Index.Docker.IO"), "docker.io");
        assert_eq!(
            canonical("Registry.Example.com:5000"),
            "registry.example.com:5000"
        );
    }

    #[test]
    fn a_url_is_no_host() {
        for host in ["docker.io", "localhost:5000", "[::1]:5000", "registry.local"] {
            assert!(is_host(host), "{host}");
        }
        for wrong in [
            "",
            "https://docker.io",
            "docker.io/library",
            "a b",
            "me@docker.io",
            "docker.io:http",
        ] {
            assert!(!is_host(wrong), "{wrong}");
        }
    }
}
