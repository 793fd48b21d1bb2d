//! Rules over replication (RP).

use berth_finding::Rule;

use super::{RuleContext, Sink};

/// The codes of this family.
pub(crate) const RULES: &[Rule] = &[];

/// Judges all replication policies.
pub(crate) fn check(_: &RuleContext<'_>, _: &mut Sink<'_>) {}
