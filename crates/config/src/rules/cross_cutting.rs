//! Rules over all kinds (K).

mod duplicates;
mod fields;
mod form;
mod images;
mod ingress;
mod kubernetes_version;
mod labels;
mod later;
mod names;
mod network;
mod persistence;
mod planned;
mod ports;
mod resources;
mod scaling;
mod schedules;
mod secrets;
mod urls;
mod walk;

use berth_finding::Rule;

use super::{RuleContext, Sink};

/// The codes of this family.
pub(crate) const RULES: &[Rule] = &[
    names::K_001,
    names::K_002,
    names::K_003,
    resources::K_004,
    resources::K_005,
    resources::K_006,
    labels::K_007,
    images::K_008,
    images::K_009,
    images::K_010,
    kubernetes_version::K_011,
    secrets::K_012,
    secrets::K_013,
    form::K_014,
    duplicates::K_015,
    schedules::K_016,
    schedules::K_017,
    schedules::K_018,
    schedules::K_019,
    urls::K_020,
    persistence::K_021,
    scaling::K_022,
    scaling::K_023,
    later::K_024,
    ports::K_025,
    ports::K_026,
    later::K_027,
    network::K_028,
    later::K_029,
    later::K_030,
    later::K_031,
    network::K_032,
    later::K_033,
    later::K_034,
    ingress::K_035,
    later::K_036,
    later::K_037,
    later::K_038,
];

/// Judges what all kinds have in common.
pub(crate) fn check(context: &RuleContext<'_>, sink: &mut Sink<'_>) {
    for check in [
        names::check,
        resources::check,
        labels::check,
        images::check,
        kubernetes_version::check,
        secrets::check,
        duplicates::check,
        schedules::check,
        urls::check,
        persistence::check,
        scaling::check,
        ports::check,
        network::check,
        ingress::check,
    ] {
        check(context, sink);
    }
}
