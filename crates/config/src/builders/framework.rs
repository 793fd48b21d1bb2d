//! What the library is and supports. `nix/framework.nix` says the same, and a test compares them.

use serde_json::{Value, json};

/// The Kubernetes versions that the library supports, oldest first.
pub const SUPPORTED_KUBERNETES: [&str; 12] = [
    "1.26", "1.27", "1.28", "1.29", "1.30", "1.31", "1.32", "1.33", "1.34", "1.35", "1.36", "1.37",
];

/// The `framework` markers of the registries that have a builder.
pub const SUPPORTED_REGISTRIES: [&str; 4] = ["docker-registry", "harbor", "nexus", "artifactory"];

const FEATURES: [&str; 8] = [
    "multi-registry",
    "image-pull-secrets",
    "vulnerability-scanning",
    "image-retention",
    "image-replication",
    "image-builds",
    "access-rules",
    "resource-estimates",
];

/// The library's description of itself.
///
/// ```
/// let framework = berth_config::builders::framework();
/// assert_eq!(framework["name"], "container-registry");
/// assert_eq!(framework["maturity"], "stable");
/// ```
pub fn framework() -> Value {
    json!({
        "name": "container-registry",
        "version": "1.0.0",
        "maturity": "stable",
        "features": FEATURES,
        "supportedRegistries": SUPPORTED_REGISTRIES,
        "supportedK8sVersions": SUPPORTED_KUBERNETES,
    })
}
