//! Docker's registry (DR): what can't work in Docker's registry 2.8, or works differently from what it says.

mod auth;
mod encryption;
mod facts;
mod filesystem;
mod garbage_collection;
mod htpasswd;
mod http;
mod lifecycle;
mod log;
mod middleware;
mod notifications;
mod object_stores;
mod place;
mod proxy;
mod regions;
mod replicas;
mod s3;
mod s3_credentials;
mod s3_endpoint;
mod storage;
mod tls;
mod token;

use berth_finding::Rule;

pub(super) use self::regions::COMPILED_IN;
pub(super) use self::s3::is_bucket_name;

use self::place::Place;
use crate::rules::{RuleContext, Sink};

/// The rules, in the order of their codes.
pub(crate) const RULES: &[Rule] = &[
    storage::DR_001,
    storage::DR_002,
    storage::DR_003,
    s3::DR_004,
    s3::DR_005,
    s3_credentials::DR_006,
    s3_credentials::DR_007,
    s3_endpoint::DR_008,
    s3_endpoint::DR_009,
    storage::DR_010,
    s3_endpoint::DR_011,
    s3::DR_012,
    s3::DR_013,
    s3_endpoint::DR_014,
    filesystem::DR_015,
    filesystem::DR_016,
    filesystem::DR_017,
    filesystem::DR_018,
    filesystem::DR_019,
    storage::DR_020,
    replicas::DR_021,
    replicas::DR_022,
    replicas::DR_023,
    http::DR_024,
    http::DR_025,
    tls::DR_026,
    tls::DR_027,
    tls::DR_028,
    encryption::DR_029,
    encryption::DR_030,
    tls::DR_031,
    tls::DR_032,
    auth::DR_033,
    token::DR_034,
    token::DR_035,
    token::DR_036,
    token::DR_037,
    token::DR_038,
    htpasswd::DR_039,
    auth::DR_040,
    auth::DR_041,
    middleware::DR_042,
    middleware::DR_043,
    log::DR_044,
    log::DR_045,
    log::DR_046,
    notifications::DR_047,
    notifications::DR_048,
    proxy::DR_049,
    proxy::DR_050,
    proxy::DR_051,
    garbage_collection::DR_052,
    garbage_collection::DR_053,
    garbage_collection::DR_054,
    http::DR_055,
    http::DR_056,
    lifecycle::DR_057,
    object_stores::DR_058,
    storage::DR_059,
    lifecycle::DR_060,
    s3::DR_061,
    object_stores::DR_062,
];

/// Judges all Docker registries.
pub(crate) fn check(context: &RuleContext<'_>, sink: &mut Sink<'_>) {
    for (document, registry) in context.docker_registries() {
        let place = Place { document, context };
        let out = &mut sink.on(document);
        for check in [
            storage::check,
            s3::check,
            s3_credentials::check,
            s3_endpoint::check,
            filesystem::check,
            object_stores::check,
            replicas::check,
            http::check,
            lifecycle::check,
            tls::check,
            encryption::check,
            auth::check,
            token::check,
            htpasswd::check,
            middleware::check,
            log::check,
            notifications::check,
            proxy::check,
            garbage_collection::check,
        ] {
            check(registry, &place, out);
        }
    }
}
