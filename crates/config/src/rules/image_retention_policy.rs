//! Rules over retention (RT).

mod keep;
mod products;
mod replicas;
mod scope;

use berth_finding::Rule;

use crate::rules::reach::Reach;
use crate::rules::{RuleContext, Sink};

/// The codes of this family.
pub(crate) const RULES: &[Rule] = &[
    keep::RT_001,
    keep::RT_002,
    scope::RT_003,
    scope::RT_004,
    keep::RT_005,
    scope::RT_006,
    scope::RT_007,
    products::RT_008,
    products::RT_009,
    products::RT_010,
    products::RT_011,
    keep::RT_012,
    products::RT_013,
    replicas::RT_014,
    keep::RT_015,
    products::RT_016,
];

/// Judges all retention policies.
pub(crate) fn check(context: &RuleContext<'_>, sink: &mut Sink<'_>) {
    for (document, policy) in context.retention_policies() {
        let reach = Reach::of(document, context);
        let out = &mut sink.on(document);
        scope::check(policy, &reach, context, out);
        replicas::check(&reach, context, out);
        keep::check(policy, out);
        products::check(policy, &reach, context, out);
    }
}
