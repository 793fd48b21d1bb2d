//! Rules over Harbor (HB).

use berth_finding::Rule;

use super::{RuleContext, Sink};

/// The codes of this family.
pub(crate) const RULES: &[Rule] = &[];

/// Judges all Harbors.
pub(crate) fn check(_: &RuleContext<'_>, _: &mut Sink<'_>) {}
