//! What the tests of these rules have in common.

use berth_finding::Level;

use crate::rules::testing;

const KIND: &str = "NexusRegistry";

/// Whether a code fires for a Nexus with these fields.
pub(super) fn fires(code: &str, spec: &str) -> bool {
    testing::fires(code, KIND, spec)
}

/// The same under `--profile prod`.
pub(super) fn fires_in_prod(code: &str, spec: &str) -> bool {
    testing::fires_in_prod(code, KIND, spec)
}

/// The level at which a code fires.
pub(super) fn level(code: &str, spec: &str) -> Option<Level> {
    testing::level_among(code, &[(KIND, spec)])
}
