//! Rules over all kinds (K).

use berth_finding::Rule;

use super::{RuleContext, Sink};

/// The codes of this family.
pub(crate) const RULES: &[Rule] = &[];

/// Judges what all kinds have in common.
pub(crate) fn check(_: &RuleContext<'_>, _: &mut Sink<'_>) {}
