//! What a replication can do to the other side.

use berth_finding::Rule;

use crate::rules::image_replication_policy::hosts::canonical;
use crate::rules::{Out, RuleContext};
use crate::sections::ImageReplicationPolicy;

pub(super) const RP_010: Rule = Rule::warning(
    "RP-010",
    "two replications copy into each other",
    "One copies from here to there, another from there to here. Where a tag moves on both sides at once each overwrites the \
     other's, and with deletions handed on, a deletion on one side comes back from the other.\n\n\
     Replicate one way only, or let each way have names of its own:\n\n    \
     source: {registry: a.example.com, namespace: team-a}\n    \
     destination: {registry: b.example.com, namespace: from-a}",
);

pub(super) const RP_011: Rule = Rule::warning(
    "RP-011",
    "a registry is trusted without looking at its certificate",
    "Whoever stands between can read the password and hand out other images; digests don't help, as the names are \
     resolved over the same connection.\n\n\
     Give the certificate of the authority instead, and leave `insecure` out:\n\n    \
     destination: {registry: registry.example.com, insecure: false}",
);

pub(super) fn check(policy: &ImageReplicationPolicy, cx: &RuleContext<'_>, out: &mut Out<'_, '_>) {
    rp_010(policy, cx, out);
    rp_011(policy, out);
}

fn rp_010(policy: &ImageReplicationPolicy, cx: &RuleContext<'_>, out: &mut Out<'_, '_>) {
    let (from, to) = (
        canonical(&policy.source.registry),
        canonical(&policy.destination.registry),
    );
    for (document, other) in cx.replication_policies() {
        let back = canonical(&other.source.registry) == to && canonical(&other.destination.registry) == from;
        let overwrites = policy.rules.overwrite != Some(false) || other.rules.overwrite != Some(false);
        if back && from != to && overwrites && policy.enabled && other.enabled {
            out.at(
                "destination.registry",
                RP_010,
                format!("`{}` copies back", document.base_name),
            )
            .help("set `rules.override: false` in both, or replicate one way only");
        }
    }
}

fn rp_011(policy: &ImageReplicationPolicy, out: &mut Out<'_, '_>) {
    for (side, insecure) in [
        ("source", policy.source.insecure),
        ("destination", policy.destination.insecure),
    ] {
        if insecure {
            out.at(
                &format!("{side}.insecure"),
                RP_011,
                "the certificate isn't checked",
            )
            .help("leave `insecure` out");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{fires, fires_among};

    const KIND: &str = "ImageReplicationPolicy";

    #[test]
    fn rp_010_fires_when_two_replications_face_each_other_and_not_otherwise() {
        let there = (
            KIND,
            "{source: {registry: a.example.com}, destination: {registry: b.example.com}}",
        );
        let back = "{source: {registry: b.example.com}, destination: {registry: a.example.com}";
        let careful = "{source: {registry: a.example.com}, destination: {registry: b.example.com}, rules: {override: false}}";
        assert!(fires_among("RP-010", &[there, (KIND, &format!("{back}}}"))]));
        assert!(!fires_among(
            "RP-010",
            &[there, (KIND, &format!("{back}, enabled: false}}"))]
        ));
        assert!(!fires_among(
            "RP-010",
            &[
                (KIND, careful),
                (KIND, &format!("{back}, rules: {{override: false}}}}"))
            ]
        ));
        assert!(!fires_among("RP-010", &[there, (KIND, "{}")]));
    }

    #[test]
    fn rp_011_fires_when_a_certificate_is_not_checked_and_not_otherwise() {
        assert!(fires("RP-011", KIND, "destination: {insecure: true}"));
        assert!(fires("RP-011", KIND, "source: {insecure: true}"));
        assert!(!fires("RP-011", KIND, "{}"));
    }
}
