//! Rules over replication (RP).

mod docker_hub;
mod hosts;
mod names;
mod run;
mod sides;
mod trust;

use berth_finding::Rule;

use crate::rules::reach::Reach;
use crate::rules::{RuleContext, Sink};

/// The codes of this family.
pub(crate) const RULES: &[Rule] = &[
    sides::RP_001,
    sides::RP_002,
    run::RP_003,
    run::RP_004,
    run::RP_005,
    run::RP_006,
    docker_hub::RP_007,
    docker_hub::RP_008,
    names::RP_009,
    trust::RP_010,
    trust::RP_011,
    names::RP_012,
    run::RP_013,
    sides::RP_014,
    sides::RP_015,
];

/// Judges all replication policies.
pub(crate) fn check(context: &RuleContext<'_>, sink: &mut Sink<'_>) {
    for (document, policy) in context.replication_policies() {
        let reach = Reach::of(document, context);
        let out = &mut sink.on(document);
        sides::check(policy, &reach, out);
        docker_hub::check(policy, out);
        trust::check(policy, context, out);
        names::check(policy, context, out);
        run::check(policy, &reach, out);
    }
}
