//! What only a running Artifactory or the rendered objects can show.

use berth_finding::{Phase, Rule};

pub(super) const AF_016: Rule = Rule {
    phase: Phase::Live,
    ..Rule::error(
        "AF-016",
        "the class or package type of an existing repository can't be changed",
        "\
Artifactory fixes both when a repository is made. Give the new one another key, move the artifacts, and delete the old one.

    repositories: {custom: [{key: docker-local-2, rclass: local, packageType: docker}]}
",
    )
};

pub(super) const AF_028: Rule = Rule {
    phase: Phase::Plan,
    ..Rule::error(
        "AF-028",
        "several replicas with a licence file that only a single node reads",
        "\
A single node reads `artifactory.lic`; nodes of a cluster read `artifactory.cluster.license`, which holds all licences, and start
without one otherwise. Berth writes `licenses` to the right one of both.

    replicas: 2
    licenses:
      - {secretKeyRef: {name: artifactory-license, key: first}}
      - {secretKeyRef: {name: artifactory-license, key: second}}
",
    )
};
