use super::Effect::{self, NotAppliedYet, Render, Serve, Size};
use super::Pending::{Access, Operation, ProductApi, Replication, Retention, Scanning};
use crate::Kind;
use crate::serve::{Honour, honour};

/// The fields of every registry that deploy it. A path stands for all below it, unless one of those
/// has a row of its own.
const WORKLOAD: &[(&str, Effect)] = &[
    ("resources", Size),
    ("persistence.enabled", Size),
    ("persistence.size", Size),
    ("autoscaling.enabled", Size),
    ("autoscaling.maxReplicas", Size),
    ("backup", Render),
    ("timeZone", Render),
    ("name", Render),
    ("version", Render),
    ("namespace", Render),
    ("resources.limits.ephemeral-storage", Render),
    ("resources.requests.ephemeral-storage", Render),
    ("labels", Render),
    ("annotations", Render),
    ("externalURL", Render),
    ("exposure", Render),
    ("persistence", Render),
    ("metrics", Render),
    ("autoscaling", Render),
    ("podDisruptionBudget", Render),
    ("networkPolicy", Render),
    ("placement", Render),
    ("serviceAccount", Render),
    ("securityContext", Render),
    ("terminationGracePeriodSeconds", Render),
    ("imagePullSecrets", Render),
    ("podLabels", Render),
    ("podAnnotations", Render),
    ("extraEnv", Render),
    ("cost", Render),
];

/// What `serve` honours of these stands in its own table.
const DOCKER: &[(&str, Effect)] = &[
    ("replicas", Size),
    ("image", Render),
    ("engine", Render),
    ("storage", Render),
    ("http", Render),
    ("auth", Render),
    ("middleware", Render),
    ("log", Render),
    ("notifications", Render),
    ("proxy", Render),
    ("redis", Render),
    ("health", Render),
    ("validation", Render),
    ("garbageCollection", Render),
    ("timeZone", Render),
    ("backup", NotAppliedYet(Operation)),
];

const HARBOR: &[(&str, Effect)] = &[
    ("coreReplicas", Size),
    ("jobserviceReplicas", Size),
    ("registryReplicas", Size),
    ("database", Render),
    ("database.managed", Size),
    ("redis", Render),
    ("redis.managed", Size),
    ("storage", Render),
    ("core", Render),
    ("core.tokenExpiration", NotAppliedYet(ProductApi)),
    ("core.jobServiceTokenExpiration", NotAppliedYet(ProductApi)),
    ("core.robotTokenDuration", NotAppliedYet(ProductApi)),
    ("core.sessionTimeout", NotAppliedYet(ProductApi)),
    ("authentication", NotAppliedYet(ProductApi)),
    ("trivy", Render),
    ("trivy.enabled", Size),
    ("trivy.replicas", Size),
    ("trivy.resources", Size),
    ("replication", NotAppliedYet(ProductApi)),
    ("garbageCollection", NotAppliedYet(ProductApi)),
    ("metrics.enabled", Size),
    ("adminPassword", Render),
    ("secretKey", Render),
    ("components", Render),
    ("components.core.replicas", Size),
    ("components.core.resources", Size),
    ("components.portal.replicas", Size),
    ("components.portal.resources", Size),
    ("components.jobservice.resources", Size),
    ("components.registry.replicas", Size),
    ("components.registry.resources", Size),
    ("components.registryctl.replicas", Size),
    ("components.registryctl.resources", Size),
    ("components.exporter.replicas", Size),
    ("components.exporter.resources", Size),
    ("components.database.replicas", Size),
    ("components.database.resources", Size),
    ("components.redis.replicas", Size),
    ("components.redis.resources", Size),
    ("internalTLS", Render),
    ("proxy", Render),
    ("ipFamily", Render),
    ("trace", Render),
    ("configOverwriteJson", Render),
    ("configuration", NotAppliedYet(ProductApi)),
    ("projects", NotAppliedYet(ProductApi)),
    ("robots", NotAppliedYet(ProductApi)),
    ("endpoints", NotAppliedYet(ProductApi)),
];

const NEXUS: &[(&str, Effect)] = &[
    ("replicas", Size),
    ("image", Render),
    ("storage", Render),
    ("storage.blobstores", NotAppliedYet(ProductApi)),
    ("repositories", NotAppliedYet(ProductApi)),
    ("authentication", NotAppliedYet(ProductApi)),
    ("security", NotAppliedYet(ProductApi)),
    ("security.enableRealmsLogging", Render),
    ("jvm", Render),
    ("edition", Render),
    ("license", Render),
    ("clustered", Render),
    ("database", Render),
    ("database.managed", Size),
    ("adminPassword", Render),
    ("randomPassword", Render),
    ("contextPath", Render),
    ("scripts", Render),
    ("tasks", NotAppliedYet(ProductApi)),
    ("cleanupPolicies", NotAppliedYet(ProductApi)),
    ("properties", Render),
    ("externalURL", NotAppliedYet(ProductApi)),
    ("timeZone", Render),
];

const ARTIFACTORY: &[(&str, Effect)] = &[
    ("replicas", Size),
    ("image", Render),
    ("database", Render),
    ("database.managed", Size),
    ("repositories", NotAppliedYet(ProductApi)),
    ("authentication", NotAppliedYet(ProductApi)),
    ("security", Render),
    ("edition", Render),
    ("licenses", Render),
    ("masterKey", Render),
    ("joinKey", Render),
    ("adminPassword", Render),
    ("dockerAccessMethod", Render),
    ("jvm", Render),
    ("filestore", Render),
    ("nginx", Render),
    ("nginx.enabled", Size),
    ("splitServices", Render),
    ("replication", NotAppliedYet(ProductApi)),
    ("externalURL", NotAppliedYet(ProductApi)),
    ("timeZone", Render),
];

const PULL_SECRET: &[(&str, Effect)] = &[
    ("name", Render),
    ("registry", Render),
    ("namespace", Render),
    ("secretName", Render),
    ("registries", Render),
    ("namespaces", Render),
    ("serviceAccounts", Render),
    ("robot", NotAppliedYet(ProductApi)),
];

const SCAN: &[(&str, Effect)] = &[
    ("name", NotAppliedYet(Scanning)),
    ("scanning", NotAppliedYet(Scanning)),
    ("vulnerabilities", NotAppliedYet(Scanning)),
    ("exemptions", NotAppliedYet(Scanning)),
    ("registries", NotAppliedYet(Scanning)),
    ("projects", NotAppliedYet(Scanning)),
    ("repositories", NotAppliedYet(Scanning)),
    ("ignoreUnfixed", NotAppliedYet(Scanning)),
];

const RETENTION: &[(&str, Effect)] = &[
    ("name", NotAppliedYet(Retention)),
    ("retentionDays", Size),
    ("keepTagged", NotAppliedYet(Retention)),
    ("keepLatest", NotAppliedYet(Retention)),
    ("repositories", NotAppliedYet(Retention)),
    ("images", NotAppliedYet(Retention)),
    ("schedule", NotAppliedYet(Retention)),
    ("registries", NotAppliedYet(Retention)),
    ("projects", NotAppliedYet(Retention)),
    ("exclude", NotAppliedYet(Retention)),
    ("keepLast", NotAppliedYet(Retention)),
    ("grace", NotAppliedYet(Retention)),
    ("timeZone", NotAppliedYet(Retention)),
];

const REPLICATION: &[(&str, Effect)] = &[
    ("name", NotAppliedYet(Replication)),
    ("source", NotAppliedYet(Replication)),
    ("destination", NotAppliedYet(Replication)),
    ("rules", NotAppliedYet(Replication)),
    ("schedule", NotAppliedYet(Replication)),
    ("enabled", NotAppliedYet(Replication)),
    ("trigger", NotAppliedYet(Replication)),
    ("registries", NotAppliedYet(Replication)),
    ("timeZone", NotAppliedYet(Replication)),
];

const BUILD: &[(&str, Effect)] = &[
    ("name", Render),
    ("buildSystem", Render),
    ("cache", Render),
    ("context", Render),
    ("credentials", Render),
    ("output", Render),
    ("builder", Render),
    ("dockerfile", Render),
    ("target", Render),
    ("args", Render),
    ("secrets", Render),
    ("schedule", Render),
    ("timeZone", Render),
    ("namespace", Render),
    ("serviceAccount", Render),
    ("registries", Render),
];

const ACCESS: &[(&str, Effect)] = &[
    ("subjects", Render),
    ("rules", NotAppliedYet(Access)),
    ("kubernetes", Render),
    ("registries", Render),
];

/// Where the effect of a field is seen: by its own row, or the nearest above it. `None` for a path
/// that is no field.
pub fn effect(kind: Kind, path: &str) -> Option<Effect> {
    let own = match kind {
        Kind::DockerRegistry => DOCKER,
        Kind::HarborRegistry => HARBOR,
        Kind::NexusRegistry => NEXUS,
        Kind::ArtifactoryRegistry => ARTIFACTORY,
        Kind::ImagePullSecret => PULL_SECRET,
        Kind::ImageScanPolicy => SCAN,
        Kind::ImageRetentionPolicy => RETENTION,
        Kind::ImageReplicationPolicy => REPLICATION,
        Kind::ImageBuildConfig => BUILD,
        Kind::RegistryAccess => ACCESS,
    };
    let shared = if kind.is_registry() { WORKLOAD } else { &[] };
    // Of two rows for the same path, the one of the kind goes before the shared one.
    let row = nearest_row(shared.iter().chain(own), path);
    match row {
        // What a served registry does with a field is for `serve` to say.
        Some(Render) if kind == Kind::DockerRegistry && honour(path) == Some(Honour::Honoured) => Some(Serve),
        row => row,
    }
}

fn nearest_row<'a>(rows: impl Iterator<Item = &'a (&'static str, Effect)>, path: &str) -> Option<Effect> {
    rows.filter(|(row, _)| {
        path.strip_prefix(row)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    })
    .max_by_key(|(row, _)| row.len())
    .map(|(_, effect)| *effect)
}
