//! What manifests can't carry: settings that a product keeps in its own database and takes through its API alone.

use std::fmt::Write as _;

use berth_config::Kind;

use super::registry::Registry;
use super::{Rendering, codes};

/// The fields that only a product's API applies, by kind.
const FIELDS: &[(Kind, &[&str])] = &[
    (
        Kind::NexusRegistry,
        &[
            "storage.blobstores",
            "authentication.enabled",
            "authentication.realm",
            "authentication.realms",
            "authentication.ldap",
            "security.enableAnonymousAccess",
            "tasks",
            "cleanupPolicies",
            "externalURL",
        ],
    ),
    (
        Kind::ArtifactoryRegistry,
        &[
            "authentication.enabled",
            "authentication.saml",
            "authentication.oauth",
            "replication",
        ],
    ),
];

/// How many repositories a finding names.
const NAMED: usize = 12;

/// Tells which of the fields that were set are left to the API, and which repositories it must make.
pub(crate) fn tell(registry: &Registry<'_>, repositories: &[String], rendering: &mut Rendering<'_>) {
    const HELP: &str = "set it in the product's own pages once it runs";
    let document = registry.document;
    let fields = FIELDS.iter().filter(|(kind, _)| *kind == document.kind());
    for path in fields.flat_map(|(_, paths)| *paths) {
        if document.is_set(path) {
            let message = format!("`{path}` is not applied: it needs `apply` against the product's API");
            rendering.tell(document, path, codes::RN_007, message).help(HELP);
        }
    }
    if repositories.is_empty() {
        return;
    }
    let mut named = repositories
        .iter()
        .take(NAMED)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    if repositories.len() > NAMED {
        // Writing to a string doesn't fail.
        let _ = write!(named, " and {} more", repositories.len() - NAMED);
    }
    let message =
        format!("the product starts without these repositories, which need `apply` against its API: {named}");
    rendering
        .tell(document, "repositories", codes::RN_007, message)
        .help("make them in the product's own pages once it runs");
}
