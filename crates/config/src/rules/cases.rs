//! Cases for the tests of rules: documents in, the levels at which a code fires out.

use crate::rules::testing::{cluster, document, report};
use crate::rules::{Profile, Target};

/// A `DockerRegistry` named `local` with these fields.
pub(crate) fn registry(spec: &str) -> String {
    document("DockerRegistry", spec)
}

/// Another document of the installation.
pub(crate) fn policy(kind: &str, spec: &str) -> String {
    document(kind, spec)
}

/// Whether the code fires for documents on a cluster, in the dev profile.
pub(crate) fn fires(code: &str, yaml: &str) -> bool {
    level(code, yaml, Profile::Dev, &cluster()).is_some()
}

/// Whether the code fires for documents that are for this machine.
pub(crate) fn fires_here(code: &str, yaml: &str) -> bool {
    level(code, yaml, Profile::Dev, &Target::Local).is_some()
}

/// The heaviest level at which the code fires on a cluster, in the profiles dev and prod.
pub(crate) fn level_of(code: &str, yaml: &str) -> [&'static str; 2] {
    [Profile::Dev, Profile::Prod].map(|profile| level(code, yaml, profile, &cluster()).unwrap_or("none"))
}

fn level(code: &str, yaml: &str, profile: Profile, target: &Target) -> Option<&'static str> {
    let report = report(yaml, profile, target);
    let found = report
        .findings()
        .iter()
        .filter(|finding| finding.code.as_str() == code);
    found
        .map(|finding| finding.level)
        .min()
        .map(berth_finding::Level::as_str)
}
