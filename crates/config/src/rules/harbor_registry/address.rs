//! The address under which clients reach Harbor, and what stands in front of it.

use berth_finding::{Level, Rule};

use crate::rules::Out;
use crate::sections::{Exposure, HarborRegistry};
use crate::value::{HarborAuthMode, HttpUrl};

pub(super) const HB_001: Rule = Rule::error(
    "HB-001",
    "externalURL is missing, or is not of the form scheme://host[:port]",
    "\
Harbor puts externalURL into the realm of its token service, into the links of its pages and into the redirect of OIDC.
Where it is missing or wrong, `docker login` is sent to an address that doesn't answer. It is a scheme, a host and, where
it isn't the scheme's own, a port: no path, no slash at the end.

    externalURL: https://harbor.example.com
",
);

pub(super) const HB_002: Rule = Rule::error(
    "HB-002",
    "externalURL doesn't agree with how Harbor is exposed",
    "\
Scheme, host and port of externalURL must be those under which clients arrive: https where the Ingress or Gateway ends TLS, its
host, the port of the NodePort or load balancer. Where they differ, the token realm points elsewhere and every login ends
in 401. With TLS ended in front of the cluster, https without TLS in `exposure` is right, and only a warning.

    externalURL: https://harbor.example.com
    exposure: {ingress: {host: harbor.example.com, tls: {secretName: harbor-tls}}}
",
);

pub(super) const HB_003: Rule = Rule::warning(
    "HB-003",
    "Harbor is reached over plain HTTP",
    "\
Passwords and tokens travel in the clear, and docker, containerd and podman refuse plain HTTP until each machine lists the
host as an insecure registry. Image references must carry the port unless it is 80. Give Harbor a certificate.

    externalURL: https://harbor.example.com
    exposure: {ingress: {host: harbor.example.com, tls: {secretName: harbor-tls}}}
",
);

pub(super) const HB_068: Rule = Rule::warning(
    "HB-068",
    "strangers can register, or sessions outlive what is usual",
    "\
With `configuration.selfRegistration` and `db_auth` anybody who can reach the page makes an account, and with it sees and pulls
all public projects. A session of more than a day keeps a left-open browser signed in. Turn registration off where Harbor is
reachable from outside, and keep `core.sessionTimeout` (minutes) at 60 or so.

    authentication: {mode: db_auth}
    configuration: {selfRegistration: false}
    core: {sessionTimeout: 60}
",
);

pub(super) fn check(harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    hb_001_url(harbor, out);
    hb_068_strangers(harbor, out);
    let Some(url) = harbor.external_url.as_ref().and_then(|url| url.value()) else {
        return;
    };
    if let Some(exposure) = &harbor.exposure {
        hb_002_doors(url, exposure, out);
        hb_002_ports(url, exposure, out);
    }
    if !url.is_https() {
        out.at(
            "externalURL",
            HB_003,
            "clients reach Harbor over plain http, and send their passwords that way",
        )
        .help("give it a certificate, and write https");
    }
}

fn hb_001_url(harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    match harbor.external_url.as_ref().filter(|url| !url.is_empty()) {
        None => {
            out.at(
                "externalURL",
                HB_001,
                "externalURL isn't given, so clients are sent to an address that doesn't answer",
            )
            .help("write the address that clients use, such as externalURL: https://harbor.example.com");
        }
        Some(url) if url.value().is_some() && has_tail(url.text()) => {
            out.at(
                "externalURL",
                HB_001,
                "externalURL has something after its host and port",
            )
            .help("end it after the host or the port, without a slash");
        }
        Some(_) => {}
    }
}

/// Whether anything follows the host and the port.
fn has_tail(url: &str) -> bool {
    url.split_once("://")
        .is_some_and(|(_, rest)| rest.contains(['/', '?', '#']))
}

/// Ingress and Gateway: their host, and whether they end TLS.
fn hb_002_doors(url: &HttpUrl, exposure: &Exposure, out: &mut Out<'_, '_>) {
    let ingress = exposure
        .ingress
        .iter()
        .map(|it| ("ingress", &it.host, it.tls.is_some()));
    let gateway = exposure.gateway.iter().map(|it| ("gateway", &it.host, it.tls));
    for (door, host, tls) in ingress.chain(gateway) {
        if !host.is_empty() && !host.eq_ignore_ascii_case(url.host()) {
            out.at(
                &format!("exposure.{door}.host"),
                HB_002,
                "the host is another one than that of externalURL",
            )
            .help("write the same host in both");
        }
        if tls && !url.is_https() {
            out.at(
                "externalURL",
                HB_002,
                format!("externalURL is http, and the {door} speaks TLS"),
            )
            .help("write https in externalURL");
        } else if !tls && url.is_https() {
            out.at(
                &format!("exposure.{door}"),
                HB_002,
                format!("externalURL is https, and the {door} has no TLS"),
            )
            .level(Level::Warning)
            .help("name a certificate in `tls`, unless something in front of the cluster ends TLS");
        }
    }
}

/// Node ports and load balancers, where no Ingress or Gateway stands in front.
fn hb_002_ports(url: &HttpUrl, exposure: &Exposure, out: &mut Out<'_, '_>) {
    if exposure.ingress.is_some() || exposure.gateway.is_some() {
        return;
    }
    let node = exposure
        .node_port
        .as_ref()
        .and_then(|it| it.port)
        .map(|port| ("nodePort", port));
    let balancer = exposure
        .load_balancer
        .as_ref()
        .and_then(|it| it.port)
        .map(|port| ("loadBalancer", port));
    // With both, either may be the one that clients use.
    let ports: Vec<_> = node.into_iter().chain(balancer).collect();
    if ports.iter().any(|(_, port)| *port == i64::from(url.port())) {
        return;
    }
    for (door, port) in ports {
        let message = format!("the port is {port}, and that of externalURL is {}", url.port());
        out.at(&format!("exposure.{door}.port"), HB_002, message)
            .help(format!(
                "write the port in externalURL, after the host: `:{port}`"
            ));
    }
}

fn hb_068_strangers(harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    let open = harbor.configuration.as_ref().and_then(|it| it.self_registration) == Some(true);
    let own_users = harbor.authentication.mode.value() == Some(&HarborAuthMode::DbAuth);
    if open && own_users && harbor.exposure.is_some() {
        out.at(
            "configuration.selfRegistration",
            HB_068,
            "whoever reaches Harbor can make an account",
        )
        .help("set it to false, and let administrators make the accounts");
    }
    if let Some(minutes) = harbor
        .core
        .session_timeout
        .filter(|minutes| *minutes > MINUTES_OF_A_DAY)
    {
        out.at(
            "core.sessionTimeout",
            HB_068,
            format!("a session lasts {minutes} minutes, which is more than a day"),
        )
        .help("60 is Harbor's own");
    }
}

const MINUTES_OF_A_DAY: i64 = 1440;

#[cfg(test)]
mod tests {
    use crate::rules::harbor_registry::trial::{fires, silent};

    #[test]
    fn hb_001_fires_without_a_bare_external_url_and_not_otherwise() {
        fires(
            "HB-001",
            &[
                "{}",
                "externalURL: https://h.example.com/",
                "externalURL: https://h.example.com/harbor",
            ],
        );
        silent(
            "HB-001",
            &[
                "externalURL: https://h.example.com",
                "externalURL: http://h.example.com:8080",
            ],
        );
    }

    #[test]
    fn hb_002_fires_when_url_and_exposure_differ_and_not_otherwise() {
        fires(
            "HB-002",
            &[
                "{externalURL: 'https://a.example.com', exposure: {ingress: {host: b.example.com, tls: {secretName: t}}}}",
                "{externalURL: 'http://a.example.com', exposure: {ingress: {host: a.example.com, tls: {secretName: t}}}}",
                "{externalURL: 'https://a.example.com', exposure: {gateway: {name: g, host: a.example.com, tls: false}}}",
                "{externalURL: 'https://a.example.com', exposure: {nodePort: {port: 30443}}}",
                "{externalURL: 'https://a.example.com', exposure: {loadBalancer: {port: 8443}}}",
            ],
        );
        silent(
            "HB-002",
            &[
                "{externalURL: 'https://a.example.com', exposure: {ingress: {host: A.example.com, tls: {secretName: t}}}}",
                "{externalURL: 'https://a.example.com:30443', exposure: {nodePort: {port: 30443}}}",
                "{externalURL: 'https://a.example.com', exposure: {loadBalancer: {port: 443}, nodePort: {port: 30443}}}",
                "{exposure: {nodePort: {port: 30443}}}",
            ],
        );
    }

    #[test]
    fn hb_003_fires_on_plain_http_and_not_otherwise() {
        fires("HB-003", &["externalURL: http://h.example.com"]);
        silent("HB-003", &["externalURL: https://h.example.com", "{}"]);
    }

    #[test]
    fn hb_068_fires_when_strangers_register_or_sessions_last_and_not_otherwise() {
        fires(
            "HB-068",
            &[
                "{configuration: {selfRegistration: true}, exposure: {nodePort: {}}}",
                "core: {sessionTimeout: 1441}",
            ],
        );
        silent(
            "HB-068",
            &[
                "configuration: {selfRegistration: true}",
                "{configuration: {selfRegistration: false}, exposure: {nodePort: {}}}",
                "{configuration: {selfRegistration: true}, exposure: {nodePort: {}}, authentication: {mode: ldap_auth}}",
                "core: {sessionTimeout: 1440}",
            ],
        );
    }
}
