//! Rules over builds (IB).

mod build;
mod cache;
mod source;

use berth_finding::Rule;

use crate::rules::{RuleContext, Sink};

/// The codes of this family.
pub(crate) const RULES: &[Rule] = &[
    build::IB_001,
    cache::IB_002,
    cache::IB_003,
    source::IB_004,
    build::IB_005,
    build::IB_006,
    cache::IB_007,
    source::IB_008,
];

/// Judges all builds.
pub(crate) fn check(context: &RuleContext<'_>, sink: &mut Sink<'_>) {
    for (document, config) in context.build_configs() {
        let out = &mut sink.on(document);
        build::check(config, out);
        cache::check(config, out);
        source::check(config, out);
    }
}
