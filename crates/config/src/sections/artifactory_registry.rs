//! ArtifactoryRegistry: JFrog Artifactory, artifacts of many formats.

mod repositories;
mod security;

pub use repositories::*;
pub use security::*;

use crate::section::section;
use crate::sections::workload::registry_section;
use crate::sections::{ComponentResources, Persistence};
use crate::value::{
    ArtifactoryDatabaseType, ArtifactoryEdition, CronSchedule, DockerAccessMethod, ImageReference, JvmSize,
    KubernetesLabel, Private, SecretValue, Written,
};

registry_section! {
    /// Artifactory: artifacts of many formats.
    pub struct ArtifactoryRegistry(("2000m", "2048Mi"), ("500m", "1024Mi")) {
        /// The name of the registry and of its objects.
        core name: String = "artifactory";
        /// The version of Artifactory.
        core version: String = "7.84";
        /// The namespace it is deployed to.
        core namespace: Written<KubernetesLabel> = "artifactory", code "K-002";
        /// How many replicas run; more than one needs an Enterprise licence.
        core replicas: i64 = 1, range 0 to 1000, code "K-003";
        /// The container image.
        core image: Written<ImageReference> = "releases-docker.jfrog.io/jfrog/artifactory-oss:latest";
        /// The database.
        core database: ArtifactoryDatabase;
        /// The repositories.
        core repositories: ArtifactoryRepositories;
        /// How users sign in.
        core authentication: ArtifactoryAuthentication;
        /// TLS and encryption.
        core security: ArtifactorySecurity;
        /// The edition: oss, jcr, pro or enterprise; the image says it without it.
        extension edition: Option<Written<ArtifactoryEdition>>;
        /// The licences, one for each replica.
        extension licenses: Vec<SecretValue>;
        /// The key that protects everything, 32 or 64 hexadecimal digits; made once without it.
        extension master_key as "masterKey": Option<SecretValue>;
        /// The key by which nodes join, 32 or 64 hexadecimal digits; made once without it.
        extension join_key as "joinKey": Option<SecretValue>;
        /// The password of `admin`; made once without it.
        extension admin_password as "adminPassword": Option<SecretValue>;
        /// How Docker clients reach a repository.
        extension docker_access_method as "dockerAccessMethod": Option<Written<DockerAccessMethod>>;
        /// The memory of the Java machine.
        extension jvm: Option<ArtifactoryJvm>;
        /// Where files are kept; on the volume without it.
        extension filestore: Option<ArtifactoryFilestore>;
        /// The nginx in front.
        extension nginx: Option<ArtifactoryNginx>;
        /// Whether each service but the router has a container of its own.
        extension split_services as "splitServices": Option<bool>;
        /// When repositories are replicated, where a policy doesn't say.
        extension replication: Option<ArtifactoryReplication>;
    }
}

section! {
    /// The database.
    pub struct ArtifactoryDatabase {
        /// Its kind.
        core kind as "type": Written<ArtifactoryDatabaseType> = "postgresql";
        /// The JDBC URL, without credentials.
        core url: String = "jdbc:postgresql://postgres:5432/artdb";
        /// The user.
        core username: String = "artifactory";
        /// The password.
        extension password: Option<SecretValue>;
        /// The class of the driver.
        extension driver: Option<String>;
        /// Whether other kinds than PostgreSQL are let through.
        extension allow_non_postgresql as "allowNonPostgresql": Option<bool>;
        /// Whether Berth runs a small PostgreSQL for it.
        extension managed: bool = false;
        /// The image of the managed one.
        extension image: Option<Written<ImageReference>>;
        /// What the managed one may use; what the registry may without it.
        extension resources: Option<ComponentResources>;
        /// The volume of the managed one.
        extension persistence: Option<Persistence>;
    }
}

section! {
    /// The memory of the Java machine.
    pub struct ArtifactoryJvm {
        /// The most heap (-Xmx).
        extension max_memory as "maxMemory": Option<Written<JvmSize>>;
        /// The heap at the start (-Xms).
        extension min_memory as "minMemory": Option<Written<JvmSize>>;
        /// More options.
        extension extra_options as "extraOptions": Vec<Private>;
    }
}

section! {
    /// Where files are kept.
    pub struct ArtifactoryFilestore {
        /// The type as Artifactory names it: file-system, s3-storage-v3, azure-blob-storage-v2.
        extension kind as "type": String = "file-system";
        /// The bucket or container.
        extension bucket: Option<String>;
        /// The region.
        extension region: Option<String>;
        /// The endpoint.
        extension endpoint: Option<String>;
        /// The folder.
        extension path: Option<String>;
        /// The access key, or the storage account.
        extension identity: Option<SecretValue>;
        /// The secret key, or the key of the account.
        extension credential: Option<SecretValue>;
    }
}

section! {
    /// The nginx in front.
    pub struct ArtifactoryNginx {
        /// Whether it runs.
        extension enabled: bool = true;
        /// The type of its Service: ClusterIP, NodePort or LoadBalancer.
        extension service_type as "serviceType": Option<String>;
        /// Its image; that of Artifactory's version without it.
        extension image: Option<Written<ImageReference>>;
        /// How many replicas run.
        extension replicas: Option<i64>, range 0 to 100, code "K-003";
        /// What it may use; what the registry may without it.
        extension resources: Option<ComponentResources>;
    }
}

section! {
    /// When repositories are replicated, where a policy doesn't say.
    pub struct ArtifactoryReplication {
        /// Whether they are.
        extension enabled: bool = true;
        /// When.
        extension schedule: Written<CronSchedule>;
    }
}
