//! What the gate lets through all the same.

use berth_finding::Rule;

use crate::rules::Out;
use crate::rules::reach::Reach;
use crate::sections::ImageScanPolicy;

pub(super) const SP_008: Rule = Rule::error(
    "SP-008",
    "Harbor can't exempt an image, only a vulnerability",
    "Harbor's lists of exceptions hold vulnerability ids, for a project or for the whole system. An image as such can't be \
     exempted: it must live in a project whose gate is open.\n\n\
     Name the vulnerabilities, or move the image into a project of its own:\n\n    \
     exemptions: [{cve: CVE-2023-44487, expires: \"2026-12-31\"}]",
);

pub(super) const SP_011: Rule = Rule::warning(
    "SP-011",
    "an exemption never ends",
    "An exception is made because a fix isn't there yet. Without an end it still holds when the fix is years old and \
     nobody remembers the reason.\n\n\
     Give it a day on which it ends:\n\n    \
     exemptions: [{cve: CVE-2023-44487, expires: \"2026-12-31\"}]",
);

pub(super) fn check(policy: &ImageScanPolicy, reach: &Reach<'_>, out: &mut Out<'_, '_>) {
    sp_008(policy, reach, out);
    sp_011(policy, out);
}

fn sp_008(policy: &ImageScanPolicy, reach: &Reach<'_>, out: &mut Out<'_, '_>) {
    if reach.harbors().next().is_none() {
        return;
    }
    for (index, exemption) in policy.exemptions.iter().enumerate() {
        if exemption.image.is_some() {
            out.at(
                &format!("exemptions[{index}]"),
                SP_008,
                "Harbor exempts vulnerabilities, not images",
            )
            .help("name the vulnerability with `cve`, or move the image into a project without a gate");
        }
    }
}

fn sp_011(policy: &ImageScanPolicy, out: &mut Out<'_, '_>) {
    for (index, exemption) in policy.exemptions.iter().enumerate() {
        if exemption.expires.is_none() {
            out.at(
                &format!("exemptions[{index}]"),
                SP_011,
                "the exemption has no end",
            )
            .help("add `expires`, such as 2026-12-31");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{fires, fires_among};

    const KIND: &str = "ImageScanPolicy";

    #[test]
    fn sp_008_fires_when_harbor_is_to_exempt_an_image_and_not_otherwise() {
        let harbor = ("HarborRegistry", "{}");
        assert!(fires_among(
            "SP-008",
            &[(KIND, "exemptions: [library/nginx]"), harbor]
        ));
        assert!(!fires_among(
            "SP-008",
            &[(KIND, "exemptions: [CVE-2024-3094]"), harbor]
        ));
        assert!(!fires("SP-008", KIND, "exemptions: [library/nginx]"));
    }

    #[test]
    fn sp_011_fires_when_an_exemption_has_no_end_and_not_otherwise() {
        assert!(fires("SP-011", KIND, "exemptions: [CVE-2024-3094]"));
        assert!(!fires(
            "SP-011",
            KIND,
            "exemptions: [{cve: CVE-2024-3094, expires: '2026-12-31'}]"
        ));
    }
}
