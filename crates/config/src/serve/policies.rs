use berth_finding::Finding;

use super::ServeOptions;
use super::codes::{SV_005, SV_007, refuse};
use crate::document::{Document, Documents};
use crate::installation::policies_for;
use crate::sections::ImageScanPolicy;
use crate::value::ScanAction;
use crate::{Kind, Spec};

/// Judges the policies over `registry`: what protects refuses or, where that was asked for, is named as not
/// enforced; what doesn't protect is a warning.
pub(super) fn judge(
    documents: &Documents,
    registry: &Document,
    options: &ServeOptions,
    findings: &mut Vec<Finding>,
) -> Vec<String> {
    let mut unenforced = Vec::new();
    let policies = Kind::ALL
        .iter()
        .flat_map(|kind| policies_for(&documents.documents, registry, *kind));
    for policy in policies {
        if let Some(path) = protects(&policy.spec) {
            if options.ignore_unenforced {
                unenforced.push(format!("{} is not enforced", policy.title()));
            } else {
                let message = format!(
                    "{} applies to `{}` and can't be enforced yet",
                    policy.title(),
                    registry.base_name
                );
                let help = "leave it out, or say --ignore-unenforced to serve without this protection";
                findings.push(refuse(policy, path, SV_005, message).help(help));
            }
        } else if runs(policy) {
            let message = format!(
                "{} is not applied yet to `{}`",
                policy.title(),
                registry.base_name
            );
            findings.push(refuse(policy, "kind", SV_007, message).help("the registry is served without it"));
        }
    }
    unenforced
}

/// The field by which a policy protects the registry, where it does.
fn protects(spec: &Spec) -> Option<&'static str> {
    match spec {
        Spec::RegistryAccess(access) if !access.rules.is_empty() => Some("rules"),
        Spec::ImageScanPolicy(policy) if blocks(policy) => Some("vulnerabilities"),
        _ => None,
    }
}

fn blocks(policy: &ImageScanPolicy) -> bool {
    let levels = &policy.vulnerabilities;
    let severities = [
        Some(&levels.critical),
        Some(&levels.high),
        Some(&levels.medium),
        levels.low.as_ref(),
        levels.unknown.as_ref(),
    ];
    let mut severities = severities.into_iter().flatten();
    policy.scanning.enabled
        && severities.any(|severity| severity.enabled && severity.action.value() == Some(&ScanAction::Block))
}

/// Whether it is something that would run, and doesn't.
fn runs(policy: &Document) -> bool {
    match &policy.spec {
        Spec::ImageReplicationPolicy(replication) => replication.enabled,
        Spec::ImageScanPolicy(scan) => scan.scanning.enabled,
        Spec::ImageRetentionPolicy(_) | Spec::ImageBuildConfig(_) => true,
        _ => false,
    }
}
