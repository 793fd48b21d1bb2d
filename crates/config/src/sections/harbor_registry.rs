//! HarborRegistry: images with projects, scanning, replication and governance.

mod authentication;
mod components;
mod data;
mod projects;

pub use authentication::*;
pub use components::*;
pub use data::*;
pub use projects::*;

use indexmap::IndexMap;
use serde_json::Value as Json;

use crate::sections::workload::registry_section;
use crate::value::{KubernetesLabel, SecretValue, Written};

registry_section! {
    /// Harbor: projects, scanning, replication and governance.
    pub struct HarborRegistry(("2000m", "1024Mi"), ("500m", "512Mi")) {
        /// The name of the registry and of its objects.
        core name: String = "harbor";
        /// The version of Harbor.
        core version: String = "2.10";
        /// The namespace it is deployed to.
        core namespace: Written<KubernetesLabel> = "harbor", code "K-002";
        /// How many replicas of the core run.
        core core_replicas as "coreReplicas": i64 = 1, range 0 to 1000, code "K-003";
        /// How many replicas of the job service run.
        core jobservice_replicas as "jobserviceReplicas": i64 = 1, range 0 to 1000, code "K-003";
        /// How many replicas of the registry run.
        core registry_replicas as "registryReplicas": i64 = 1, range 0 to 1000, code "K-003";
        /// The database.
        core database: HarborDatabase;
        /// Redis.
        core redis: HarborRedis;
        /// Where images are kept.
        core storage: HarborStorage;
        /// Settings of the core.
        core core: HarborCore;
        /// How users sign in.
        core authentication: HarborAuthentication;
        /// The scanner.
        core trivy: HarborTrivy;
        /// When images are replicated, where a policy doesn't say.
        core replication: HarborReplication;
        /// Frees the space of what no tag needs.
        core garbage_collection as "garbageCollection": HarborGarbageCollection;
        /// The password of `admin`; made once without it.
        extension admin_password as "adminPassword": Option<SecretValue>;
        /// The key of 16 characters that protects secrets in the database; made once without it.
        extension secret_key as "secretKey": Option<SecretValue>;
        /// Settings of single components.
        extension components: Option<HarborComponents>;
        /// TLS between the components.
        extension internal_tls as "internalTLS": Option<HarborInternalTls>;
        /// The proxy for the way out.
        extension proxy: Option<HarborProxy>;
        /// The families of addresses that are listened on.
        extension ip_family as "ipFamily": Option<HarborIpFamily>;
        /// Traces.
        extension trace: Option<HarborTrace>;
        /// Settings that the environment fixes; the API can't change any then.
        extension config_overwrite as "configOverwriteJson": IndexMap<String, Json>;
        /// Settings as the API names them.
        extension configuration: Option<HarborConfiguration>;
        /// Projects.
        extension projects: Vec<HarborProject>;
        /// Robot accounts.
        extension robots: Vec<HarborRobot>;
        /// Other registries that Harbor knows.
        extension endpoints: Vec<HarborEndpoint>;
    }
}
