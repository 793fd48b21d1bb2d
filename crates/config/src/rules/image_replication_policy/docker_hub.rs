//! Docker Hub as a source.

use berth_finding::Rule;

use crate::rules::Out;
use crate::rules::image_replication_policy::hosts::is_docker_hub;
use crate::sections::ImageReplicationPolicy;

pub(super) const RP_007: Rule = Rule::warning(
    "RP-007",
    "nothing on Docker Hub is named",
    "Docker Hub can't be listed as a whole: without a namespace or a repository the replication finds nothing, or fails. \
     Official images live in the namespace `library`.\n\n\
     Name what is wanted:\n\n    \
     source: {registry: docker.io, namespace: library, repository: nginx}",
);

pub(super) const RP_008: Rule = Rule::warning(
    "RP-008",
    "Docker Hub is asked without a user",
    "Without a user Docker Hub allows 100 pulls in six hours for an address, all users behind it together. A replication \
     uses them up and then everybody gets 429 Too Many Requests.\n\n\
     Give it a user and a token:\n\n    \
     source: {registry: docker.io, username: acme, password: {secretKeyRef: {name: docker-hub, key: token}}}",
);

pub(super) fn check(policy: &ImageReplicationPolicy, out: &mut Out<'_, '_>) {
    rp_007(policy, out);
    rp_008(policy, out);
}

fn rp_007(policy: &ImageReplicationPolicy, out: &mut Out<'_, '_>) {
    let source = &policy.source;
    if is_docker_hub(&source.registry) && source.namespace.is_empty() && source.repository.is_empty() {
        out.at("source", RP_007, "Docker Hub can't be copied as a whole")
            .help("set `source.namespace`, such as `library`");
    }
}

fn rp_008(policy: &ImageReplicationPolicy, out: &mut Out<'_, '_>) {
    let source = &policy.source;
    if is_docker_hub(&source.registry) && source.username.as_deref().is_none_or(str::is_empty) {
        out.at(
            "source",
            RP_008,
            "without a user Docker Hub allows 100 pulls in six hours",
        )
        .help("set `source.username` and `source.password`");
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::fires;

    const KIND: &str = "ImageReplicationPolicy";

    #[test]
    fn rp_007_fires_when_all_of_docker_hub_is_meant_and_not_otherwise() {
        assert!(fires("RP-007", KIND, "{}"));
        assert!(fires("RP-007", KIND, "source: {registry: registry-1.docker.io}"));
        assert!(!fires("RP-007", KIND, "source: {namespace: library}"));
        assert!(!fires("RP-007", KIND, "source: {registry: quay.io}"));
    }

    #[test]
    fn rp_008_fires_when_docker_hub_is_asked_without_a_user_and_not_otherwise() {
        assert!(fires("RP-008", KIND, "{}"));
        assert!(!fires(
            "RP-008",
            KIND,
            "source: {username: acme, password: {env: HUB_TOKEN}}"
        ));
        assert!(!fires("RP-008", KIND, "source: {registry: quay.io}"));
    }
}
