//! NexusRegistry: Sonatype Nexus, artifacts of many formats.

mod repositories;
mod security;
mod storage;

pub use repositories::*;
pub use security::*;
pub use storage::*;

use crate::sections::workload::registry_section;
use crate::value::{ImageReference, KubernetesLabel, NexusEdition, Private, SecretValue, Written};

registry_section! {
    /// Nexus: artifacts of many formats.
    pub struct NexusRegistry(("2000m", "2048Mi"), ("500m", "1024Mi")) {
        /// The name of the registry and of its objects.
        core name: String = "nexus";
        /// The version of Nexus.
        core version: String = "3.68";
        /// The namespace it is deployed to.
        core namespace: Written<KubernetesLabel> = "nexus", code "K-002";
        /// How many replicas run; more than one needs a licence.
        core replicas: i64 = 1, range 0 to 1000, code "K-003";
        /// The container image.
        core image: Written<ImageReference> = "sonatype/nexus3:3.68";
        /// Where the data is kept.
        core storage: NexusStorage;
        /// The repositories.
        core repositories: NexusRepositories;
        /// How users sign in.
        core authentication: NexusAuthentication;
        /// What is let in and what is logged of it.
        core security: NexusSecurity;
        /// The memory of the Java machine.
        core jvm: NexusJvm;
        /// The edition: oss or pro.
        extension edition: Option<Written<NexusEdition>>;
        /// The licence file of the Pro edition.
        extension license: Option<SecretValue>;
        /// Whether several replicas share one database.
        extension clustered: bool = false;
        /// The database; the built-in one without it.
        extension database: Option<NexusDatabase>;
        /// The password of `admin`; made once without it.
        extension admin_password as "adminPassword": Option<SecretValue>;
        /// Whether Nexus makes the first password itself.
        extension random_password as "randomPassword": Option<bool>;
        /// The path under which it answers.
        extension context_path as "contextPath": Option<String>;
        /// Scripts.
        extension scripts: Option<NexusScripts>;
        /// Tasks that run again and again.
        extension tasks: Vec<NexusTask>;
        /// Rules for what is cleaned up.
        extension cleanup_policies as "cleanupPolicies": Vec<NexusCleanupPolicy>;
        /// More lines of nexus.properties.
        extension properties: indexmap::IndexMap<String, Private>;
    }
}
