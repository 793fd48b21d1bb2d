//! What runs, where clients come in, and which ports outside are reached.

use berth_config::value::{HttpUrl, Written};

use super::settled::Settled;
use crate::render::workload;

const HTTP: u16 = 80;
const HTTPS: u16 = 443;

impl Settled<'_> {
    /// Whether a proxy of Harbor's own leads clients to core and portal: where neither an Ingress nor a Gateway does.
    pub(super) fn has_proxy(&self) -> bool {
        let exposure = self.spec.exposure.as_ref();
        exposure.is_none_or(|exposure| {
            (exposure.ingress.is_none() && exposure.gateway.is_none())
                || exposure.load_balancer.is_some()
                || exposure.node_port.is_some()
        })
    }

    /// The components that run.
    pub(super) fn running(&self) -> Vec<&'static str> {
        let optional = [
            ("nginx", self.has_proxy()),
            ("trivy", self.spec.trivy.enabled),
            ("exporter", self.metrics.is_some()),
            ("database", self.database.managed),
            ("redis", self.redis.managed),
            (
                "backup",
                self.database.managed && workload::backup_claim(self.registry).is_some(),
            ),
        ];
        let always = ["core", "portal", "jobservice", "registry", "migration"];
        let optional = optional
            .into_iter()
            .filter_map(|(name, runs)| runs.then_some(name));
        always.into_iter().chain(optional).collect()
    }

    /// The components that clients come in by.
    pub(super) fn doors(&self) -> Vec<&'static str> {
        let exposure = self.spec.exposure.as_ref();
        let by_host =
            exposure.is_some_and(|exposure| exposure.ingress.is_some() || exposure.gateway.is_some());
        let mut doors = Vec::new();
        if by_host {
            doors.extend(["core", "portal"]);
        }
        if self.has_proxy() {
            doors.push("nginx");
        }
        doors
    }

    /// The port of a component that clients come in by.
    pub(super) fn door_port(&self, name: &str) -> u16 {
        if name == "nginx" {
            super::proxy::LISTENS
        } else {
            self.port()
        }
    }

    /// The ports outside the cluster that a component reaches, database and Redis aside.
    pub(super) fn outside_ports(&self, name: &str) -> Vec<u16> {
        let mut ports = match name {
            "core" | "jobservice" => {
                let mut ports = vec![HTTP, HTTPS];
                ports.extend(
                    self.spec
                        .endpoints
                        .iter()
                        .filter_map(|endpoint| port(&endpoint.url)),
                );
                ports.extend(self.sign_in_ports());
                ports.extend(self.trace_port());
                ports
            }
            "registry" => {
                let mut ports = self.storage.ports.clone();
                ports.extend(self.trace_port());
                ports
            }
            "trivy" if !self.spec.trivy.offline_scan.unwrap_or(false) || !self.spec.trivy.skip_update => {
                vec![HTTP, HTTPS]
            }
            _ => Vec::new(),
        };
        if let Some(proxy) = self.spec.proxy.as_ref().filter(|_| !ports.is_empty()) {
            let urls = [&proxy.http_proxy, &proxy.https_proxy];
            ports.extend(urls.into_iter().flatten().filter_map(port));
        }
        ports
    }

    /// The ports of those who know the users.
    fn sign_in_ports(&self) -> Vec<u16> {
        let given = &self.spec.authentication;
        let mut ports = Vec::new();
        if given.ldap.enabled {
            let (port, rest) = match given.ldap.url.split_once("://") {
                Some(("ldaps", rest)) => (636, rest),
                Some((_, rest)) => (389, rest),
                None => (389, given.ldap.url.as_str()),
            };
            ports.push(explicit(rest).unwrap_or(port));
        }
        if given.oidc.enabled {
            ports.extend(port(&given.oidc.endpoint));
        }
        ports
    }

    fn trace_port(&self) -> Option<u16> {
        let trace = self.spec.trace.as_ref().filter(|trace| trace.enabled)?;
        let endpoint = trace.endpoint.as_deref()?;
        explicit(endpoint.rsplit_once("://").map_or(endpoint, |(_, rest)| rest))
    }
}

fn port(url: &Written<HttpUrl>) -> Option<u16> {
    Some(url.value()?.port())
}

/// The port that stands in `host:port/path`.
fn explicit(rest: &str) -> Option<u16> {
    let authority = rest.split('/').next()?;
    authority.rsplit_once(':')?.1.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::explicit;

    #[test]
    fn a_port_is_read_out_of_an_address() {
        assert_eq!(explicit("ldap.example.com:3269"), Some(3269));
        assert_eq!(explicit("jaeger:14268/api/traces"), Some(14268));
        assert_eq!(explicit("ldap.example.com"), None);
    }
}
