//! What the tests of this family have in common.

use berth_finding::Level;

use crate::rules::testing::{cluster, document};
use crate::rules::{Profile, testing};

const KIND: &str = "HarborRegistry";

/// Each of these fields makes the code fire.
pub(super) fn fires(code: &str, specs: &[&str]) {
    testing::each_fires(code, KIND, specs);
}

/// None of these fields makes the code fire.
pub(super) fn silent(code: &str, specs: &[&str]) {
    testing::none_fires(code, KIND, specs);
}

/// The heaviest level at which a code fires, in the dev profile.
pub(super) fn level_of(code: &str, spec: &str) -> Option<Level> {
    level_under(code, spec, Profile::Dev)
}

fn level_under(code: &str, spec: &str, profile: Profile) -> Option<Level> {
    testing::level_in(code, &document(KIND, spec), profile, &cluster())
}

/// Whether a code fires for a registry and another document, of the kind and with the fields given.
pub(super) fn fires_with(code: &str, spec: &str, kind: &str, other: &str) -> bool {
    let yaml = format!("{}---\n{}", document(KIND, spec), document(kind, other));
    !testing::lines_in(code, &yaml).is_empty()
}
