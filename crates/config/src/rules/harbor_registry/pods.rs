//! What Harbor's pods get and need: resources, security context, internal TLS, ports.

use berth_finding::Rule;

use crate::rules::Out;
use crate::sections::{ComponentResources, HarborRegistry};
use crate::value::{ImageReference, Written};

pub(super) const HB_053: Rule = Rule::warning(
    "HB-053",
    "the resources given to every component are too small for one of them",
    "\
`resources` is given to each of core, portal, jobservice, registry and Trivy. Trivy needs a memory limit of 1Gi to load its
database, core 256Mi; below that they are killed at their first work. The message says what all of them together come to.

    resources: {limits: {memory: 1Gi}}
",
);

pub(super) const HB_054: Rule = Rule::error(
    "HB-054",
    "the components' images are of different Harbor versions",
    "\
Core migrates the database to its own version, and the others speak to it over interfaces that change between versions. All of
Harbor's images carry the same tag.

    version: \"2.10\"
    trivy: {image: goharbor/trivy-adapter-photon:v2.10.3}
",
);

pub(super) const HB_057: Rule = Rule::error(
    "HB-057",
    "a read-only root file system, on which Harbor's images don't start",
    "\
The entry point of every Harbor image appends the installation's authorities to `/etc/pki/tls/certs/ca-bundle.crt` in the image
itself. With `readOnlyRootFilesystem: true` none of them starts.

    securityContext: {readOnlyRootFilesystem: false}
",
);

pub(super) const HB_058: Rule = Rule::warning(
    "HB-058",
    "the certificates between Harbor's components are made once, and nobody renews them",
    "\
With `certSource: auto` they are made once, for ten years. At their end core, registry and jobservice refuse each other from one
minute to the next. Let cert-manager make and renew them, or note the date: from 90 days before it, RN-011 tells of it too.

    internalTLS: {enabled: true, certSource: certManager}
",
);

pub(super) const HB_060: Rule = Rule::warning(
    "HB-060",
    "a metrics port is one that the component uses already",
    "\
The registry listens on 5000 and, for debugging, on 5001; registryctl and the other components on 8080. Metrics need a port of
their own; 8001 is Harbor's.

    metrics: {enabled: true, port: 8001}
",
);

pub(super) const HB_066: Rule = Rule::error(
    "HB-066",
    "Harbor listens on no family of addresses, or on IPv6 where the nodes have none",
    "\
Harbor's nginx and portal bind IPv4, IPv6, or both; with both turned off nothing answers. They stop where they shall bind IPv6 and
the node has none; which addresses the nodes have is seen when a plan is made.

    ipFamily: {ipv4: true, ipv6: false}
",
);

pub(super) fn check(harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    hb_053_memory(harbor, out);
    hb_054_versions(harbor, out);
    if harbor
        .security_context
        .as_ref()
        .and_then(|it| it.read_only_root_filesystem)
        == Some(true)
    {
        let path = "securityContext.readOnlyRootFilesystem";
        out.at(
            path,
            HB_057,
            "no image of Harbor starts on a root file system that it can't write to",
        )
        .help("leave it out");
    }
    hb_058_year(harbor, out);
    if harbor
        .ip_family
        .as_ref()
        .is_some_and(|family| !family.ipv4 && !family.ipv6)
    {
        out.at(
            "ipFamily",
            HB_066,
            "Harbor would listen on no address, neither of IPv4 nor of IPv6",
        )
        .help("set one of them to true");
    }
    if let Some(port) = harbor
        .metrics
        .as_ref()
        .and_then(|metrics| metrics.port)
        .filter(|port| TAKEN.contains(port))
    {
        out.at(
            "metrics.port",
            HB_060,
            format!("port {port} is one that Harbor's components listen on"),
        )
        .help("8001 is Harbor's");
    }
}

/// Ports of the components: registry, its debug port, all others, and these with TLS.
const TAKEN: [i64; 5] = [5000, 5001, 5443, 8080, 8443];

fn hb_053_memory(harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    let shared = harbor
        .resources
        .limits
        .memory
        .value()
        .map_or(0, |memory| memory.bytes());
    let own = |resources: Option<&ComponentResources>| {
        resources.and_then(|it| Some(it.limits.memory.as_ref()?.value()?.bytes()))
    };
    let parts = harbor.components.as_ref();
    let core = own(parts.and_then(|it| it.core.as_ref()?.resources.as_ref())).unwrap_or(shared);
    let trivy = own(harbor.trivy.resources.as_ref()).unwrap_or(shared);
    let replicas = harbor.core_replicas + harbor.jobservice_replicas + harbor.registry_replicas;
    let pods = replicas.max(0).unsigned_abs()
        + 1
        + if harbor.trivy.enabled {
            harbor.trivy.replicas.unwrap_or(1).max(0).unsigned_abs()
        } else {
            0
        };
    let sum = format!(
        "{pods} pods of {} MiB, {} MiB in all",
        shared >> 20,
        (shared >> 20) * u128::from(pods)
    );
    let mut small = |is_small: bool, name: &str, path: &str, least: &str| {
        if is_small {
            let message = format!("{name} needs a memory limit of {least} (`resources` comes to {sum})");
            out.at("resources.limits.memory", HB_053, message)
                .help(format!("raise it, or give {name} its own in `{path}`"));
        }
    };
    // No limit at all is another rule's.
    small(
        harbor.trivy.enabled && trivy > 0 && trivy < 1 << 30,
        "Trivy",
        "trivy.resources",
        "1Gi",
    );
    small(
        core > 0 && core < 256 << 20,
        "core",
        "components.core.resources",
        "256Mi",
    );
}

fn hb_054_versions(harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    let Some(components) = &harbor.components else {
        return;
    };
    let image = |component: &Option<crate::sections::HarborComponent>| {
        component.as_ref().and_then(|it| it.image.clone())
    };
    let images = [
        ("core", image(&components.core)),
        ("portal", image(&components.portal)),
        (
            "jobservice",
            components.jobservice.as_ref().and_then(|it| it.image.clone()),
        ),
        ("registry", image(&components.registry)),
        ("registryctl", image(&components.registryctl)),
        ("exporter", image(&components.exporter)),
    ];
    let tag = |image: &Option<Written<ImageReference>>| Some(image.as_ref()?.value()?.tag()?.to_string());
    let mut first: Option<(&str, String)> = None;
    for (name, image) in &images {
        let Some(tag) = tag(image) else { continue };
        match &first {
            None => first = Some((name, tag)),
            Some((other, before)) if *before != tag => {
                let message = format!("the tag is {tag}, and that of {other} is {before}");
                out.at(&format!("components.{name}.image"), HB_054, message)
                    .help("give all the same tag, or leave them out");
            }
            Some(_) => {}
        }
    }
}

fn hb_058_year(harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    let made = |source: Option<&str>| source.is_none_or(|source| source.is_empty() || source == "auto");
    if harbor
        .internal_tls
        .as_ref()
        .is_some_and(|tls| tls.enabled && made(tls.cert_source.as_deref()))
    {
        out.at(
            "internalTLS",
            HB_058,
            "the certificates between the components are made once for ten years, and not renewed",
        )
        .help("where cert-manager runs, write `certSource: certManager`");
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::harbor_registry::trial::{fires, silent};

    #[test]
    fn hb_053_fires_when_a_component_gets_too_little_and_not_otherwise() {
        fires(
            "HB-053",
            &[
                "resources: {limits: {memory: 512Mi}}",
                "{resources: {limits: {memory: 128Mi}}, trivy: {resources: {limits: {memory: 1Gi}}}}",
            ],
        );
        silent(
            "HB-053",
            &[
                "{}",
                "{resources: {limits: {memory: 512Mi}}, trivy: {resources: {limits: {memory: 1Gi}}}}",
                "{resources: {limits: {memory: 512Mi}}, trivy: {enabled: false}}",
            ],
        );
    }

    #[test]
    fn hb_054_fires_when_the_tags_differ_and_not_otherwise() {
        let two = |a: &str, b: &str| {
            format!(
                "components: {{core: {{image: 'goharbor/harbor-core:{a}'}}, portal: {{image: 'goharbor/harbor-portal:{b}'}}}}"
            )
        };
        fires("HB-054", &[&two("v2.10.3", "v2.10.2")]);
        silent("HB-054", &[&two("v2.10.3", "v2.10.3"), "{}"]);
    }

    #[test]
    fn hb_057_fires_on_a_read_only_root_and_not_otherwise() {
        fires("HB-057", &["securityContext: {readOnlyRootFilesystem: true}"]);
        silent(
            "HB-057",
            &["securityContext: {readOnlyRootFilesystem: false}", "{}"],
        );
    }

    #[test]
    fn hb_058_fires_when_nobody_renews_and_not_otherwise() {
        fires("HB-058", &["internalTLS: {}", "internalTLS: {certSource: auto}"]);
        silent(
            "HB-058",
            &[
                "internalTLS: {certSource: secret}",
                "internalTLS: {enabled: false}",
                "{}",
            ],
        );
    }

    #[test]
    fn hb_060_fires_on_a_taken_port_and_not_otherwise() {
        fires("HB-060", &["metrics: {port: 5001}", "metrics: {port: 8080}"]);
        silent("HB-060", &["metrics: {port: 8001}", "{}"]);
    }

    #[test]
    fn hb_066_fires_when_no_family_is_left_and_not_otherwise() {
        fires("HB-066", &["ipFamily: {ipv4: false, ipv6: false}"]);
        silent(
            "HB-066",
            &["ipFamily: {ipv6: false}", "ipFamily: {ipv4: false}", "{}"],
        );
    }
}
