//! Whether what clients send is encrypted on its whole way.

use berth_finding::{Level, Rule};

use super::{Place, facts};
use crate::rules::Out;
use crate::sections::DockerRegistry;
use crate::value::HostPort;

pub(super) const DR_029: Rule = Rule::warning(
    "DR-029",
    "the ingress speaks plain HTTP to a registry that serves TLS",
    "\
With TLS on the pod, the ingress controller must be told to speak HTTPS to it; otherwise each request ends in 400 \"client
sent an HTTP request to an HTTPS server\". Name the controller (nginx, traefik or haproxy) and its annotation is added; for another one give it yourself. Or let the ingress end TLS alone.

    exposure:
      ingress:
        controller: nginx
",
);

pub(super) const DR_030: Rule = Rule::warning(
    "DR-030",
    "there is no TLS anywhere, and passwords or clients from outside come this way",
    "\
docker, podman and containerd refuse plain HTTP except on localhost, and passwords would travel readable. Switch TLS on
in the registry or at the ingress. Under `--profile prod` this is an error.

    http:
      tlsenabled: true
      tlscertificate: /etc/registry/tls.crt
      tlskey: {file: /etc/registry/tls.key}
",
)
.in_prod(Level::Error);

/// Controllers whose annotation for HTTPS to the pod is known.
const KNOWN_CONTROLLERS: [&str; 3] = ["nginx", "traefik", "haproxy"];

pub(super) fn check(registry: &DockerRegistry, place: &Place<'_>, out: &mut Out<'_, '_>) {
    backend_protocol(registry, out);
    no_tls(registry, place, out);
}

fn backend_protocol(registry: &DockerRegistry, out: &mut Out<'_, '_>) {
    let ingress = registry
        .exposure
        .as_ref()
        .and_then(|exposure| exposure.ingress.as_ref());
    let Some(ingress) = ingress.filter(|_| registry.http.tlsenabled) else {
        return;
    };
    let known = [&ingress.controller, &ingress.class_name]
        .into_iter()
        .flatten()
        .any(|name| KNOWN_CONTROLLERS.contains(&name.as_str()));
    let said = ingress
        .annotations
        .values()
        .any(|value| value.eq_ignore_ascii_case("https"));
    if !known && !said {
        out.at(
            "exposure.ingress",
            DR_029,
            "the ingress isn't told that the registry speaks HTTPS",
        )
        .help("name `exposure.ingress.controller`, or give the controller's annotation");
    }
}

fn no_tls(registry: &DockerRegistry, place: &Place<'_>, out: &mut Out<'_, '_>) {
    let loopback = registry.http.addr.value().is_some_and(HostPort::is_loopback);
    let local = loopback && !place.is_cluster() && facts::exposed(registry).is_none();
    if facts::has_tls(registry) || local {
        return;
    }
    if !facts::is_open(registry) {
        out.at(
            "http.tlsenabled",
            DR_030,
            "passwords would travel unencrypted: there is no TLS anywhere",
        )
        .help("set `http.tlsenabled` with a certificate, or TLS at the ingress");
    } else if let Some(path) = facts::exposed(registry) {
        out.at(
            path,
            DR_030,
            "docker refuses plain HTTP from outside: there is no TLS anywhere",
        )
        .help("set `http.tlsenabled` with a certificate, or TLS at the ingress");
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::cases::{fires, fires_here, level_of, registry};

    fn http(fields: &str) -> String {
        registry(&format!("http: {{{fields}}}"))
    }

    const PAIR: &str = "tlsenabled: true, tlscertificate: /tls.crt, tlskey: {file: /tls.key}";

    #[test]
    fn dr_029_fires_on_an_unknown_ingress_before_tls_and_not_on_a_known_one() {
        let behind = |ingress: &str| {
            registry(&format!(
                "{{http: {{{PAIR}}}, exposure: {{ingress: {{host: r.example.com{ingress}}}}}}}"
            ))
        };
        assert!(fires("DR-029", &behind("")));
        assert!(!fires("DR-029", &behind(", controller: nginx")));
        assert!(!fires(
            "DR-029",
            &behind(", annotations: {example.com/backend: HTTPS}")
        ));
        assert!(!fires(
            "DR-029",
            &registry("exposure: {ingress: {host: r.example.com}}")
        ));
    }

    #[test]
    fn dr_030_fires_without_tls_where_passwords_travel_and_not_on_loopback() {
        assert_eq!(level_of("DR-030", &registry("{}")), ["warning", "error"]);
        assert!(fires(
            "DR-030",
            &registry("{auth: {enabled: false}, exposure: {nodePort: {port: 30500}}}")
        ));
        assert!(!fires_here("DR-030", &http("addr: '127.0.0.1:5000'")));
        assert!(fires("DR-030", &http("addr: '127.0.0.1:5000'")));
        assert!(!fires_here("DR-030", &http(PAIR)));
        assert!(!fires_here("DR-030", &registry("auth: {enabled: false}")));
        assert!(!fires_here(
            "DR-030",
            &registry("externalURL: 'https://r.example.com'")
        ));
    }
}
