//! The builders: a few settings in, the whole configuration of a kind out.
//!
//! `kind(name, config)` returns `config` with every default filled in, at every depth: a partly given object keeps
//! the other defaults of that object; lists and scalars replace; a given `null` stays `null`. It adds
//!
//! - `baseName`: `config.name` where set and not null, else the name argument;
//! - the marker of the kind (`framework`, `secretType`, `policyType` or `configType`);
//! - for registries, the label `framework` and the annotation `<product>.io/managed`.
//!
//! What a builder adds wins over what the config says. Fields that no kind knows pass through: the builders merge,
//! and leave judging to the schema. The results are stable API, and equal to those of the Nix library in `nix/`.
//!
//! Keys stand in the order of the documentation, then the config's own, then what the builder adds.

mod defaults;
mod framework;
mod merge;
mod requirements;
mod validation;

use serde_json::{Map, Value};

use crate::sections::{
    ArtifactoryRegistry, DockerRegistry, HarborRegistry, ImageBuildConfig, ImagePullSecret,
    ImageReplicationPolicy, ImageRetentionPolicy, ImageScanPolicy, NexusRegistry,
};

pub use self::defaults::defaults;
pub use self::framework::{SUPPORTED_KUBERNETES, SUPPORTED_REGISTRIES, framework};
pub use self::requirements::{StorageRequirements, calculate_storage_requirements};
pub use self::validation::{Validation, validate_registry_config};

/// A Docker Registry.
///
/// A `config` that is no object has nothing to merge: here as in every builder it comes back as it is.
///
/// ```
/// use berth_config::builders::docker_registry;
/// use serde_json::json;
///
/// let registry = docker_registry(
///     "local",
///     json!({"storage": {"driver": "s3", "s3": {"enabled": true, "bucket": "my-registry"}}}),
/// );
/// assert_eq!(registry["framework"], "docker-registry");
/// assert_eq!(registry["baseName"], "local");
/// assert_eq!(registry["storage"]["s3"]["bucket"], "my-registry");
/// assert_eq!(registry["storage"]["s3"]["region"], "us-east-1");
/// assert_eq!(registry["annotations"], json!({"registry.io/managed": "true"}));
/// ```
pub fn docker_registry(name: &str, config: Value) -> Value {
    registry(
        defaults::of::<DockerRegistry>(),
        "docker-registry",
        "registry",
        name,
        config,
    )
}

/// A Harbor.
///
/// ```
/// use berth_config::builders::harbor_registry;
/// use serde_json::json;
///
/// let registry = harbor_registry(
///     "production",
///     json!({"coreReplicas": 3, "database": {"host": "postgres.default.svc"}}),
/// );
/// assert_eq!(registry["framework"], "harbor");
/// assert_eq!(registry["coreReplicas"], 3);
/// assert_eq!(registry["database"]["host"], "postgres.default.svc");
/// assert_eq!(registry["database"]["port"], 5432);
/// ```
pub fn harbor_registry(name: &str, config: Value) -> Value {
    registry(defaults::of::<HarborRegistry>(), "harbor", "harbor", name, config)
}

/// A Nexus Repository Manager.
///
/// ```
/// use berth_config::builders::nexus_registry;
/// use serde_json::json;
///
/// let registry = nexus_registry("enterprise", json!({"jvm": {"maxMemory": "2048m"}}));
/// assert_eq!(registry["framework"], "nexus");
/// assert_eq!(registry["jvm"]["maxMemory"], "2048m");
/// assert_eq!(registry["jvm"]["minMemory"], "256m");
/// ```
pub fn nexus_registry(name: &str, config: Value) -> Value {
    registry(defaults::of::<NexusRegistry>(), "nexus", "nexus", name, config)
}

/// An Artifactory.
///
/// ```
/// use berth_config::builders::artifactory_registry;
/// use serde_json::json;
///
/// let registry = artifactory_registry("builds", json!({"labels": {"team": "platform"}}));
/// assert_eq!(registry["labels"], json!({"team": "platform", "framework": "artifactory"}));
/// assert_eq!(registry["security"]["encryption"]["algorithm"], "AES256");
/// ```
pub fn artifactory_registry(name: &str, config: Value) -> Value {
    registry(
        defaults::of::<ArtifactoryRegistry>(),
        "artifactory",
        "artifactory",
        name,
        config,
    )
}

/// A pull secret for a private registry.
///
/// ```
/// use berth_config::builders::image_pull_secret;
/// use serde_json::json;
///
/// let secret = image_pull_secret("team-a", json!({"registry": {"server": "registry.local"}}));
/// assert_eq!(secret["secretType"], "image-pull");
/// assert_eq!(secret["registry"]["server"], "registry.local");
/// assert_eq!(secret["namespace"], "default");
/// ```
pub fn image_pull_secret(name: &str, config: Value) -> Value {
    build(
        defaults::of::<ImagePullSecret>(),
        ("secretType", "image-pull"),
        name,
        config,
    )
}

/// A policy on vulnerabilities: what is scanned, and what is blocked.
///
/// ```
/// use berth_config::builders::image_scan_policy;
/// use serde_json::json;
///
/// let policy = image_scan_policy("gate", json!({"vulnerabilities": {"high": {"action": "block"}}}));
/// assert_eq!(policy["policyType"], "image-scan");
/// assert_eq!(policy["vulnerabilities"]["high"], json!({"enabled": true, "action": "block"}));
/// assert_eq!(policy["vulnerabilities"]["medium"]["action"], "allow");
/// ```
pub fn image_scan_policy(name: &str, config: Value) -> Value {
    build(
        defaults::of::<ImageScanPolicy>(),
        ("policyType", "image-scan"),
        name,
        config,
    )
}

/// A policy on which images are kept, and how long.
///
/// ```
/// use berth_config::builders::image_retention_policy;
/// use serde_json::json;
///
/// let policy = image_retention_policy("cleanup", json!({"retentionDays": 14}));
/// assert_eq!(policy["policyType"], "image-retention");
/// assert_eq!(policy["retentionDays"], 14);
/// assert_eq!(policy["keepTagged"], true);
/// ```
pub fn image_retention_policy(name: &str, config: Value) -> Value {
    build(
        defaults::of::<ImageRetentionPolicy>(),
        ("policyType", "image-retention"),
        name,
        config,
    )
}

/// A policy that copies images from one registry to another.
///
/// ```
/// use berth_config::builders::image_replication_policy;
/// use serde_json::json;
///
/// let policy = image_replication_policy("mirror", json!({"source": {"namespace": "library"}}));
/// assert_eq!(policy["policyType"], "image-replication");
/// assert_eq!(policy["source"]["registry"], "docker.io");
/// ```
pub fn image_replication_policy(name: &str, config: Value) -> Value {
    build(
        defaults::of::<ImageReplicationPolicy>(),
        ("policyType", "image-replication"),
        name,
        config,
    )
}

/// How images are built and cached.
///
/// ```
/// use berth_config::builders::image_build_config;
/// use serde_json::json;
///
/// let build = image_build_config("app", json!({"context": {"branch": "release"}}));
/// assert_eq!(build["configType"], "image-build");
/// assert_eq!(build["context"], json!({"source": "git", "repository": "", "branch": "release"}));
/// ```
pub fn image_build_config(name: &str, config: Value) -> Value {
    build(
        defaults::of::<ImageBuildConfig>(),
        ("configType", "image-build"),
        name,
        config,
    )
}

fn registry(defaults: Value, framework: &str, product: &str, name: &str, config: Value) -> Value {
    let mut built = build(defaults, ("framework", framework), name, config);
    if let Value::Object(fields) = &mut built {
        force(fields, "labels", "framework", framework);
        force(fields, "annotations", &format!("{product}.io/managed"), "true");
    }
    built
}

fn build(defaults: Value, marker: (&str, &str), name: &str, config: Value) -> Value {
    if !config.is_object() {
        return config;
    }
    // The config is asked, not the merged result: the default name must not hide the name argument.
    let base_name = match config.get("name") {
        None | Some(Value::Null) => Value::from(name),
        Some(given) => given.clone(),
    };
    let mut built = merge::merge(defaults, config);
    if let Value::Object(fields) = &mut built {
        fields.insert("baseName".to_owned(), base_name);
        fields.insert(marker.0.to_owned(), Value::from(marker.1));
    }
    built
}

/// Adds a pair that wins over the user's. What can't take it (a list, a string) stays as written, so that the schema
/// check finds and reports the wrong type.
fn force(fields: &mut Map<String, Value>, field: &str, key: &str, value: &str) {
    let target = fields.entry(field).or_insert(Value::Null);
    if target.is_null() {
        *target = Value::Object(Map::new());
    }
    if let Value::Object(pairs) = target {
        pairs.insert(key.to_owned(), Value::from(value));
    }
}
