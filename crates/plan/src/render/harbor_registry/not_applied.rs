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

/// Fields that nothing applies yet.
const LATER: [&str; 2] = ["backup", "timeZone"];

/// Tells of each that is set on purpose.
pub(super) fn tell(settled: &Settled<'_>, rendering: &mut Rendering<'_>) {
    let set = settled.document.set_paths();
    let is_set = |field: &str| {
        set.iter().any(|path| {
            path.strip_prefix(field)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        })
    };
    for (field, call) in BY_API {
        if is_set(field) {
            let message = format!("not applied: `{field}` needs `apply` against Harbor's API");
            rendering
                .tell(settled.document, field, codes::RN_007, message)
                .help(format!("once Harbor runs: {call}"));
        }
    }
    for field in LATER {
        if is_set(field) {
            let message = format!("not applied: nothing of a Harbor is rendered for `{field}`");
            rendering
                .tell(settled.document, field, codes::RN_005, message)
                .help("leave it out, or do it by your own means");
        }
    }
}
