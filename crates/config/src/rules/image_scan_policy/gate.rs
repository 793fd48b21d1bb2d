//! Which vulnerabilities block a pull.

use berth_finding::Rule;

use crate::Kind;
use crate::rules::Out;
use crate::rules::image_scan_policy::severities::{blocks, effective, severities};
use crate::rules::reach::Reach;
use crate::sections::ImageScanPolicy;
use crate::value::ScanAction;

pub(super) const SP_004: Rule = Rule::error(
    "SP-004",
    "a lower severity is blocked while a higher one is let through",
    "A gate has one threshold: the lowest severity that is blocked; everything above it is blocked too. A policy that \
     blocks `medium` and only warns at `high` would let the worse image through, and no product can do it.\n\n\
     Block upwards from one severity:\n\n    \
     vulnerabilities: {critical: {action: block}, high: {action: block}, medium: {action: warn}}",
);

pub(super) const SP_005: Rule = Rule::warning(
    "SP-005",
    "`warn` stops nothing in Harbor",
    "Harbor's gate knows only a threshold from which a pull is refused; below it images are pulled without a word. \
     Findings at this severity stand in Harbor's reports, and Berth lists them in its own, but nobody who \
     pulls is told.\n\n\
     Choose `block` where a pull must fail, and `allow` where the report is enough:\n\n    \
     vulnerabilities: {high: {action: block}}",
);

pub(super) const SP_006: Rule = Rule::error(
    "SP-006",
    "an action is none of block, warn and allow",
    "An action that isn't known can't be enforced, and guessing would either block deployments or let images through.\n\n\
     Example:\n\n    \
     vulnerabilities: {critical: {action: block}}",
);

pub(super) const SP_007: Rule = Rule::warning(
    "SP-007",
    "an action blocks, but it is switched off",
    "With `scanning.enabled: false` nothing is scanned, and a severity with `enabled: false` isn't looked at: the `block` that \
     stands there protects nothing, though it reads as if it did.\n\n\
     Switch it on, or say `allow`:\n\n    \
     vulnerabilities: {critical: {enabled: true, action: block}}",
);

pub(super) const SP_010: Rule = Rule::error(
    "SP-010",
    "images are blocked, but none is ever scanned",
    "A gate that blocks also refuses images without a report. With neither a scan on push nor a repeated scan no image \
     ever gets a report, and nothing can be pulled any more.\n\n\
     Scan on push, or at an interval:\n\n    \
     scanning: {onPush: true, scanInterval: 24h}",
);

pub(super) fn check(policy: &ImageScanPolicy, reach: &Reach<'_>, out: &mut Out<'_, '_>) {
    sp_004(policy, out);
    sp_005(policy, reach, out);
    sp_007(policy, out);
    sp_010(policy, reach, out);
}

fn sp_004(policy: &ImageScanPolicy, out: &mut Out<'_, '_>) {
    let severities = severities(policy);
    for (position, (name, lower)) in severities.iter().enumerate() {
        let higher = severities[..position]
            .iter()
            .find(|(_, higher)| effective(higher) != Some(ScanAction::Block));
        if let Some((above, _)) = higher
            && effective(lower) == Some(ScanAction::Block)
        {
            out.at(
                &format!("vulnerabilities.{name}.action"),
                SP_004,
                format!("`{name}` is blocked, but `{above}` is not"),
            )
            .help(format!("block `{above}` too, or let `{name}` through"));
        }
    }
}

fn sp_005(policy: &ImageScanPolicy, reach: &Reach<'_>, out: &mut Out<'_, '_>) {
    if !reach.may_include(Kind::HarborRegistry) {
        return;
    }
    for (name, severity) in severities(policy) {
        if effective(severity) == Some(ScanAction::Warn) {
            out.at(
                &format!("vulnerabilities.{name}.action"),
                SP_005,
                "Harbor doesn't warn who pulls; it stands in reports only",
            )
            .help("`block` where a pull must fail, `allow` where the report is enough");
        }
    }
}

fn sp_007(policy: &ImageScanPolicy, out: &mut Out<'_, '_>) {
    for (name, severity) in severities(policy) {
        if severity.action.value() != Some(&ScanAction::Block) {
            continue;
        }
        if !policy.scanning.enabled {
            out.at(
                "scanning.enabled",
                SP_007,
                format!("scanning is off, so `{name}: block` protects nothing"),
            )
            .help("set `scanning.enabled: true`, or the action to `allow`");
        } else if !severity.enabled {
            out.at(
                &format!("vulnerabilities.{name}.enabled"),
                SP_007,
                "the severity is off, so its `block` protects nothing",
            )
            .help("set `enabled: true`, or the action to `allow`");
        }
    }
}

fn sp_010(policy: &ImageScanPolicy, reach: &Reach<'_>, out: &mut Out<'_, '_>) {
    let scanning = &policy.scanning;
    let repeats = scanning
        .scan_interval
        .value()
        .is_none_or(|interval| interval.seconds() > 0);
    let pulls_scan = scanning.on_pull && !reach.may_include(Kind::HarborRegistry);
    if scanning.enabled && blocks(policy) && !scanning.on_push && !repeats && !pulls_scan {
        out.at(
            "scanning.onPush",
            SP_010,
            "nothing ever scans, and the gate refuses what has no report",
        )
        .help("set `scanning.onPush: true`, or a `scanInterval`");
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{fires, fires_among};

    const KIND: &str = "ImageScanPolicy";
    const DOCKER: (&str, &str) = ("DockerRegistry", "{}");

    #[test]
    fn sp_004_fires_when_the_gate_has_a_hole_and_not_otherwise() {
        assert!(fires(
            "SP-004",
            KIND,
            "vulnerabilities: {high: {action: warn}, medium: {action: block}}"
        ));
        assert!(fires(
            "SP-004",
            KIND,
            "vulnerabilities: {critical: {enabled: false}, high: {action: block}}"
        ));
        assert!(fires("SP-004", KIND, "vulnerabilities: {low: {action: block}}"));
        assert!(!fires(
            "SP-004",
            KIND,
            "vulnerabilities: {high: {action: block}, medium: {action: block}}"
        ));
        assert!(!fires("SP-004", KIND, "{}"));
    }

    #[test]
    fn sp_005_fires_when_harbor_is_to_warn_and_not_otherwise() {
        assert!(fires("SP-005", KIND, "vulnerabilities: {high: {action: warn}}"));
        assert!(!fires("SP-005", KIND, "vulnerabilities: {high: {action: block}}"));
        assert!(!fires_among(
            "SP-005",
            &[(KIND, "vulnerabilities: {high: {action: warn}}"), DOCKER]
        ));
    }

    #[test]
    fn sp_006_fires_when_an_action_is_not_known_and_not_otherwise() {
        assert!(fires("SP-006", KIND, "vulnerabilities: {high: {action: deny}}"));
        assert!(!fires("SP-006", KIND, "vulnerabilities: {high: {action: allow}}"));
    }

    #[test]
    fn sp_007_fires_when_what_blocks_is_off_and_not_otherwise() {
        assert!(fires("SP-007", KIND, "scanning: {enabled: false}"));
        assert!(fires(
            "SP-007",
            KIND,
            "vulnerabilities: {critical: {enabled: false}}"
        ));
        assert!(!fires(
            "SP-007",
            KIND,
            "{scanning: {enabled: false}, vulnerabilities: {critical: {action: allow}}}"
        ));
        assert!(!fires("SP-007", KIND, "{}"));
    }

    #[test]
    fn sp_010_fires_when_nothing_scans_what_is_blocked_and_not_otherwise() {
        let never = "scanning: {onPush: false, scanInterval: '0'}";
        assert!(fires("SP-010", KIND, never));
        assert!(!fires(
            "SP-010",
            KIND,
            "scanning: {onPush: false, scanInterval: 24h}"
        ));
        assert!(!fires(
            "SP-010",
            KIND,
            "scanning: {onPush: true, scanInterval: '0'}"
        ));
        assert!(!fires(
            "SP-010",
            KIND,
            &format!("{never}\nvulnerabilities: {{critical: {{action: allow}}}}")
        ));
        assert!(!fires_among("SP-010", &[(KIND, never), DOCKER]));
    }
}
