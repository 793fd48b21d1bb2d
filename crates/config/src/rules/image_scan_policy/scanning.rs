//! What scans, when, and where.

use berth_finding::{Level, Phase, Rule};

use crate::rules::image_scan_policy::severities::blocks;
use crate::rules::reach::{Reach, Reached};
use crate::rules::{Out, RuleContext};
use crate::sections::ImageScanPolicy;
use crate::value::{Engine, Written};
use crate::{Kind, Spec};

pub(super) const SP_001: Rule = Rule::error(
    "SP-001",
    "this registry can't be scanned by this policy",
    "The scanner is Trivy, and it can be built into Harbor and into Berth's own registry. Docker's registry has no \
     scanner, Nexus scans only with a product of its vendor (Firewall), Artifactory only with Xray. A policy for one of these \
     would be read and enforced by nobody.\n\n\
     Aim the policy at a registry that can do it, or let Berth serve this one:\n\n    \
     scanning: {scanner: trivy}\n    \
     registries: [harbor]",
);

pub(super) const SP_002: Rule = Rule::warning(
    "SP-002",
    "Harbor doesn't scan on a pull",
    "Harbor scans on push and on a schedule. On a pull it only looks at the report that is there, and where the gate blocks, \
     an image without a report is refused. So `onPull` has no effect of its own there.\n\n\
     Scan on push, and again at an interval for vulnerabilities found later:\n\n    \
     scanning: {onPush: true, onPull: false, scanInterval: 24h}",
);

pub(super) const SP_003: Rule = Rule::error(
    "SP-003",
    "the scan interval can't be read, or not be kept by Harbor",
    "Harbor repeats its scans hourly, daily, weekly or by a cron expression. `1h`, `24h` and `168h` become the first three. \
     Any other interval becomes the nearest one that is not rarer, because a cron expression can't say `every 7 hours`. \
     That is a warning; an interval that isn't a duration is an error. `0` stands \
     for no repeated scan.\n\n\
     Example:\n\n    \
     scanning: {scanInterval: 24h}",
);

pub(super) const SP_012: Rule = Rule::error(
    "SP-012",
    "the policy names no project",
    "Harbor keeps scanning, the gate and the list of allowed vulnerabilities by project. A policy without projects \
     applies to every project there is when it is applied, and not to those made later.\n\n\
     Name the projects:\n\n    \
     projects: [library, payments]",
);

pub(super) const SP_013: Rule = Rule::warning(
    "SP-013",
    "the gate lies before a project that caches another registry",
    "In a project that caches another registry an image is scanned only after it was fetched, which is what the first pull \
     does. Depending on the version Harbor lets that pull through unscanned, or refuses it until the scan is done.\n\n\
     Let the gate stand before projects that hold images themselves:\n\n    \
     projects: [library, payments]",
);

/// Seen in the images only: nothing in the documents tells whether an image is for several platforms.
pub(super) const SP_014: Rule = Rule {
    phase: Phase::Live,
    ..Rule::warning(
        "SP-014",
        "an image for several platforms is judged platform by platform",
        "An image for several platforms is an index of images. Each of these is scanned and judged on its own, so one \
         platform may be blocked while another can be pulled; the index itself has no report.\n\n\
         Build only the platforms that are run, and look at the reports of all of them.",
    )
};

pub(super) fn check(
    policy: &ImageScanPolicy,
    reach: &Reach<'_>,
    cx: &RuleContext<'_>,
    out: &mut Out<'_, '_>,
) {
    sp_001(policy, reach, cx.is_cluster(), out);
    sp_002(policy, reach, out);
    sp_003(policy, reach, out);
    sp_012(policy, reach, out);
    sp_013(policy, reach, out);
}

fn sp_001(policy: &ImageScanPolicy, reach: &Reach<'_>, cluster: bool, out: &mut Out<'_, '_>) {
    for registry in reach.registries() {
        let Some(reason) = cannot_scan(registry, cluster) else {
            continue;
        };
        let message = format!(
            "the policy is enforced by nobody in `{}`: {reason}",
            registry.name
        );
        // A policy for all registries may reach some that can't; one that names a registry means it.
        let dev = if policy.registries.is_empty() {
            Level::Warning
        } else {
            Level::Error
        };
        out.at("registries", SP_001, message)
            .level_in(dev, Level::Error)
            .help(
                "name in `registries` those that can scan: Harbor, or a DockerRegistry with `engine: berth`",
            );
    }
}

fn cannot_scan(registry: &Reached<'_>, cluster: bool) -> Option<&'static str> {
    match registry.spec {
        Spec::HarborRegistry(harbor) if !harbor.trivy.enabled => Some("its Trivy is switched off"),
        Spec::NexusRegistry(_) => Some("Nexus scans with Sonatype's own Firewall only"),
        Spec::ArtifactoryRegistry(_) => Some("Artifactory scans with Xray only"),
        Spec::DockerRegistry(docker) if cluster => {
            let engine = docker.engine.as_ref().and_then(Written::value);
            (engine != Some(&Engine::Berth)).then_some("Docker's registry has no scanner")
        }
        _ => None,
    }
}

fn sp_002(policy: &ImageScanPolicy, reach: &Reach<'_>, out: &mut Out<'_, '_>) {
    let scanning = &policy.scanning;
    if scanning.enabled && scanning.on_pull && reach.may_include(Kind::HarborRegistry) {
        out.at(
            "scanning.onPull",
            SP_002,
            "Harbor doesn't scan on a pull; it looks at the report that is there",
        )
        .help("set `onPull: false` for Harbor, and scan on push and at an interval");
    }
}

fn sp_003(policy: &ImageScanPolicy, reach: &Reach<'_>, out: &mut Out<'_, '_>) {
    let Some(interval) = policy.scanning.scan_interval.value() else {
        return;
    };
    if reach.may_include(Kind::HarborRegistry) && ![0, 3600, 86400, 604_800].contains(&interval.seconds()) {
        out.at(
            "scanning.scanInterval",
            SP_003,
            "Harbor scans hourly, daily or weekly, not at this interval",
        )
        .level(Level::Warning)
        .help("1h, 24h or 168h");
    }
}

fn sp_012(policy: &ImageScanPolicy, reach: &Reach<'_>, out: &mut Out<'_, '_>) {
    if policy.projects.is_empty() && policy.repositories.is_empty() && reach.may_include(Kind::HarborRegistry)
    {
        out.at(
            "projects",
            SP_012,
            "no project is named, so all that are there when it is applied get the policy",
        )
        .help("name the projects, such as `projects: [library]`");
    }
}

fn sp_013(policy: &ImageScanPolicy, reach: &Reach<'_>, out: &mut Out<'_, '_>) {
    if !blocks(policy) {
        return;
    }
    for harbor in reach.harbors() {
        let caches = harbor
            .projects
            .iter()
            .filter(|project| project.proxy_cache.is_some());
        for project in
            caches.filter(|project| policy.projects.is_empty() || policy.projects.contains(&project.name))
        {
            out.at(
                "projects",
                SP_013,
                format!(
                    "`{}` caches another registry, and is scanned after the first pull",
                    project.name
                ),
            )
            .help("leave it out of `projects`");
        }
    }
}

#[cfg(test)]
mod tests {
    use berth_finding::Level;

    use crate::rules::testing::{fires, fires_among, fires_on_cluster, level_among};

    const KIND: &str = "ImageScanPolicy";
    const HARBOR: (&str, &str) = ("HarborRegistry", "{}");
    const DOCKER: (&str, &str) = ("DockerRegistry", "{}");

    #[test]
    fn sp_001_fires_when_nobody_can_scan_and_not_otherwise() {
        assert!(fires("SP-001", KIND, "scanning: {scanner: clair}"));
        assert_eq!(
            level_among("SP-001", &[(KIND, "{}"), ("NexusRegistry", "{}")]),
            Some(Level::Warning)
        );
        let named = [(KIND, "registries: [nexus]"), ("NexusRegistry", "name: nexus")];
        assert_eq!(level_among("SP-001", &named), Some(Level::Error));
        assert!(fires_among(
            "SP-001",
            &[(KIND, "{}"), ("HarborRegistry", "trivy: {enabled: false}")]
        ));
        assert!(fires_on_cluster("SP-001", &[(KIND, "{}"), DOCKER]));
        assert!(!fires_on_cluster(
            "SP-001",
            &[(KIND, "{}"), ("DockerRegistry", "engine: berth")]
        ));
        assert!(!fires_among("SP-001", &[(KIND, "{}"), DOCKER]));
        assert!(!fires_among("SP-001", &[(KIND, "{}"), HARBOR]));
    }

    #[test]
    fn sp_002_fires_when_harbor_is_to_scan_on_pull_and_not_otherwise() {
        assert!(fires("SP-002", KIND, "{}"));
        assert!(fires_among("SP-002", &[(KIND, "{}"), HARBOR]));
        assert!(!fires("SP-002", KIND, "scanning: {onPull: false}"));
        assert!(!fires_among("SP-002", &[(KIND, "{}"), DOCKER]));
    }

    #[test]
    fn sp_003_fires_when_an_interval_can_not_be_kept_and_not_otherwise() {
        assert_eq!(
            level_among("SP-003", &[(KIND, "scanning: {scanInterval: daily}")]),
            Some(Level::Error)
        );
        assert_eq!(
            level_among("SP-003", &[(KIND, "scanning: {scanInterval: 7h}")]),
            Some(Level::Warning)
        );
        assert!(!fires("SP-003", KIND, "scanning: {scanInterval: 168h}"));
        assert!(!fires_among(
            "SP-003",
            &[(KIND, "scanning: {scanInterval: 7h}"), DOCKER]
        ));
    }

    #[test]
    fn sp_012_fires_when_no_project_is_named_and_not_otherwise() {
        assert!(fires("SP-012", KIND, "{}"));
        assert!(!fires("SP-012", KIND, "projects: [library]"));
        assert!(!fires_among("SP-012", &[(KIND, "{}"), DOCKER]));
    }

    #[test]
    fn sp_013_fires_when_a_cache_is_gated_and_not_otherwise() {
        let harbor = (
            "HarborRegistry",
            "projects: [{name: hub, proxyCache: docker-hub}, {name: apps}]",
        );
        assert!(fires_among("SP-013", &[(KIND, "{}"), harbor]));
        assert!(fires_among("SP-013", &[(KIND, "projects: [hub]"), harbor]));
        assert!(!fires_among("SP-013", &[(KIND, "projects: [apps]"), harbor]));
        let allow = "vulnerabilities: {critical: {action: allow}}";
        assert!(!fires_among("SP-013", &[(KIND, allow), harbor]));
    }
}
