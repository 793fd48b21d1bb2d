//! The resolved document: the builder's result, with secrets redacted.

mod redact;
mod yaml;

use serde_json::{Map, Value as Json};

use crate::builders;
use crate::document::{Document, Tree};
use crate::section::Value;
use crate::{Kind, Spec};

pub use yaml::{fields_to_yaml, to_yaml};

/// The document with every default filled in at every depth, as its builder gives it, with secrets
/// redacted: a plain one is `[secret]`, and text that users put secrets into is `[not shown]`. Fields
/// that aren't known are left out.
pub fn show(document: &Document) -> Json {
    let resolved = resolve(document);
    let mut shown = redact::section(&resolved, document.kind().shape());
    if let (Json::Object(shown), Json::Object(mut resolved)) = (&mut shown, resolved) {
        for key in ["baseName", "framework", "secretType", "policyType", "configType"] {
            if let Some(value) = resolved.remove(key) {
                shown.insert(key.to_owned(), value);
            }
        }
        if let Some(cost) = document.spec.workload().and_then(|workload| workload.cost) {
            shown.insert("cost".to_owned(), cost.write());
        }
    }
    shown
}

/// The builder's result for a document, secrets and all. The caller answers for where it goes.
pub fn resolve(document: &Document) -> Json {
    let given = match document.written_spec() {
        Some(node) if node.tree != Tree::Null => node.to_json(),
        _ => Json::Object(Map::new()),
    };
    let build = match document.kind() {
        Kind::DockerRegistry => builders::docker_registry,
        Kind::HarborRegistry => builders::harbor_registry,
        Kind::NexusRegistry => builders::nexus_registry,
        Kind::ArtifactoryRegistry => builders::artifactory_registry,
        Kind::ImagePullSecret => builders::image_pull_secret,
        Kind::ImageScanPolicy => builders::image_scan_policy,
        Kind::ImageRetentionPolicy => builders::image_retention_policy,
        Kind::ImageReplicationPolicy => builders::image_replication_policy,
        Kind::ImageBuildConfig => builders::image_build_config,
        Kind::RegistryAccess => return access(document),
    };
    let mut built = build(&document.name, given);
    if let Json::Object(fields) = &mut built {
        fields.insert("baseName".to_owned(), document.base_name.as_str().into());
    }
    built
}

/// `RegistryAccess` has no builder: its fields, with their defaults at every depth.
fn access(document: &Document) -> Json {
    let mut fields = match &document.spec {
        Spec::RegistryAccess(access) => access.write(),
        _ => Json::Object(Map::new()),
    };
    if let Json::Object(fields) = &mut fields {
        fields.insert("baseName".to_owned(), document.base_name.as_str().into());
    }
    fields
}
