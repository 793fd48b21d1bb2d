use super::facts::{Facts, Finding};
use crate::render::workload::WRITABLE;

/// Users that images and volumes ask for: product, part (empty for any), user, and why.
const USERS: &[(&str, &str, i64, &str)] = &[
    (
        "",
        "database",
        999,
        "the files of the official image belong to this user",
    ),
    (
        "",
        "redis",
        999,
        "the files of the official image belong to this user",
    ),
    (
        "",
        "build",
        1000,
        "the files of the builders' images belong to this user",
    ),
    (
        "",
        "backup",
        999,
        "the files of the official image belong to this user",
    ),
    (
        "docker-registry",
        "",
        1000,
        "volumes of the registry's usual chart belong to this user, and are taken over",
    ),
    (
        "harbor",
        "",
        10_000,
        "the files of Harbor's images belong to this user",
    ),
    ("nexus", "", 200, "the files of Nexus's image belong to this user"),
    (
        "artifactory",
        "nginx",
        104,
        "the files of the image belong to this user",
    ),
    (
        "artifactory",
        "",
        1030,
        "the files of Artifactory's image belong to this user",
    ),
];

/// Why secrets are variables of the environment: product, part (empty for any), and why.
const VARIABLES: &[(&str, &str, &str)] = &[
    (
        "",
        "database",
        "the official image takes the first password there, and nothing else runs in the pod",
    ),
    (
        "",
        "backup",
        "the program takes the password there, and nothing else runs in the pod",
    ),
    (
        "",
        "redis",
        "the password is read there and never written down, and nothing else runs in the pod",
    ),
    (
        "",
        "build",
        "the builder takes the Dockerfile's arguments there, and nothing else runs in the pod",
    ),
    (
        "docker-registry",
        "",
        "Docker's registry takes a secret there or in its configuration, which holds none",
    ),
    (
        "harbor",
        "",
        "Harbor's programs take their passwords from there alone",
    ),
    (
        "nexus",
        "",
        "Nexus takes its first password and its database's from there",
    ),
    (
        "artifactory",
        "",
        "Artifactory takes its database's credentials there or in its configuration, which holds none",
    ),
];

/// Why it is so; `None` where nobody said.
pub(super) fn reason(finding: Finding, facts: &Facts<'_>) -> Option<String> {
    let why = match finding {
        Finding::Tag => {
            "the tag is of a release; an image that the document names by its digest is taken as it is"
        }
        Finding::NodesCopy => {
            "a node that has the image starts it while no registry answers, this one included"
        }
        Finding::SecretVariable => variables(facts)?,
        Finding::Writable => facts.note(WRITABLE)?,
        Finding::LowUser => user(facts)?,
        Finding::Token => {
            "its steps ask for other pods of the registry, and it may do nothing else in the cluster"
        }
        Finding::OneProbe if facts.ends_late() => {
            "one question for both, but a restart waits for at least twice as many failures"
        }
        Finding::FewReplicas => "one pod is what the document asks for, or all that its volume can serve",
        Finding::Recreated => {
            "the volume is one node's at a time, so the old pod must end before the new one starts"
        }
        Finding::OpenDisk if facts.has_open_folder() => {
            "a folder of the pod on its node has no bound: the document gives what is kept there no volume"
        }
        Finding::OneProbe | Finding::OpenDisk => return None,
    };
    Some(why.to_owned())
}

fn is_of(facts: &Facts<'_>, framework: &str, component: &str) -> bool {
    let fits = |known: &str, own: &str| known.is_empty() || known == own;
    fits(framework, facts.framework()) && fits(component, facts.component())
}

fn variables(facts: &Facts<'_>) -> Option<&'static str> {
    let known = VARIABLES
        .iter()
        .find(|(framework, component, _)| is_of(facts, framework, component));
    known.map(|(_, _, why)| *why)
}

fn user(facts: &Facts<'_>) -> Option<&'static str> {
    let (_, _, user, why) = USERS
        .iter()
        .find(|(framework, component, ..)| is_of(facts, framework, component))?;
    Some(if facts.user() == Some(*user) {
        why
    } else {
        "the document names this user"
    })
}
