//! What is kept, and how long.

use berth_finding::{Phase, Rule};

use crate::rules::Out;
use crate::sections::ImageRetentionPolicy;

pub(super) const RT_001: Rule = Rule::error(
    "RT-001",
    "the number of days to keep images is less than one",
    "`retentionDays` counts whole days. Zero would remove an image while it is still being deployed, a negative number \
     means nothing.\n\n\
     Example:\n\n    \
     retentionDays: 30",
);

pub(super) const RT_002: Rule = Rule::warning(
    "RT-002",
    "no tagged image is ever removed",
    "With `keepTagged: true` only images that no tag names any more grow old. Where every build gets a tag of its own, which is \
     usual, the registry grows without end and the policy looks as if it worked.\n\n\
     Let tags grow old too, and keep `latest`:\n\n    \
     keepTagged: false\n    \
     keepLatest: true",
);

pub(super) const RT_005: Rule = Rule::warning(
    "RT-005",
    "`keepLatest` has two meanings, and both are kept",
    "It can mean the tag that is called `latest`, or the image pushed last. As tags are not all kept here, the difference \
     matters. Berth keeps both: what `latest` names, and in each repository the newest push.\n\n\
     Nothing needs to be done where that is right; to let tagged images go altogether:\n\n    \
     keepLatest: false",
);

pub(super) const RT_015: Rule = Rule::warning(
    "RT-015",
    "images go before a roll-back may need them",
    "Tagged images are removed after less than a week. A release that is found bad after a long weekend can't be rolled back \
     when the image before it is gone, and a pod that moves to another node can't be started.\n\n\
     Keep them at least a week:\n\n    \
     retentionDays: 14",
);

pub(super) const RT_012: Rule = Rule {
    phase: Phase::Plan,
    ..Rule::error(
        "RT-012",
        "the policy would delete for the first time, and nobody has seen what",
        "The first run of a policy deletes everything that has gathered since the registry was set up. A pattern that is a little too \
         wide shows itself only then. So the first run needs a plan that was shown: it lists each tag with the reason why it \
         stays or goes.",
    )
};

/// Days within which a release may have to be taken back.
const ROLL_BACK_DAYS: i64 = 7;

pub(super) fn check(policy: &ImageRetentionPolicy, out: &mut Out<'_, '_>) {
    rt_002(policy, out);
    rt_005(policy, out);
    rt_015(policy, out);
}

fn rt_002(policy: &ImageRetentionPolicy, out: &mut Out<'_, '_>) {
    if policy.keep_tagged {
        out.at(
            "keepTagged",
            RT_002,
            "tagged images are kept for ever; only untagged ones grow old",
        )
        .help("set `keepTagged: false` if tags are to grow old too");
    }
}

fn rt_005(policy: &ImageRetentionPolicy, out: &mut Out<'_, '_>) {
    if policy.keep_latest && !policy.keep_tagged {
        out.at(
            "keepLatest",
            RT_005,
            "what the tag `latest` names is kept, and the newest push of each repository too",
        )
        .help("nothing, if that is meant; else `keepLatest: false`");
    }
}

fn rt_015(policy: &ImageRetentionPolicy, out: &mut Out<'_, '_>) {
    let soon = (1..ROLL_BACK_DAYS).contains(&policy.retention_days);
    if soon && !policy.keep_tagged && policy.keep_last.is_none_or(|count| count == 0) {
        out.at("retentionDays", RT_015, "tagged images go after less than a week")
            .help("14 or more, or `keepLast: 5`");
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::fires;

    const KIND: &str = "ImageRetentionPolicy";

    #[test]
    fn rt_001_fires_when_the_days_are_not_a_number_of_days_and_not_otherwise() {
        assert!(fires("RT-001", KIND, "retentionDays: 0"));
        assert!(!fires("RT-001", KIND, "retentionDays: 1"));
    }

    #[test]
    fn rt_002_fires_when_tags_never_grow_old_and_not_otherwise() {
        assert!(fires("RT-002", KIND, "{}"));
        assert!(!fires("RT-002", KIND, "keepTagged: false"));
    }

    #[test]
    fn rt_005_fires_when_latest_has_two_meanings_and_not_otherwise() {
        assert!(fires("RT-005", KIND, "keepTagged: false"));
        assert!(!fires("RT-005", KIND, "{keepTagged: false, keepLatest: false}"));
        assert!(!fires("RT-005", KIND, "{}"));
    }

    #[test]
    fn rt_015_fires_when_images_go_before_a_roll_back_and_not_otherwise() {
        assert!(fires("RT-015", KIND, "{keepTagged: false, retentionDays: 3}"));
        assert!(!fires("RT-015", KIND, "{keepTagged: false, retentionDays: 7}"));
        assert!(!fires(
            "RT-015",
            KIND,
            "{keepTagged: false, retentionDays: 3, keepLast: 5}"
        ));
        assert!(!fires("RT-015", KIND, "retentionDays: 3"));
    }
}
