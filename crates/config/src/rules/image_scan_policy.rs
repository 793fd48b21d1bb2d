//! Rules over scan policies (SP).

mod exemptions;
mod gate;
mod scanning;
mod severities;

use berth_finding::Rule;

use crate::rules::reach::Reach;
use crate::rules::{RuleContext, Sink};

/// The codes of this family.
pub(crate) const RULES: &[Rule] = &[
    scanning::SP_001,
    scanning::SP_002,
    scanning::SP_003,
    gate::SP_004,
    gate::SP_005,
    gate::SP_006,
    gate::SP_007,
    exemptions::SP_008,
    severities::SP_009,
    gate::SP_010,
    exemptions::SP_011,
    scanning::SP_012,
    scanning::SP_013,
    scanning::SP_014,
];

/// Judges all scan policies.
pub(crate) fn check(context: &RuleContext<'_>, sink: &mut Sink<'_>) {
    for (document, policy) in context.scan_policies() {
        let reach = Reach::of(document, context);
        let out = &mut sink.on(document);
        scanning::check(policy, &reach, context, out);
        gate::check(policy, &reach, out);
        severities::check(document, out);
        exemptions::check(policy, &reach, out);
    }
}
