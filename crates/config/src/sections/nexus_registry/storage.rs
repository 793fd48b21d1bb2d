use crate::section::section;
use crate::sections::{ComponentResources, Persistence};
use crate::value::{
    BlobstoreType, CronSchedule, ImageReference, JvmSize, NexusDatabaseType, Private, SecretValue,
    SoftQuotaType, Written,
};

section! {
    /// Where the data is kept.
    pub struct NexusStorage {
        /// The folder of the data; the mount of the volume.
        core data_path as "dataPath": String = "/nexus-data";
        /// The folder of the logs.
        core log_path as "logPath": String = "/nexus-data/log";
        /// The folder of temporary files.
        core temp_path as "tempPath": String = "/nexus-data/tmp";
        /// Blob stores.
        core blobstores: Vec<NexusBlobstore>;
    }
}

section! {
    /// A blob store.
    pub struct NexusBlobstore {
        /// Its name.
        extension name: String;
        /// Its type: file, s3, azure or group.
        extension kind as "type": Written<BlobstoreType> = "file";
        /// The folder of a file store.
        extension path: Option<String>;
        /// The bucket of an S3 store.
        extension bucket: Option<String>;
        /// The region of the bucket.
        extension region: Option<String>;
        /// What stands before the names of objects.
        extension prefix: Option<String>;
        /// Days until deleted objects are gone; -1 for at once.
        extension expiration: Option<i64>, range -1 to 36500, code "NX-017";
        /// An endpoint of one's own.
        extension endpoint: Option<String>;
        /// Whether the bucket stands in the path of the URL.
        extension force_path_style as "forcePathStyle": Option<bool>;
        /// The access key.
        extension access_key_id as "accessKeyId": Option<SecretValue>;
        /// The secret key.
        extension secret_access_key as "secretAccessKey": Option<SecretValue>;
        /// The storage account of an Azure store.
        extension account_name as "accountName": Option<String>;
        /// The key of the account.
        extension account_key as "accountKey": Option<SecretValue>;
        /// The container of an Azure store.
        extension container: Option<String>;
        /// The stores of a group.
        extension members: Vec<String>;
        /// A limit that warns.
        extension soft_quota as "softQuota": Option<NexusSoftQuota>;
    }
}

section! {
    /// A limit that warns.
    pub struct NexusSoftQuota {
        /// What is measured: spaceRemainingQuota or spaceUsedQuota.
        extension kind as "type": Written<SoftQuotaType>;
        /// The limit in bytes.
        extension limit: i64 = 0, range 1 to 9_223_372_036_854_775_807, code "NX-020";
    }
}

section! {
    /// The database.
    pub struct NexusDatabase {
        /// Its kind: orientdb, h2 or postgresql.
        extension kind as "type": Written<NexusDatabaseType>;
        /// The JDBC URL of PostgreSQL.
        extension url: Option<String>;
        /// The user.
        extension username: Option<String>;
        /// The password.
        extension password: Option<SecretValue>;
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
    pub struct NexusJvm {
        /// The most heap (-Xmx).
        core max_memory as "maxMemory": Written<JvmSize> = "1024m";
        /// The heap at the start (-Xms).
        core min_memory as "minMemory": Written<JvmSize> = "256m";
        /// The most memory beside the heap.
        core direct_memory as "directMemory": Written<JvmSize> = "512m";
        /// More options.
        extension extra_options as "extraOptions": Vec<Private>;
    }
}

section! {
    /// Scripts.
    pub struct NexusScripts {
        /// Whether they may be made through the API.
        extension allow_creation as "allowCreation": bool = false;
    }
}

section! {
    /// A task that runs again and again.
    pub struct NexusTask {
        /// Its name.
        extension name: String;
        /// Its type as Nexus names it, such as repository.cleanup.
        extension kind as "type": String;
        /// When it runs.
        extension schedule: Written<CronSchedule>;
        /// The blob store it works on.
        extension blob_store as "blobStore": Option<String>;
    }
}

section! {
    /// A rule for what is cleaned up.
    pub struct NexusCleanupPolicy {
        /// Its name.
        extension name: String;
        /// The format of the repositories, or `*`.
        extension format: String = "*";
        /// Days since a component was published.
        extension last_blob_updated as "lastBlobUpdated": Option<i64>, range 1 to 36500;
        /// Days since it was downloaded.
        extension last_downloaded as "lastDownloaded": Option<i64>, range 1 to 36500;
        /// A regular expression of names.
        extension asset_regex as "assetRegex": Option<String>;
    }
}
