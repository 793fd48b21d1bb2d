//! Rules over Harbor (HB), one theme a file.

mod address;
mod audit_log;
mod authentication;
mod backends;
mod connections;
mod database;
mod later;
mod ldap;
mod oidc;
mod pods;
mod projects;
mod redis;
mod redis_databases;
mod replicas;
mod robots;
mod schedules;
mod secrets;
mod storage;
mod tokens;
#[cfg(test)]
mod trial;
mod trivy;
mod trivy_database;
mod webhooks;

use berth_finding::Rule;

use crate::Kind;
use crate::document::Document;
use crate::rules::{Out, RuleContext, Sink};
use crate::sections::{HarborRegistry, Persistence};

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[
    address::HB_001,
    address::HB_002,
    address::HB_003,
    later::HB_004,
    replicas::HB_005,
    replicas::HB_006,
    replicas::HB_007,
    database::HB_008,
    database::HB_009,
    database::HB_010,
    connections::HB_011,
    connections::HB_012,
    database::HB_013,
    later::HB_014,
    redis::HB_015,
    redis_databases::HB_016,
    redis::HB_017,
    redis::HB_018,
    redis::HB_019,
    later::HB_020,
    redis::HB_021,
    redis::HB_022,
    storage::HB_023,
    backends::HB_024,
    storage::HB_025,
    storage::HB_026,
    storage::HB_027,
    storage::HB_028,
    tokens::HB_029,
    tokens::HB_030,
    authentication::HB_031,
    authentication::HB_032,
    authentication::HB_033,
    ldap::HB_034,
    oidc::HB_035,
    oidc::HB_036,
    later::HB_037,
    authentication::HB_038,
    secrets::HB_039,
    secrets::HB_040,
    secrets::HB_041,
    later::HB_042,
    later::HB_043,
    trivy::HB_044,
    trivy_database::HB_045,
    trivy::HB_046,
    trivy_database::HB_047,
    trivy::HB_048,
    schedules::HB_049,
    schedules::HB_050,
    schedules::HB_051,
    schedules::HB_052,
    pods::HB_053,
    pods::HB_054,
    later::HB_055,
    later::HB_056,
    pods::HB_057,
    pods::HB_058,
    projects::HB_059,
    pods::HB_060,
    projects::HB_061,
    projects::HB_062,
    robots::HB_063,
    projects::HB_064,
    projects::HB_065,
    pods::HB_066,
    later::HB_067,
    address::HB_068,
    webhooks::HB_069,
    audit_log::HB_070,
];

/// Judges all Harbors.
pub(crate) fn check(context: &RuleContext<'_>, sink: &mut Sink<'_>) {
    for (document, harbor) in context.harbor_registries() {
        let out = &mut sink.on(document);
        check_alone(harbor, out);
        check_among(context, document, harbor, out);
    }
}

/// What the document itself shows.
fn check_alone(harbor: &HarborRegistry, out: &mut Out<'_, '_>) {
    address::check(harbor, out);
    replicas::check(harbor, out);
    database::check(harbor, out);
    connections::check(harbor, out);
    redis::check(harbor, out);
    redis_databases::check(harbor, out);
    storage::check(harbor, out);
    backends::check(harbor, out);
    tokens::check(harbor, out);
    authentication::check(harbor, out);
    ldap::check(harbor, out);
    oidc::check(harbor, out);
    secrets::check(harbor, out);
    trivy::check(harbor, out);
    trivy_database::check(harbor, out);
    schedules::check(harbor, out);
    pods::check(harbor, out);
    projects::check(harbor, out);
    webhooks::check(harbor, out);
    robots::check(harbor, out);
    audit_log::check(harbor, out);
}

/// What it shows together with the other documents.
fn check_among(
    context: &RuleContext<'_>,
    document: &Document,
    harbor: &HarborRegistry,
    out: &mut Out<'_, '_>,
) {
    redis_databases::check_neighbours(context, document, harbor, out);
    trivy::check_policies(
        &context.policies_for(document, Kind::ImageScanPolicy),
        harbor,
        out,
    );
    let replications = context.policies_for(document, Kind::ImageReplicationPolicy);
    schedules::check_replication(&replications, harbor, out);
    let retentions = context.policies_for(document, Kind::ImageRetentionPolicy);
    schedules::check_retention(&retentions, harbor, out);
}

/// The volume of a component: its own, else the one that all have; nothing when there is none.
fn volume<'a>(own: Option<&'a Persistence>, harbor: &'a HarborRegistry) -> Option<&'a Persistence> {
    own.or(harbor.persistence.as_ref())
        .filter(|volume| volume.enabled)
}

/// Whether it is lower-case letters and digits with single `.`, `_` or `-` between them, up to 255.
fn is_plain_name(name: &str) -> bool {
    let word = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    name.len() <= 255 && name.split(['.', '_', '-']).all(word)
}
