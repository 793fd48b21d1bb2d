//! The pod: its image, its size and its end.

use berth_finding::Rule;

use crate::rules::{Out, RuleContext};
use crate::sections::NexusRegistry;

pub(super) const NX_007: Rule = Rule::warning(
    "NX-007",
    "Nexus gets too little time to stop",
    "On a stop Nexus closes its database and finishes writing indexes. Killed before it is through, an embedded \
     database must be repaired at the next start, which can fail. 120 seconds is what the vendor's own charts give.\n\n\
     Example:\n\n    \
     terminationGracePeriodSeconds: 120",
);

pub(super) const NX_008: Rule = Rule::warning(
    "NX-008",
    "the image tag is no full version, and such tags are not published",
    "`sonatype/nexus3` publishes full versions only, such as `3.68.1`; there is no tag `3.68`. The pod would stay in \
     ImagePullBackOff. Berth takes the newest patch it knows when it renders.\n\n\
     Write the tag in full:\n\n    \
     image: sonatype/nexus3:3.68.1",
);

pub(super) const NX_015: Rule = Rule::warning(
    "NX-015",
    "the limits are below what the vendor asks for in production",
    "For production the vendor asks for at least 4 CPUs and 8 GiB of memory. With less, searches, index rebuilds and \
     cleanup tasks push uploads into time-outs. Only reported under `--profile prod`.\n\n\
     Example:\n\n    \
     resources: {limits: {cpu: \"4\", memory: 8Gi}, requests: {cpu: \"2\", memory: 8Gi}}",
);

/// Seconds that the vendor's charts give.
const GRACE_SECONDS: i64 = 120;

/// What the vendor asks for in production: millicores, and bytes.
const VENDOR_SIZE: (u128, u128) = (4000, 8 << 30);

pub(super) fn check(nexus: &NexusRegistry, cx: &RuleContext<'_>, out: &mut Out<'_, '_>) {
    nx_007(nexus, out);
    nx_008(nexus, out);
    nx_015(nexus, cx, out);
}

fn nx_007(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    if nexus
        .termination_grace_period_seconds
        .is_some_and(|seconds| seconds < GRACE_SECONDS)
    {
        out.at(
            "terminationGracePeriodSeconds",
            NX_007,
            "less than 120 seconds to close the database",
        )
        .help("set it to 120 or more, or leave it out");
    }
}

fn nx_008(nexus: &NexusRegistry, out: &mut Out<'_, '_>) {
    let Some(image) = nexus.image.value() else {
        return;
    };
    let Some(tag) = image.tag().map(ToString::to_string) else {
        return;
    };
    let numbers = tag
        .split('.')
        .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    if image.repository().ends_with("sonatype/nexus3") && numbers && tag.split('.').count() < 3 {
        out.at(
            "image",
            NX_008,
            format!("the tag `{tag}` is not published, only full versions are"),
        )
        .help(format!("write the patch too, such as `{tag}.1`"));
    }
}

fn nx_015(nexus: &NexusRegistry, cx: &RuleContext<'_>, out: &mut Out<'_, '_>) {
    if !cx.is_prod() {
        return;
    }
    let limits = &nexus.resources.limits;
    if limits
        .cpu
        .value()
        .is_some_and(|cpu| cpu.millicores() < VENDOR_SIZE.0)
    {
        out.at(
            "resources.limits.cpu",
            NX_015,
            "less than the 4 CPUs that the vendor asks for",
        )
        .help("set it to `4`");
    }
    if limits
        .memory
        .value()
        .is_some_and(|memory| memory.bytes() < VENDOR_SIZE.1)
    {
        out.at(
            "resources.limits.memory",
            NX_015,
            "less than the 8 GiB that the vendor asks for",
        )
        .help("set it to `8Gi`");
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::nexus_registry::testing::{fires, fires_in_prod};

    #[test]
    fn nx_007_fires_when_the_end_comes_too_soon_and_not_otherwise() {
        assert!(fires("NX-007", "terminationGracePeriodSeconds: 30"));
        assert!(!fires("NX-007", "terminationGracePeriodSeconds: 120"));
        assert!(!fires("NX-007", "{}"));
    }

    #[test]
    fn nx_008_fires_when_the_tag_has_no_patch_and_not_otherwise() {
        assert!(fires("NX-008", "image: 'sonatype/nexus3:3.68'"));
        assert!(!fires("NX-008", "image: 'sonatype/nexus3:3.68.1'"));
        assert!(!fires("NX-008", "image: 'sonatype/nexus3:3.68.1-java17'"));
        assert!(!fires("NX-008", "image: 'mirror.example.com/our-nexus:3.68'"));
    }

    #[test]
    fn nx_015_fires_when_production_is_small_and_not_otherwise() {
        let large = "resources: {limits: {cpu: '4', memory: 8Gi}}";
        assert!(fires_in_prod(
            "NX-015",
            "resources: {limits: {cpu: '2', memory: 8Gi}}"
        ));
        assert!(fires_in_prod(
            "NX-015",
            "resources: {limits: {cpu: '4', memory: 4Gi}}"
        ));
        assert!(!fires_in_prod("NX-015", large));
        assert!(!fires("NX-015", "resources: {limits: {cpu: '2', memory: 4Gi}}"));
    }
}
