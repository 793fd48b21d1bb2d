//! The version of Kubernetes that is deployed to.

use berth_finding::{Level, Rule};

use crate::rules::{RuleContext, Sink, Target};

pub(super) const K_011: Rule = Rule::error(
    "K-011",
    "the version of Kubernetes is outside of what is supported",
    "\
Versions 1.26 to 1.31 are known. A later one is a warning: objects are made as for the last known version, and
Kubernetes keeps those working for several releases. An earlier one lacks parts that are used.

    berth check --kubernetes 1.31
",
);

/// The first and the last minor version of Kubernetes 1 that is known.
const KNOWN: (u32, u32) = (26, 31);

pub(super) fn check(context: &RuleContext<'_>, sink: &mut Sink<'_>) {
    let (
        Target::Cluster {
            kubernetes: Some(version),
        },
        Some(document),
    ) = (context.target, context.documents.first())
    else {
        return;
    };
    let out = &mut sink.on(document);
    match context.kubernetes_minor() {
        None => {
            out.at("", K_011, format!("`{version}` is no version of Kubernetes"))
                .help("such as 1.31");
        }
        Some(minor) if minor < KNOWN.0 => {
            out.at("", K_011, format!("Kubernetes 1.{minor} is too old"))
                .help("use 1.26 or later");
        }
        Some(minor) if minor > KNOWN.1 => {
            out.at(
                "",
                K_011,
                format!("Kubernetes 1.{minor} is later than what is known"),
            )
            .level(Level::Warning)
            .help("objects are made as for 1.31");
        }
        Some(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::cases::registry;
    use crate::rules::testing::report;
    use crate::rules::{Profile, Target};

    fn level(version: Option<&str>) -> Option<&'static str> {
        let target = Target::Cluster {
            kubernetes: version.map(str::to_owned),
        };
        let report = report(&registry("{}"), Profile::Dev, &target);
        let mut found = report
            .findings()
            .iter()
            .filter(|finding| finding.code.as_str() == "K-011");
        found.next().map(|finding| finding.level.as_str())
    }

    #[test]
    fn k_011_fires_outside_of_the_known_versions_and_not_within() {
        assert_eq!(level(Some("1.25")), Some("error"));
        assert_eq!(level(Some("latest")), Some("error"));
        assert_eq!(level(Some("1.34")), Some("warning"));
        for known in [Some("1.26"), Some("v1.31.2"), None] {
            assert_eq!(level(known), None, "{known:?}");
        }
    }
}
