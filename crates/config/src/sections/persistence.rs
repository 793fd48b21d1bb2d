use indexmap::IndexMap;

use crate::section::section;
use crate::value::{AccessMode, CronSchedule, KubernetesSubdomain, Quantity, SecretValue, Written};

section! {
    /// The volume that holds the data.
    pub struct Persistence {
        /// Whether there is one.
        extension enabled: bool = true;
        /// Its size.
        extension size: Option<Written<Quantity>>, code "K-021";
        /// Its StorageClass; the cluster's default without it.
        extension storage_class as "storageClass": Option<String>;
        /// How it may be mounted; ReadWriteOnce without it.
        extension access_mode as "accessMode": Option<Written<AccessMode>>;
        /// A claim that exists, in place of a new one.
        extension existing_claim as "existingClaim": Option<Written<KubernetesSubdomain>>;
        /// The folder in the volume.
        extension sub_path as "subPath": Option<String>;
        /// Annotations of the claim.
        extension annotations: IndexMap<String, String>;
        /// A StorageClass of its own, whose volumes are encrypted.
        extension encryption: Option<VolumeEncryption>;
    }
}

section! {
    /// A StorageClass whose volumes are encrypted.
    pub struct VolumeEncryption {
        /// The driver that makes the volumes, such as `ebs.csi.aws.com`.
        extension provisioner: String;
        /// The key to encrypt with, as the driver names it; the driver's own without it.
        extension key: Option<String>;
        /// What else the driver is told.
        extension parameters: IndexMap<String, String>;
    }
}

section! {
    /// Copies of data and database, for the day they are lost.
    pub struct Backup {
        /// Whether they are made.
        extension enabled: bool = true;
        /// When.
        extension schedule: Option<Written<CronSchedule>>;
        /// How many days each is kept.
        extension retention_days as "retentionDays": Option<i64>, range 1 to 36500;
        /// Where they go: an `s3://bucket/path`, or a claim by its name.
        extension destination: Option<String>;
        /// The credentials for it.
        extension credentials: Option<SecretValue>;
    }
}
