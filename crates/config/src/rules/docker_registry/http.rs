//! The listening address, and what a proxy in front of it needs.

use berth_finding::{Level, Rule};

use super::{Place, facts};
use crate::rules::Out;
use crate::sections::DockerRegistry;

pub(super) const DR_024: Rule = Rule::error(
    "DR-024",
    "the listening address can't be used behind a Service",
    "\
`http.addr` is host:port, with the host left out (or 0.0.0.0, [::]) to listen everywhere. On a cluster a process that
listens on one address, such as 127.0.0.1, is out of reach of its Service and its probes; a loopback address becomes
`:port` there, with a warning.

    http: {addr: \":5000\"}
",
);

pub(super) const DR_025: Rule = Rule::error(
    "DR-025",
    "the registry doesn't listen on tcp",
    "\
`http.net` is tcp. A unix socket can't be reached through a Service, nor by docker, and other words stop the registry at
start.

    http: {net: tcp}
",
);

pub(super) const DR_056: Rule = Rule::warning(
    "DR-056",
    "behind an ingress the registry may send clients to the wrong address",
    "\
The registry answers the start of an upload with a Location. Behind a proxy that ends TLS it builds this from the
request's headers; where the proxy doesn't pass X-Forwarded-Proto and Host on, pushes fail on an http:// Location. Name
the outside address (`externalURL`, or `http.host`), or use relative ones.

    externalURL: https://registry.example.com
",
);

pub(super) const DR_055: Rule = Rule::error(
    "DR-055",
    "the image is not of version 2 of Docker's registry",
    "\
Version 3 reads its configuration from another path (/etc/distribution/config.yml) and knows other keys, and version 1
is another program. What is rendered here is for version 2.

    image: registry:2.8
",
);

const DR_024_LOOPBACK: Rule = Rule {
    level: Level::Warning,
    prod_level: Level::Warning,
    ..DR_024
};

pub(super) fn check(registry: &DockerRegistry, place: &Place<'_>, out: &mut Out<'_, '_>) {
    image(registry, out);
    if place.is_cluster() {
        address(registry, out);
        location(registry, out);
    }
}

fn address(registry: &DockerRegistry, out: &mut Out<'_, '_>) {
    let Some(address) = registry.http.addr.value() else {
        return;
    };
    if address.is_loopback() {
        out.at(
            "http.addr",
            DR_024_LOOPBACK,
            "a loopback address is out of reach of the Service",
        )
        .help(format!("on a cluster :{} is listened on", address.port()));
    } else if !address.is_any() {
        out.at(
            "http.addr",
            DR_024,
            format!("a pod has no address `{}` to listen on", address.host()),
        )
        .help(format!("write :{}", address.port()));
    } else if address.port() == 0 {
        out.at(
            "http.addr",
            DR_024,
            "a Service can't follow a port that the system chooses",
        )
        .help("write :5000");
    }
}

fn location(registry: &DockerRegistry, out: &mut Out<'_, '_>) {
    let ingress = registry
        .exposure
        .as_ref()
        .is_some_and(|exposure| exposure.ingress.is_some());
    let known = registry.http.host.is_some()
        || registry.http.relativeurls == Some(true)
        || registry.external_url.is_some();
    if ingress && !known {
        out.at(
            "http.host",
            DR_056,
            "behind the ingress, upload addresses may point to http://",
        )
        .help("set externalURL, or `http.relativeurls` to true");
    }
}

fn image(registry: &DockerRegistry, out: &mut Out<'_, '_>) {
    let tag = registry
        .image
        .value()
        .and_then(|image| image.tag())
        .map(ToString::to_string)
        .unwrap_or_default();
    let tag = tag.trim_start_matches('v');
    let major = tag.split('.').next().and_then(|major| major.parse::<u32>().ok());
    if facts::is_distribution(registry) && major.is_some_and(|major| major != 2) {
        out.at(
            "image",
            DR_055,
            format!("the image's tag says version {tag}, not 2.8"),
        )
        .help("use an image of version 2.8, such as registry:2.8.3");
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::cases::{fires, fires_here, level_of, registry};

    fn listening(address: &str) -> String {
        registry(&format!("http: {{addr: '{address}'}}"))
    }

    #[test]
    fn dr_024_fires_on_addresses_that_a_service_can_not_reach_and_not_otherwise() {
        assert_eq!(
            level_of("DR-024", &listening("127.0.0.1:5000")),
            ["warning", "warning"]
        );
        assert_eq!(
            level_of("DR-024", &listening("10.0.0.7:5000")),
            ["error", "error"]
        );
        assert!(fires("DR-024", &listening(":0")));
        assert!(fires("DR-024", &listening("5000")));
        assert!(!fires_here("DR-024", &listening("127.0.0.1:5000")));
        for right in [":5000", "0.0.0.0:5000", "[::]:5000"] {
            assert!(!fires("DR-024", &listening(right)), "{right}");
        }
    }

    #[test]
    fn dr_025_fires_on_a_unix_socket_and_not_on_tcp() {
        assert!(fires("DR-025", &registry("http: {net: unix}")));
        assert!(!fires("DR-025", &registry("http: {net: tcp}")));
    }

    #[test]
    fn dr_055_fires_on_an_image_of_version_3_and_not_of_2() {
        assert!(fires("DR-055", &registry("image: 'registry:3.0.0'")));
        assert!(!fires("DR-055", &registry("image: 'registry:2.8.3'")));
        assert!(!fires(
            "DR-055",
            &registry("{engine: berth, image: 'example.com/berth:1.0'}")
        ));
    }

    #[test]
    fn dr_056_fires_behind_an_ingress_without_an_outside_address_and_not_with_one() {
        let behind = |more: &str| {
            registry(&format!(
                "{{exposure: {{ingress: {{host: r.example.com}}}}{more}}}"
            ))
        };
        assert!(fires("DR-056", &behind("")));
        assert!(!fires(
            "DR-056",
            &behind(", externalURL: 'https://r.example.com'")
        ));
        assert!(!fires("DR-056", &behind(", http: {relativeurls: true}")));
        assert!(!fires("DR-056", &registry("{}")));
    }
}
