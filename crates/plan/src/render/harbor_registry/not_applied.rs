//! What Harbor keeps in its database and takes through its API alone: the one table of it.

use super::settled::Settled;
use crate::render::{Rendering, codes};

/// Fields that no object carries, and what to do about them.
const BY_API: [(&str, &str); 11] = [
    ("authentication", "PUT /api/v2.0/configurations"),
    (
        "core.tokenExpiration",
        "PUT /api/v2.0/configurations, token_expiration in minutes",
    ),
    (
        "core.jobServiceTokenExpiration",
        "nothing: Harbor has no such setting",
    ),
    (
        "core.robotTokenDuration",
        "PUT /api/v2.0/configurations, robot_token_duration in days",
    ),
    (
        "core.sessionTimeout",
        "PUT /api/v2.0/configurations, session_timeout in minutes",
    ),
    ("configuration", "PUT /api/v2.0/configurations"),
    ("garbageCollection", "POST /api/v2.0/system/gc/schedule"),
    ("replication", "POST /api/v2.0/replication/policies"),
    ("projects", "POST /api/v2.0/projects"),
    ("robots", "POST /api/v2.0/robots"),
    ("endpoints", "POST /api/v2.0/registries"),
];

/// Fields that nothing of a Harbor is rendered for, and why.
const NOWHERE: [(&str, &str); 9] = [
    ("timeZone", "Harbor's schedules are in UTC"),
    ("components.core.persistence", "core keeps nothing in a volume"),
    (
        "components.portal.persistence",
        "the portal keeps nothing in a volume",
    ),
    (
        "components.exporter.persistence",
        "the exporter keeps nothing in a volume",
    ),
    (
        "components.registryctl.persistence",
        "the controller has the registry's volume",
    ),
    (
        "components.registryctl.placement",
        "the controller runs in the registry's pods",
    ),
    (
        "components.registryctl.replicas",
        "the controller runs in the registry's pods",
    ),
    (
        "components.database.replicas",
        "the managed PostgreSQL is one pod",
    ),
    ("components.redis.replicas", "the managed Redis is one pod"),
];

/// How many fields a finding names.
const NAMED: usize = 12;

/// Tells of each that is set on purpose.
pub(super) fn tell(settled: &Settled<'_>, rendering: &mut Rendering<'_>) {
    let set = settled.document.set_paths_in_lists();
    let under = |field: &str| -> Vec<&str> {
        let is_under = |path: &&String| {
            path.strip_prefix(field)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        set.iter().filter(is_under).map(String::as_str).collect()
    };
    for (field, call) in BY_API {
        let fields = under(field);
        if let Some(first) = fields.first() {
            let message = format!(
                "not applied: {} needs `apply` against Harbor's API",
                list(&fields)
            );
            rendering
                .tell(settled.document, first, codes::RN_007, message)
                .help(format!("once Harbor runs: {call}"));
        }
    }
    for (field, why) in NOWHERE {
        let fields = under(field);
        if let Some(first) = fields.first() {
            let message = format!("not applied: {}: {why}", list(&fields));
            rendering
                .tell(settled.document, first, codes::RN_005, message)
                .help("leave it out");
        }
    }
    nearest(settled, rendering);
}

fn list(fields: &[&str]) -> String {
    let named = fields.iter().take(NAMED);
    let named: Vec<String> = named.map(|field| format!("`{field}`")).collect();
    match fields.len().saturating_sub(NAMED) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

/// What Harbor can't do, and what is rendered in its place.
fn nearest(settled: &Settled<'_>, rendering: &mut Rendering<'_>) {
    let redis = &settled.spec.redis;
    let rights = settled.spec.security_context.as_ref();
    let read_only = rights.and_then(|rights| rights.read_only_root_filesystem);
    let secret = redis.sentinel_password.as_ref();
    for (applies, field, done, help) in [
        (
            !redis.enabled,
            "redis.enabled",
            "Redis is used all the same: Harbor keeps sessions and queues in it",
            "leave it out, or say redis.managed: true for one of its own",
        ),
        (
            redis.db != 0,
            "redis.db",
            "core uses the database 0: Harbor knows no other for it",
            "leave it out; the other components have databases of their own",
        ),
        (
            redis.tls == Some(true),
            "redis.tls",
            "Redis is spoken to in clear: Harbor 2.10 can't speak TLS to it",
            "put a tunnel before it, or a Redis that only the pods reach",
        ),
        (
            redis.cluster == Some(true),
            "redis.cluster",
            "Redis is taken for a single one: a Redis Cluster lacks the databases that Harbor needs",
            "use a single Redis or sentinels",
        ),
        (
            redis.username.as_deref().is_some_and(|name| !name.is_empty()),
            "redis.username",
            "the password alone is sent: Harbor's registry knows no users of Redis",
            "give the password of the user `default`",
        ),
        (
            secret.is_some_and(|secret| !secret.is_empty()),
            "redis.sentinelPassword",
            "sentinels are asked without a password: Harbor doesn't send one",
            "let the sentinels answer without",
        ),
        (
            read_only == Some(true),
            "securityContext.readOnlyRootFilesystem",
            "Harbor's own images can be written to: they add certificates to their bundle when they start",
            "leave it out",
        ),
    ] {
        if applies {
            rendering
                .tell(settled.document, field, codes::RN_006, done)
                .help(help);
        }
    }
}
