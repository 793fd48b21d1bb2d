//! What the copies are called.

use berth_finding::Rule;
use berth_oci::RepositoryName;

use crate::rules::{Out, RuleContext};
use crate::sections::ImageReplicationPolicy;

pub(super) const RP_009: Rule = Rule::error(
    "RP-009",
    "the namespace at the destination is no repository name",
    "A namespace is one or more parts of small letters and digits, joined by `/`; within a part `.`, `_`, `__` and `-` may \
     stand between two of them. Anything else is refused at the first push (400 NAME_INVALID). \
     How many parts of the source's name are replaced is a number from -1 (all) to 3.\n\n\
     Example:\n\n    \
     destination: {registry: registry.example.com, namespace: mirror/docker-hub}",
);

pub(super) const RP_012: Rule = Rule::error(
    "RP-012",
    "two replications have the same name",
    "A replication is found again by its name. Two with one name would overwrite each other at every apply.\n\n\
     Give each a name of its own:\n\n    \
     name: docker-hub-to-harbor",
);

pub(super) fn check(policy: &ImageReplicationPolicy, cx: &RuleContext<'_>, out: &mut Out<'_, '_>) {
    rp_009(policy, out);
    rp_012(policy, cx, out);
}

fn rp_009(policy: &ImageReplicationPolicy, out: &mut Out<'_, '_>) {
    let namespace = &policy.destination.namespace;
    if !namespace.is_empty() && namespace.parse::<RepositoryName>().is_err() {
        out.at(
            "destination.namespace",
            RP_009,
            format!("`{namespace}` is not the beginning of a repository's name"),
        )
        .help("small letters, digits and `.`, `_`, `-` between them, parts joined by `/`");
    }
}

fn rp_012(policy: &ImageReplicationPolicy, cx: &RuleContext<'_>, out: &mut Out<'_, '_>) {
    let all = || cx.replication_policies();
    let own = all()
        .find(|(_, other)| std::ptr::eq(*other, policy))
        .map(|(document, _)| document.base_name.as_str());
    let mut others = all().filter(|(_, other)| !std::ptr::eq(*other, policy));
    if let Some(own) = own
        && others.any(|(document, _)| document.base_name == own)
    {
        out.at(
            "name",
            RP_012,
            format!("another replication is called `{own}` too"),
        )
        .help("give each a `name` of its own");
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{fires, fires_among};

    const KIND: &str = "ImageReplicationPolicy";

    #[test]
    fn rp_009_fires_when_the_namespace_is_no_name_and_not_otherwise() {
        assert!(fires("RP-009", KIND, "destination: {namespace: Mirror}"));
        assert!(fires("RP-009", KIND, "destination: {namespace: mirror/}"));
        assert!(fires("RP-009", KIND, "destination: {replaceCount: 4}"));
        assert!(!fires(
            "RP-009",
            KIND,
            "destination: {namespace: mirror/docker-hub, replaceCount: -1}"
        ));
    }

    #[test]
    fn rp_012_fires_when_two_have_one_name_and_not_otherwise() {
        assert!(fires_among("RP-012", &[(KIND, "name: hub"), (KIND, "name: hub")]));
        assert!(!fires_among(
            "RP-012",
            &[(KIND, "name: hub"), (KIND, "name: quay")]
        ));
    }
}
