//! The scanner that comes with Harbor.

use berth_finding::Rule;

use crate::Spec;
use crate::document::Document;
use crate::rules::Out;
use crate::sections::{HarborRegistry, ImageScanPolicy};
use crate::value::ScanAction;

pub(super) const HB_044: Rule = Rule::error(
    "HB-044",
    "the Trivy image is not the adapter of this Harbor version",
    "\
Harbor speaks to an adapter, `goharbor/trivy-adapter-photon`, released with each Harbor under Harbor's own tag (v2.10.3).
There is no `latest`, and no repository `trivy-adapter-scanner`. A mirror may hold it under another host and prefix.

    version: \"2.10\"
    trivy: {image: goharbor/trivy-adapter-photon:v2.10.3}
",
);

pub(super) const HB_046: Rule = Rule::warning(
    "HB-046",
    "Trivy doesn't check certificates",
    "\
With `insecure` Trivy takes any certificate when it fetches the image to scan, so that whoever is between can give it another
image. Give Harbor a certificate that the
scanner can check.

    trivy: {insecure: false}
",
);

pub(super) const HB_048: Rule = Rule::error(
    "HB-048",
    "a scan policy applies to a Harbor that has no scanner",
    "\
With Trivy disabled nothing is ever scanned, and a policy that blocks then refuses every pull: to Harbor an image without a
scan is an image that isn't known to be safe. Enable Trivy, or let the policy name other registries.

    trivy: {enabled: true}
",
);

pub(super) fn check(harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    if !harbor.trivy.enabled {
        hb_048_projects(harbor, out);
        return;
    }
    hb_044_image(harbor, out);
    if harbor.trivy.insecure {
        out.at(
            "trivy.insecure",
            HB_046,
            "Trivy takes any certificate, and so any image",
        )
        .help("set it to false");
    }
}

fn hb_044_image(harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    let Some(image) = harbor.trivy.image.value() else {
        return;
    };
    let right = format!(
        "goharbor/trivy-adapter-photon:v{}",
        whole_version(&harbor.version)
    );
    if image.repository().rsplit('/').next() != Some("trivy-adapter-photon") {
        out.at(
            "trivy.image",
            HB_044,
            "`trivy.image` is not Harbor's adapter for Trivy",
        )
        .help(format!("write {right}"));
    } else if let Some(tag) = image.tag()
        && !is_release_of(&tag.to_string(), &harbor.version)
    {
        out.at(
            "trivy.image",
            HB_044,
            format!("the tag {tag} is not of Harbor {}", harbor.version),
        )
        .help(format!("write {right}"));
    } else if image.tag().is_none() && image.digest().is_none() {
        out.at(
            "trivy.image",
            HB_044,
            "the image has no tag, and there is no `latest`",
        )
        .help(format!("write {right}"));
    }
}

/// The release of a line that Berth knows best.
fn whole_version(version: &str) -> &str {
    if version == "2.10" { "2.10.3" } else { version }
}

/// Whether `v2.10.3` is a release of `2.10`.
fn is_release_of(tag: &str, version: &str) -> bool {
    tag.strip_prefix('v')
        .and_then(|tag| tag.strip_prefix(version))
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-']))
}

fn hb_048_projects(harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    for (index, project) in harbor.projects.iter().enumerate() {
        if project.prevent_vulnerable == Some(true) {
            out.at(
                &format!("projects[{index}].preventVul"),
                HB_048,
                "nothing is scanned, so every pull would be refused",
            )
            .help("enable Trivy, or take it out");
        }
    }
}

/// The scan policies that apply to a Harbor without a scanner.
pub(super) fn check_policies(policies: &[&Document], harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    let blocks = |policy: &&&Document| match &policy.spec {
        Spec::ImageScanPolicy(policy) => policy.scanning.enabled && is_blocking(policy),
        _ => false,
    };
    if let Some(policy) = policies.iter().find(blocks).filter(|_| !harbor.trivy.enabled) {
        out.at(
            "trivy.enabled",
            HB_048,
            format!(
                "the policy `{}` blocks pulls, and nothing scans",
                policy.base_name
            ),
        )
        .help("enable Trivy, or let the policy name other registries");
    }
}

fn is_blocking(policy: &ImageScanPolicy) -> bool {
    let it = &policy.vulnerabilities;
    [
        Some(&it.critical),
        Some(&it.high),
        Some(&it.medium),
        it.low.as_ref(),
        it.unknown.as_ref(),
    ]
    .into_iter()
    .flatten()
    .any(|severity| severity.enabled && severity.action.value() == Some(&ScanAction::Block))
}

#[cfg(test)]
mod tests {
    use crate::rules::harbor_registry::trial::{fires, fires_with, silent};

    #[test]
    fn hb_044_fires_on_another_image_and_not_otherwise() {
        fires(
            "HB-044",
            &[
                "{}",
                "trivy: {image: goharbor/trivy-adapter-photon:v2.9.1}",
                "trivy: {image: goharbor/trivy-adapter-photon}",
                "trivy: {image: aquasec/trivy:0.52.2}",
            ],
        );
        silent(
            "HB-044",
            &[
                "trivy: {image: goharbor/trivy-adapter-photon:v2.10.3}",
                "trivy: {image: mirror.example.com/a/trivy-adapter-photon:v2.10.3}",
                "trivy: {enabled: false}",
            ],
        );
    }

    #[test]
    fn hb_046_fires_when_certificates_are_not_checked_and_not_otherwise() {
        fires("HB-046", &["trivy: {insecure: true}"]);
        silent("HB-046", &["{}", "trivy: {insecure: true, enabled: false}"]);
    }

    #[test]
    fn hb_048_fires_when_a_gate_has_no_scanner_and_not_otherwise() {
        let with = |spec: &str, policy: &str| fires_with("HB-048", spec, "ImageScanPolicy", policy);
        assert!(with("trivy: {enabled: false}", "{}"));
        assert!(!with("trivy: {enabled: true}", "{}"));
        assert!(!with("trivy: {enabled: false}", "registries: [another]"));
        assert!(!with(
            "trivy: {enabled: false}",
            "vulnerabilities: {critical: {action: warn}}"
        ));
        fires(
            "HB-048",
            &["{trivy: {enabled: false}, projects: [{name: a, preventVul: true}]}"],
        );
        silent("HB-048", &["projects: [{name: a, preventVul: true}]"]);
    }
}
