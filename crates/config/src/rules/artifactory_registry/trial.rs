//! What the tests of this family have in common.

use berth_finding::Level;

use crate::rules::testing::{cluster, document};
use crate::rules::{Profile, testing};

const KIND: &str = "ArtifactoryRegistry";

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

/// The heaviest level at which a code fires, under `--profile prod`.
pub(super) fn level_in_prod(code: &str, spec: &str) -> Option<Level> {
    level_under(code, spec, Profile::Prod)
}

fn level_under(code: &str, spec: &str, profile: Profile) -> Option<Level> {
    testing::level_in(code, &document(KIND, spec), profile, &cluster())
}
