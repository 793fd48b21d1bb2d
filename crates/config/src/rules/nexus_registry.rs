//! Rules over Nexus (NX).

mod authentication;
mod blobstores;
mod database;
mod docker;
mod edition;
mod groups;
mod http;
mod jvm;
mod later;
mod ldap;
mod pod;
mod realms;
mod repositories;
#[cfg(test)]
mod testing;
mod volume;

use berth_finding::Rule;

use crate::rules::{RuleContext, Sink};

/// The codes of this family.
pub(crate) const RULES: &[Rule] = &[
    edition::NX_001,
    edition::NX_002,
    database::NX_003,
    database::NX_004,
    database::NX_005,
    volume::NX_006,
    pod::NX_007,
    pod::NX_008,
    volume::NX_009,
    jvm::NX_010,
    jvm::NX_011,
    jvm::NX_012,
    jvm::NX_013,
    jvm::NX_014,
    pod::NX_015,
    volume::NX_016,
    blobstores::NX_017,
    blobstores::NX_018,
    blobstores::NX_019,
    blobstores::NX_020,
    groups::NX_021,
    groups::NX_022,
    docker::NX_023,
    edition::NX_024,
    realms::NX_025,
    realms::NX_026,
    authentication::NX_027,
    ldap::NX_028,
    authentication::NX_029,
    docker::NX_030,
    authentication::NX_031,
    authentication::NX_032,
    repositories::NX_033,
    repositories::NX_034,
    repositories::NX_035,
    http::NX_036,
    docker::NX_037,
    later::NX_038,
    later::NX_039,
    later::NX_040,
];

/// Judges all Nexus.
pub(crate) fn check(context: &RuleContext<'_>, sink: &mut Sink<'_>) {
    for (document, nexus) in context.nexus_registries() {
        let out = &mut sink.on(document);
        edition::check(nexus, out);
        database::check(nexus, out);
        volume::check(nexus, out);
        pod::check(nexus, context, out);
        jvm::check(nexus, context, out);
        blobstores::check(nexus, out);
        groups::check(nexus, out);
        docker::check(nexus, out);
        realms::check(nexus, out);
        authentication::check(nexus, out);
        ldap::check(nexus, out);
        repositories::check(nexus, out);
        http::check(nexus, out);
    }
}
