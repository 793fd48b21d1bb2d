use super::{Format, repositories};
use crate::sections::NexusRegistry;

/// A port on which Nexus serves one Docker repository: Docker clients can't ask for a path before `/v2/`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Connector {
    /// The repository.
    pub repository: String,
    /// The field that declares it.
    pub path: String,
    /// The port.
    pub port: u16,
    /// Whether Nexus speaks TLS on it.
    pub is_https: bool,
    /// Whether the port is written, or the next free one was taken.
    pub is_written: bool,
}

/// The port of the web pages.
pub const PAGES_PORT: u16 = 8081;

/// The ports of all Docker repositories, in the order of the document. One without a port gets the next free one from
/// 8082 on, unless it is reached by a subdomain; a port that is taken already is left out.
pub fn connectors(nexus: &NexusRegistry) -> Vec<Connector> {
    let docker: Vec<_> = repositories(nexus)
        .into_iter()
        .filter(|repository| repository.format == Format::Docker)
        .collect();
    let mut found: Vec<Connector> = Vec::new();
    for repository in &docker {
        let Some(connector) = repository.connector else {
            continue;
        };
        for (port, is_https) in [(connector.http_port, false), (connector.https_port, true)] {
            let port = port.and_then(|port| u16::try_from(port).ok());
            let free = port.filter(|port| is_free(*port, &found));
            found.extend(free.map(|port| Connector {
                repository: repository.name.clone(),
                path: repository.path.clone(),
                port,
                is_https,
                is_written: true,
            }));
        }
    }
    for repository in &docker {
        let written = repository.connector.is_some_and(|connector| {
            connector.http_port.is_some() || connector.https_port.is_some() || connector.subdomain.is_some()
        });
        if written {
            continue;
        }
        let free = (PAGES_PORT + 1..=u16::MAX).find(|port| is_free(*port, &found));
        found.extend(free.map(|port| Connector {
            repository: repository.name.clone(),
            path: repository.path.clone(),
            port,
            is_https: false,
            is_written: false,
        }));
    }
    found
}

fn is_free(port: u16, taken: &[Connector]) -> bool {
    port != PAGES_PORT && taken.iter().all(|connector| connector.port != port)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sections::{NexusConnector, NexusConnectors};

    fn ports(nexus: &NexusRegistry) -> Vec<(String, u16)> {
        let all = connectors(nexus).into_iter();
        all.map(|connector| (connector.repository, connector.port))
            .collect()
    }

    #[test]
    fn a_docker_repository_without_a_port_gets_the_next_free_one() {
        let mut nexus = NexusRegistry::default();
        let expected = [
            ("docker-hosted", 8082),
            ("docker-proxy", 8083),
            ("docker-group", 8084),
        ];
        assert_eq!(
            ports(&nexus),
            expected.map(|(name, port)| (name.to_owned(), port))
        );
        nexus.repositories.docker.connectors = Some(NexusConnectors {
            proxy: Some(NexusConnector {
                http_port: Some(8082),
                ..NexusConnector::default()
            }),
            ..NexusConnectors::default()
        });
        let expected = [
            ("docker-proxy", 8082),
            ("docker-hosted", 8083),
            ("docker-group", 8084),
        ];
        assert_eq!(
            ports(&nexus),
            expected.map(|(name, port)| (name.to_owned(), port))
        );
    }

    #[test]
    fn a_port_that_is_taken_is_given_to_nobody_else() {
        let mut nexus = NexusRegistry::default();
        let same = NexusConnector {
            http_port: Some(9000),
            https_port: Some(i64::from(PAGES_PORT)),
            ..NexusConnector::default()
        };
        nexus.repositories.docker.connectors = Some(NexusConnectors {
            hosted: Some(same.clone()),
            proxy: Some(same),
            ..NexusConnectors::default()
        });
        let expected = [("docker-hosted", 9000), ("docker-group", 8082)];
        assert_eq!(
            ports(&nexus),
            expected.map(|(name, port)| (name.to_owned(), port))
        );
    }
}
