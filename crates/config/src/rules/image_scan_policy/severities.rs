//! The severities of a policy and what becomes of each.

use crate::sections::{ImageScanPolicy, SeverityAction};
use crate::value::ScanAction;

/// The severities that the policy speaks of, the worst first.
pub(super) fn severities(policy: &ImageScanPolicy) -> Vec<(&'static str, &SeverityAction)> {
    let all = &policy.vulnerabilities;
    let mut severities = vec![
        ("critical", &all.critical),
        ("high", &all.high),
        ("medium", &all.medium),
    ];
    severities.extend(all.low.as_ref().map(|low| ("low", low)));
    severities
}

/// What is done: a severity that is switched off lets through. `None` where the action can't be read.
pub(super) fn effective(severity: &SeverityAction) -> Option<ScanAction> {
    if severity.enabled {
        severity.action.value().copied()
    } else {
        Some(ScanAction::Allow)
    }
}

/// Whether any severity blocks.
pub(super) fn blocks(policy: &ImageScanPolicy) -> bool {
    severities(policy)
        .iter()
        .any(|(_, severity)| effective(severity) == Some(ScanAction::Block))
}
