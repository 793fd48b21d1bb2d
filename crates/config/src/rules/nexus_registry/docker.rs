//! Docker repositories and the ports they listen on.

use berth_finding::{Level, Rule};

use crate::nexus::{Format, repositories};
use crate::rules::Out;
use crate::sections::{NexusConnector, NexusRegistry};

pub(super) const NX_023: Rule = Rule::error(
    "NX-023",
    "a Docker repository has no port of its own",
    "Docker clients can't ask for a path before `/v2/`, so Nexus serves each Docker repository on a port of its own (or, \
     with Pro, on a subdomain). Each port must be unique, between 1024 and 65535, and not 8081, where the web pages are. \
     A repository without a port can be made, but no client reaches it. Repositories without a port get the next free \
     one from 8082 on.\n\n\
     Write the ports down so that they stay:\n\n    \
     repositories: {docker: {connectors: {hosted: {httpPort: 8082}, proxy: {httpPort: 8083}, group: {httpPort: 8084}}}}",
);

pub(super) const NX_030: Rule = Rule::error(
    "NX-030",
    "anonymous pulls of Docker images can't work as declared",
    "For an anonymous `docker pull` three settings must agree: anonymous access is on, the DockerToken realm is active, and \
     the repository doesn't force basic authentication. It is an error when anonymous access is on and the repository \
     is told to force basic authentication, and a warning when one of the settings is left out.\n\n\
     Example:\n\n    \
     security: {enableAnonymousAccess: true}\n    \
     authentication: {realms: [NexusAuthenticatingRealm, DockerToken]}\n    \
     repositories: {docker: {forceBasicAuth: false}}",
);

pub(super) const NX_037: Rule = Rule::warning(
    "NX-037",
    "the ingress limits the size of a push",
    "An nginx ingress refuses bodies over 1 MiB with `413 Request Entity Too Large` unless told otherwise, and a layer \
     of an image is one body.\n\n\
     Example:\n\n    \
     exposure: {ingress: {host: images.example.com, controller: nginx}}",
);

/// The port of the web pages.
const PAGES_PORT: i64 = 8081;

/// The annotation by which an nginx Ingress lifts its limit.
const BODY_SIZE: &str = "nginx.ingress.kubernetes.io/proxy-body-size";

pub(super) fn check(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    nx_023_missing(nexus, out);
    nx_023_taken(nexus, out);
    nx_030(nexus, out);
    nx_037(nexus, out);
}

fn nx_023_missing(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    for repository in repositories(nexus)
        .iter()
        .filter(|repository| repository.format == Format::Docker)
    {
        let reachable = repository.connector.is_some_and(|connector| {
            connector.http_port.is_some() || connector.https_port.is_some() || connector.subdomain.is_some()
        });
        if !reachable {
            out.at(
                &repository.path,
                NX_023,
                format!("`{}` has no port of its own", repository.name),
            )
            .help("give it an `httpPort`, such as 8082, or leave the repository out");
        }
    }
}

fn nx_023_taken(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    let mut taken: Vec<i64> = vec![PAGES_PORT];
    for repository in repositories(nexus) {
        let Some(connector) = repository.connector else {
            continue;
        };
        for port in ports(connector) {
            if taken.contains(&port) {
                out.at(
                    &repository.connector_path,
                    NX_023,
                    format!("port {port} is in use already"),
                )
                .help("choose one that is free");
            }
            taken.push(port);
        }
    }
}

fn ports(connector: &NexusConnector) -> impl Iterator<Item = i64> {
    [connector.http_port, connector.https_port].into_iter().flatten()
}

fn nx_030(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    let docker = &nexus.repositories.docker;
    if !nexus.security.enable_anonymous_access || !(docker.hosted || docker.proxy || docker.group) {
        return;
    }
    match docker.force_basic_auth {
        Some(false) => {}
        Some(true) => {
            out.at(
                "repositories.docker.forceBasicAuth",
                NX_030,
                "anonymous access is on, but Docker clients must sign in",
            )
            .help("set `forceBasicAuth: false`, or `security.enableAnonymousAccess: false`");
        }
        None => {
            out.at(
                "security.enableAnonymousAccess",
                NX_030,
                "Docker clients must sign in all the same",
            )
            .level(Level::Warning)
            .help("set `repositories.docker.forceBasicAuth: false`");
        }
    }
    let realms = &nexus.authentication.realms;
    if !realms.is_empty() && !realms.iter().any(|realm| realm == "DockerToken") {
        out.at(
            "authentication.realms",
            NX_030,
            "anonymous Docker clients need the realm DockerToken",
        )
        .level(Level::Warning)
        .help("add `DockerToken`");
    }
}

fn nx_037(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    let Some(ingress) = nexus
        .exposure
        .as_ref()
        .and_then(|exposure| exposure.ingress.as_ref())
    else {
        return;
    };
    if !repositories(nexus)
        .iter()
        .any(|repository| repository.format == Format::Docker)
    {
        return;
    }
    match (ingress.annotations.get(BODY_SIZE), &ingress.controller) {
        (Some(size), _) if size != "0" => {
            out.at(
                "exposure.ingress.annotations",
                NX_037,
                "the size of a push is limited",
            )
            .help(format!("set `{BODY_SIZE}: \"0\"`"));
        }
        (None, None) => {
            out.at(
                "exposure.ingress",
                NX_037,
                "the controller isn't known, so its limit on a push stays as it is",
            )
            .help("name it in `exposure.ingress.controller`, such as `nginx`");
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use berth_finding::Level;

    use crate::rules::nexus_registry::testing::{fires, level};

    fn docker(fields: &str) -> String {
        format!("repositories: {{docker: {{proxy: false, group: false, {fields}}}}}")
    }

    #[test]
    fn nx_023_fires_when_a_docker_repository_has_no_port_of_its_own_and_not_otherwise() {
        assert!(fires("NX-023", "{}"));
        assert!(fires("NX-023", &docker("connectors: {hosted: {httpPort: 8081}}")));
        assert!(fires(
            "NX-023",
            &docker("connectors: {hosted: {httpPort: 8082, httpsPort: 8082}}")
        ));
        assert!(fires("NX-023", &docker("connectors: {hosted: {httpPort: 80}}")));
        assert!(!fires(
            "NX-023",
            &docker("connectors: {hosted: {httpPort: 8082}}")
        ));
        assert!(!fires("NX-023", &docker("hosted: false")));
        let custom = "custom: [{name: a, format: docker, type: hosted, connector: {httpPort: 8082}}]";
        let one =
            "docker: {hosted: true, proxy: false, group: false, connectors: {hosted: {httpPort: 8082}}}";
        assert!(fires("NX-023", &format!("repositories: {{{one}, {custom}}}")));
        assert!(!fires(
            "NX-023",
            &format!("repositories: {{{one}, {}}}", custom.replace("8082", "8083"))
        ));
    }

    #[test]
    fn nx_030_fires_when_anonymous_pulls_are_stopped_and_not_otherwise() {
        let with = |docker: &str| {
            format!("{{security: {{enableAnonymousAccess: true}}, repositories: {{docker: {{{docker}}}}}}}")
        };
        assert_eq!(level("NX-030", &with("forceBasicAuth: true")), Some(Level::Error));
        assert_eq!(level("NX-030", &with("v1Enabled: false")), Some(Level::Warning));
        assert_eq!(level("NX-030", &with("forceBasicAuth: false")), None);
        let realms = "authentication: {realms: [NexusAuthenticatingRealm]}";
        assert!(fires(
            "NX-030",
            &with("forceBasicAuth: false").replacen('{', &format!("{{{realms}, "), 1)
        ));
        assert!(!fires("NX-030", "repositories: {docker: {forceBasicAuth: true}}"));
    }

    #[test]
    fn nx_037_fires_when_pushes_are_limited_and_not_otherwise() {
        let with = |ingress: &str| format!("exposure: {{ingress: {{host: a.example.com{ingress}}}}}");
        let size = ", controller: nginx, annotations: {nginx.ingress.kubernetes.io/proxy-body-size: '8m'}";
        assert!(fires("NX-037", &with("")));
        assert!(fires("NX-037", &with(size)));
        assert!(!fires("NX-037", &with(&size.replace("8m", "0"))));
        assert!(!fires("NX-037", &with(", controller: nginx")));
        assert!(!fires("NX-037", "{}"));
    }
}
