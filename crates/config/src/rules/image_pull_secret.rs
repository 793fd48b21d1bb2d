//! Rules over pull secrets (PS).

mod placement;
mod registry;

use berth_finding::Rule;

use super::{RuleContext, Sink};

/// The codes of this family.
pub(crate) const RULES: &[Rule] = &[
    registry::PS_001,
    registry::PS_002,
    registry::PS_003,
    registry::PS_004,
    placement::PS_005,
    placement::PS_006,
    registry::PS_007,
    registry::PS_008,
    registry::PS_009,
    placement::PS_010,
    placement::PS_011,
    placement::PS_012,
];

/// Judges all pull secrets.
pub(crate) fn check(context: &RuleContext<'_>, sink: &mut Sink<'_>) {
    registry::check(context, sink);
    placement::check(context, sink);
}
