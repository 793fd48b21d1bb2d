//! Ports.

use berth_finding::Rule;

use crate::rules::{RuleContext, Sink};
use crate::sections::DockerRegistry;
use crate::value::{HostPort, Written};

pub(super) const K_025: Rule = Rule::error(
    "K-025",
    "a port is out of range or used twice",
    "\
Ports go from 1 to 65535, node ports from 30000 to 32767 unless the cluster was set up otherwise, and a Service can't
have one port twice.

    exposure: {nodePort: {port: 30500}}
",
);

pub(super) const K_026: Rule = Rule::warning(
    "K-026",
    "the registry listens on a port that is reserved for root",
    "\
The registry runs as a user without privileges, and without the capability NET_BIND_SERVICE ports under 1024 can be
refused to it. Listen on a high port; the Service may still offer 80 or 443.

    http: {addr: \":5000\"}
",
);

/// Ports below this are reserved for root.
const FIRST_FREE_PORT: u16 = 1024;

pub(super) fn check(context: &RuleContext<'_>, sink: &mut Sink<'_>) {
    for (document, registry) in context.docker_registries() {
        let Some(address) = registry.http.addr.value() else {
            continue;
        };
        let out = &mut sink.on(document);
        for (path, port) in side_ports(registry) {
            if port == i64::from(address.port()) && port != 0 {
                out.at(path, K_025, format!("port {port} is that of `http.addr` already"))
                    .help("choose another port");
            }
        }
        let root = registry
            .security_context
            .as_ref()
            .and_then(|security| security.run_as_user)
            == Some(0);
        if (1..FIRST_FREE_PORT).contains(&address.port()) && !root {
            out.at(
                "http.addr",
                K_026,
                format!("port {} is reserved for root", address.port()),
            )
            .help("listen on a port from 1024, such as :5000");
        }
    }
}

fn side_ports(registry: &DockerRegistry) -> Vec<(&'static str, i64)> {
    let debug = registry
        .http
        .debug
        .as_ref()
        .and_then(|debug| Written::value(&debug.addr))
        .map(HostPort::port);
    let metrics = registry
        .metrics
        .as_ref()
        .filter(|metrics| metrics.enabled)
        .and_then(|metrics| metrics.port);
    [
        debug.map(|port| ("http.debug.addr", i64::from(port))),
        metrics.map(|port| ("metrics.port", port)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[cfg(test)]
mod tests {
    use crate::rules::cases::{fires, fires_here, registry};

    #[test]
    fn k_025_fires_on_ports_out_of_range_or_twice_and_not_on_good_ones() {
        for wrong in [
            "exposure: {nodePort: {port: 8080}}",
            "exposure: {loadBalancer: {port: 70000}}",
            "http: {debug: {addr: ':5000'}}",
            "metrics: {port: 5000}",
        ] {
            assert!(fires("K-025", &registry(wrong)), "{wrong}");
        }
        for right in [
            "exposure: {nodePort: {port: 30500}}",
            "metrics: {port: 5001}",
            "metrics: {enabled: false, port: 5000}",
        ] {
            assert!(!fires("K-025", &registry(right)), "{right}");
        }
    }

    #[test]
    fn k_026_fires_on_a_port_of_root_on_a_cluster_and_not_on_high_ones() {
        assert!(fires("K-026", &registry("http: {addr: ':443'}")));
        assert!(!fires_here("K-026", &registry("http: {addr: ':443'}")));
        assert!(!fires(
            "K-026",
            &registry("{http: {addr: ':443'}, securityContext: {runAsUser: 0}}")
        ));
        assert!(!fires("K-026", &registry("http: {addr: ':5000'}")));
    }
}
