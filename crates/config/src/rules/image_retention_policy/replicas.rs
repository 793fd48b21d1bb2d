//! What retention does to replicas.

use berth_finding::Rule;

use crate::rules::reach::Reach;
use crate::rules::{Out, RuleContext};

pub(super) const RT_014: Rule = Rule::warning(
    "RT-014",
    "what retention removes here is removed at the replica as well",
    "A replication with `deleteImage: true` hands deletions on. What this policy removes at the source then disappears at the \
     destination too, also where the destination is the backup.\n\n\
     Keep deletions at home, or give the destination a policy of its own:\n\n    \
     rules: {pullImage: true, deleteImage: false}",
);

pub(super) fn check(reach: &Reach<'_>, cx: &RuleContext<'_>, out: &mut Out<'_, '_>) {
    rt_014(reach, cx, out);
}

fn rt_014(reach: &Reach<'_>, cx: &RuleContext<'_>, out: &mut Out<'_, '_>) {
    for (document, replication) in cx.replication_policies() {
        let from_here = reach
            .registries()
            .iter()
            .any(|registry| registry.is_called(&replication.source.registry));
        if replication.enabled && replication.rules.delete_image && from_here {
            out.at(
                "retentionDays",
                RT_014,
                format!("`{}` hands deletions on to its destination", document.base_name),
            )
            .help("set `rules.deleteImage: false` there, unless that is meant");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::fires_among;

    const KIND: &str = "ImageRetentionPolicy";
    const HARBOR: (&str, &str) = ("HarborRegistry", "externalURL: 'https://harbor.example.com'");

    #[test]
    fn rt_014_fires_when_deletions_are_handed_on_and_not_otherwise() {
        let replication = "{source: {registry: harbor.example.com}, rules: {deleteImage: true}}";
        let kind = "ImageReplicationPolicy";
        assert!(fires_among(
            "RT-014",
            &[(KIND, "{}"), HARBOR, (kind, replication)]
        ));
        assert!(!fires_among(
            "RT-014",
            &[
                (KIND, "{}"),
                HARBOR,
                (kind, &replication.replace("true", "false"))
            ]
        ));
        assert!(!fires_among(
            "RT-014",
            &[(KIND, "{}"), HARBOR, (kind, "rules: {deleteImage: true}")]
        ));
    }
}
