//! The severities of a policy and what becomes of each.

use berth_finding::Rule;

use crate::document::{Document, Tree};
use crate::rules::Out;
use crate::sections::{ImageScanPolicy, SeverityAction};
use crate::value::ScanAction;

pub(super) const SP_009: Rule = Rule::error(
    "SP-009",
    "a severity is named by another scanner's scale",
    "Severities are `critical`, `high`, `medium`, `low` and `unknown`. Red Hat says important and moderate, Debian and \
     Grype say negligible; Berth maps these when it reads reports, so a policy under such a name would never match an \
     image, and what it was to block would pass.\n\n\
     Example:\n\n    \
     vulnerabilities: {critical: {action: block}, low: {action: allow}}",
);

/// Other scales, each word with Berth's.
const OTHER_SCALES: [(&str, &str); 7] = [
    ("important", "high"),
    ("moderate", "medium"),
    ("minor", "low"),
    ("negligible", "low"),
    ("informational", "low"),
    ("none", "unknown"),
    ("unassigned", "unknown"),
];

pub(super) fn check(document: &Document, out: &mut Out<'_, '_>) {
    sp_009(document, out);
}

fn sp_009(document: &Document, out: &mut Out<'_, '_>) {
    let Some(Tree::Map(entries)) = document.given("vulnerabilities").map(|node| &node.tree) else {
        return;
    };
    for entry in entries {
        let key = entry.key.to_ascii_lowercase();
        if let Some((word, own)) = OTHER_SCALES.iter().find(|(word, _)| *word == key) {
            out.at(
                "vulnerabilities",
                SP_009,
                format!("`{word}` is of another scale, and never matches an image"),
            )
            .help(format!("write `{own}`"));
        }
    }
}

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

#[cfg(test)]
mod tests {
    use crate::rules::testing::fires;

    #[test]
    fn sp_009_fires_when_a_severity_is_of_another_scale_and_not_otherwise() {
        assert!(fires(
            "SP-009",
            "ImageScanPolicy",
            "vulnerabilities: {important: {action: block}}"
        ));
        assert!(!fires(
            "SP-009",
            "ImageScanPolicy",
            "vulnerabilities: {high: {action: block}}"
        ));
        assert!(!fires("SP-009", "ImageScanPolicy", "{}"));
    }
}
