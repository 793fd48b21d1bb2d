//! What only a cluster or a running Nexus can show.

use berth_finding::{Phase, Rule};

pub(super) const NX_038: Rule = Rule {
    phase: Phase::Live,
    ..Rule::info(
        "NX-038",
        "a repository would be deleted and made anew",
        "Nexus can't change the name, the format or the type of a repository. What reads as a small change is a deletion of the \
         old repository with all it holds, and a new, empty one. Which repositories there are is asked of Nexus when a plan is \
         made.\n\n\
         Give the new repository a name of its own, and move what the old one holds first:\n\n    \
         repositories: {custom: [{name: images-v2, format: docker, type: hosted}]}",
    )
};

pub(super) const NX_039: Rule = Rule {
    phase: Phase::Plan,
    ..Rule::warning(
        "NX-039",
        "Nexus is killed while it still migrates its database",
        "After an upgrade Nexus may migrate its database for half an hour before it answers. A liveness probe without a startup \
         probe before it kills Nexus in the middle of that, and the database is broken. The probes that Berth renders allow 30 \
         minutes; one that is in the cluster already may not.",
    )
};

pub(super) const NX_040: Rule = Rule {
    phase: Phase::Plan,
    ..Rule::error(
        "NX-040",
        "nexus.properties can't be written by Nexus",
        "Nexus writes to `etc/nexus.properties` while it runs. Mounted from a ConfigMap by `subPath` the file is read-only, and \
         settings that are made in Nexus are lost or fail. Berth copies the file into the data volume before Nexus starts; an \
         object in the cluster that mounts it otherwise is found when a plan is made.",
    )
};
