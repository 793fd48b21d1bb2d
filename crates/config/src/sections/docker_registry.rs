//! DockerRegistry: Docker's own registry, or Berth in its place.

mod auth;
mod http;
mod notifications;
mod operation;
mod storage;

pub use auth::*;
pub use http::*;
pub use notifications::*;
pub use operation::*;
pub use storage::*;

use crate::sections::workload::registry_section;
use crate::value::{Engine, ImageReference, KubernetesLabel, Written};

registry_section! {
    /// Docker's registry: simple storage of images, on a laptop by `berth serve` or on a cluster.
    pub struct DockerRegistry(("1000m", "512Mi"), ("100m", "256Mi")) {
        /// The name of the registry and of its objects.
        core name: String = "registry";
        /// The version of the registry.
        core version: String = "2.8";
        /// The namespace it is deployed to.
        core namespace: Written<KubernetesLabel> = "registry", code "K-002";
        /// How many replicas run.
        core replicas: i64 = 1, range 0 to 1000, code "K-003";
        /// The container image.
        core image: Written<ImageReference> = "registry:2.8";
        /// Where the data is kept.
        core storage: DockerStorage;
        /// How it listens.
        core http: DockerHttp;
        /// Who may use it.
        core auth: DockerAuth;
        /// Middleware over storage and registry.
        core middleware: DockerMiddleware;
        /// What is logged.
        core log: DockerLog;
        /// Webhooks for pushes, pulls and deletes.
        core notifications: DockerNotifications;
        /// The program that a cluster runs: `distribution` (Docker's registry) or `berth`.
        extension engine: Option<Written<Engine>>;
        /// Makes it a cache of another registry, for reading alone.
        extension proxy: Option<DockerProxy>;
        /// A Redis for the cache of descriptors.
        extension redis: Option<DockerRedis>;
        /// What the registry checks of itself.
        extension health: Option<DockerHealth>;
        /// What manifests may refer to.
        extension validation: Option<DockerValidation>;
        /// Frees the space of what no tag needs.
        extension garbage_collection as "garbageCollection": Option<DockerGarbageCollection>;
    }
}
