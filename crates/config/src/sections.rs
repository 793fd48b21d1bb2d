//! The sections of the documents, one kind a file; what several kinds share has a file of its own.

#![expect(
    clippy::doc_markdown,
    reason = "the sentences go into the schema and the tables too, where names stand bare"
)]

mod artifactory_registry;
mod docker_registry;
mod exposure;
mod harbor_registry;
mod image_build_config;
mod image_pull_secret;
mod image_replication_policy;
mod image_retention_policy;
mod image_scan_policy;
mod metrics;
mod nexus_registry;
mod object_storage;
mod persistence;
mod placement;
mod registry_access;
mod resources;
mod workload;

pub use artifactory_registry::*;
pub use docker_registry::*;
pub use exposure::*;
pub use harbor_registry::*;
pub use image_build_config::*;
pub use image_pull_secret::*;
pub use image_replication_policy::*;
pub use image_retention_policy::*;
pub use image_scan_policy::*;
pub use metrics::*;
pub use nexus_registry::*;
pub use object_storage::*;
pub use persistence::*;
pub use placement::*;
pub use registry_access::*;
pub use resources::*;
pub use workload::Workload;
