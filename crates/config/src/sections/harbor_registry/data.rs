use crate::section::section;
use crate::sections::{FilesystemStorage, GcsStorage, OssStorage, SwiftStorage};
use crate::value::{
    CronSchedule, HarborDatabaseType, HarborStorageType, KubernetesSubdomain, S3StorageClass, SecretValue,
    SslMode, Written,
};

section! {
    /// The database.
    pub struct HarborDatabase {
        /// Its kind; Harbor runs on postgresql alone.
        core kind as "type": Written<HarborDatabaseType> = "postgresql";
        /// Its host.
        core host: String = "harbor-postgresql.harbor.svc.cluster.local";
        /// Its port.
        core port: i64 = 5432, range 1 to 65535, code "HB-009";
        /// The user.
        core username: String = "postgres";
        /// The Secret with the password under the key `password`.
        core password_secret as "passwordSecret": Written<KubernetesSubdomain> = "harbor-db-password", code "HB-009";
        /// How many connections the server takes, all pods together.
        core max_connections as "maxConnections": i64 = 1024, range 1 to 262_143, code "HB-011";
        /// The name of the database; `registry` without it.
        extension name: Option<String>;
        /// How the connection is protected.
        extension sslmode: Option<Written<SslMode>>;
        /// The Secret with the authority's certificate under the key `ca.crt`.
        extension sslrootcert_secret as "sslrootcertSecret": Option<Written<KubernetesSubdomain>>;
        /// The password, in place of `passwordSecret`.
        extension password: Option<SecretValue>;
        /// Whether Berth runs a small PostgreSQL for it.
        extension managed: bool = false;
        /// How many connections each pod opens at most; Berth works it out without it.
        extension max_open_connections as "maxOpenConns": Option<i64>, range 0 to 262_143, code "HB-011";
        /// How many idle ones each pod keeps.
        extension max_idle_connections as "maxIdleConns": Option<i64>, range 0 to 262_143, code "HB-012";
    }
}

section! {
    /// Redis, for sessions, queues and caches.
    pub struct HarborRedis {
        /// Whether it is used; Harbor doesn't run without.
        core enabled: bool = true;
        /// Its host; of sentinels `host:port,host:port`.
        core host: String = "harbor-redis.harbor.svc.cluster.local";
        /// Its port.
        core port: i64 = 6379, range 1 to 65535, code "K-025";
        /// The database of the core; it must be 0.
        core db: i64 = 0, range 0 to 1024, code "HB-016";
        /// The Secret with the password under the key `REDIS_PASSWORD`.
        core password_secret as "passwordSecret": Written<KubernetesSubdomain> = "harbor-redis-password", code "HB-022";
        /// The user; Harbor's registry knows none.
        extension username: Option<String>;
        /// The password, in place of `passwordSecret`.
        extension password: Option<SecretValue>;
        /// The name of the master set of the sentinels.
        extension sentinel_master_set as "sentinelMasterSet": Option<String>;
        /// The password of the sentinels; Harbor doesn't send it.
        extension sentinel_password as "sentinelPassword": Option<SecretValue>;
        /// Whether TLS is spoken; Harbor 2.10 doesn't.
        extension tls: Option<bool>;
        /// Whether it is a Redis Cluster; Harbor needs several databases, which that hasn't.
        extension cluster: Option<bool>;
        /// Whether Berth runs a small Redis for it.
        extension managed: bool = false;
        /// The database of the job service.
        extension jobservice_database_index as "jobserviceDatabaseIndex": Option<i64>, range 0 to 1024, code "HB-016";
        /// The database of the registry.
        extension registry_database_index as "registryDatabaseIndex": Option<i64>, range 0 to 1024, code "HB-016";
        /// The database of the scanner.
        extension trivy_adapter_index as "trivyAdapterIndex": Option<i64>, range 0 to 1024, code "HB-016";
        /// The database of Harbor's own data.
        extension harbor_database_index as "harborDatabaseIndex": Option<i64>, range 0 to 1024, code "HB-016";
        /// The database of the cache layer.
        extension cache_layer_database_index as "cacheLayerDatabaseIndex": Option<i64>, range 0 to 1024, code "HB-016";
    }
}

section! {
    /// Where images are kept.
    pub struct HarborStorage {
        /// The backend: filesystem, s3, azure, gcs, swift or oss.
        core kind as "type": Written<HarborStorageType> = "s3";
        /// Amazon S3 and what speaks like it.
        core s3: HarborS3Storage;
        /// Azure Blob Storage.
        core azure: HarborAzureStorage;
        /// A folder on a volume.
        extension filesystem: Option<FilesystemStorage>;
        /// Google Cloud Storage.
        extension gcs: Option<GcsStorage>;
        /// OpenStack Swift.
        extension swift: Option<SwiftStorage>;
        /// Alibaba Cloud OSS.
        extension oss: Option<OssStorage>;
        /// Whether blobs go through Harbor in place of a redirect to the backend.
        extension disable_redirect as "disableredirect": Option<bool>;
    }
}

section! {
    /// Amazon S3 and what speaks like it.
    pub struct HarborS3Storage {
        /// An endpoint of one's own.
        core endpoint: String;
        /// The access key.
        core accesskey: SecretValue;
        /// The secret key.
        core secretkey: SecretValue;
        /// The bucket.
        core bucket: String = "harbor";
        /// The region.
        core region: String = "us-east-1";
        /// Whether https is spoken.
        core secure: bool = true;
        /// The Secret with both keys.
        extension existing_secret as "existingSecret": Option<Written<KubernetesSubdomain>>;
        /// Whether the node's role of EC2 is relied on.
        extension ec2_role as "ec2Role": Option<bool>;
        /// Whether certificates aren't checked.
        extension skipverify: Option<bool>;
        /// Whether objects are encrypted at rest.
        extension encrypt: Option<bool>;
        /// The key of KMS to encrypt with.
        extension keyid: Option<String>;
        /// Whether requests are signed in version 4.
        extension v4auth: Option<bool>;
        /// The folder in the bucket.
        extension rootdirectory: Option<String>;
        /// Bytes of a part of an upload.
        extension chunksize: Option<i64>, range 5_242_880 to 5_368_709_120, code "DR-012";
        /// The storage class of the objects.
        extension storageclass: Option<Written<S3StorageClass>>;
    }
}

section! {
    /// Azure Blob Storage.
    pub struct HarborAzureStorage {
        /// The storage account.
        core accountname: String;
        /// Its key, base64.
        core accountkey: SecretValue;
        /// The container.
        core container: String = "harbor";
        /// The domain of the cloud, `core.windows.net` without it.
        extension realm: Option<String>;
    }
}

section! {
    /// When images are replicated, where a policy doesn't say.
    pub struct HarborReplication {
        /// Whether they are.
        core enabled: bool = true;
        /// When.
        core schedule: Written<CronSchedule> = "0 0 * * *";
    }
}

section! {
    /// Frees the space of what no tag needs.
    pub struct HarborGarbageCollection {
        /// Whether it does.
        core enabled: bool = true;
        /// When.
        core schedule: Written<CronSchedule> = "0 2 * * *";
        /// Whether untagged images go too.
        core delete_untagged as "deleteUntagged": bool = true;
        /// How many at once.
        extension workers: Option<i64>, range 1 to 5, code "HB-051";
        /// Whether it only says what it would remove.
        extension dry_run as "dryRun": Option<bool>;
    }
}
