use indexmap::IndexMap;

use crate::section::section;
use crate::sections::{AzureStorage, GcsStorage, OssStorage, SwiftStorage};
use crate::value::{
    BlobDescriptorCache, Duration, HttpUrl, S3StorageClass, SecretValue, StorageDriver, StorageMiddleware,
    Written,
};

section! {
    /// Where the data is kept.
    pub struct DockerStorage {
        /// The backend: filesystem, s3, azure, gcs, swift, oss or inmemory.
        core driver: Written<StorageDriver> = "filesystem";
        /// A folder.
        core filesystem: FilesystemStorage;
        /// Amazon S3 and what speaks like it.
        core s3: DockerS3Storage;
        /// Azure Blob Storage.
        extension azure: Option<AzureStorage>;
        /// Google Cloud Storage.
        extension gcs: Option<GcsStorage>;
        /// OpenStack Swift.
        extension swift: Option<SwiftStorage>;
        /// Alibaba Cloud OSS.
        extension oss: Option<OssStorage>;
        /// Whether images can be deleted.
        extension delete: Option<StorageDelete>;
        /// Whether clients are sent to the backend for blobs.
        extension redirect: Option<StorageRedirect>;
        /// What is remembered of blobs.
        extension cache: Option<StorageCache>;
        /// What is done about the data while it runs.
        extension maintenance: Option<StorageMaintenance>;
    }
}

section! {
    /// A folder.
    pub struct FilesystemStorage {
        /// The folder; on a cluster the mount of the volume.
        core rootdirectory: String = "/var/lib/registry";
        /// How many file operations run at once; the product's floor is 25.
        core maxthreads: i64 = 100, range 1 to 1_000_000, code "DR-019";
    }
}

section! {
    /// Amazon S3 and what speaks like it.
    pub struct DockerS3Storage {
        /// Whether it is used; `driver` must say so too.
        core enabled: bool = false;
        /// The access key.
        core accesskey: SecretValue;
        /// The secret key.
        core secretkey: SecretValue;
        /// The region.
        core region: String = "us-east-1";
        /// The bucket.
        core bucket: String = "registry";
        /// Whether objects are encrypted at rest.
        core encrypt: bool = true;
        /// Whether https is spoken.
        core secure: bool = true;
        /// An endpoint of one's own.
        extension regionendpoint: Option<String>;
        /// The folder in the bucket.
        extension rootdirectory: Option<String>;
        /// Whether certificates aren't checked.
        extension skipverify: Option<bool>;
        /// Whether requests are signed in version 4.
        extension v4auth: Option<bool>;
        /// The key of KMS to encrypt with.
        extension keyid: Option<String>;
        /// Bytes of a part of an upload.
        extension chunksize: Option<i64>, range 5_242_880 to 5_368_709_120, code "DR-012";
        /// Bytes of a part of a copy.
        extension multipartcopychunksize: Option<i64>, range 5_242_880 to 5_368_709_120, code "DR-012";
        /// How many parts are copied at once.
        extension multipartcopymaxconcurrency: Option<i64>, range 1 to 10000, code "DR-012";
        /// Bytes above which a copy is done in parts.
        extension multipartcopythresholdsize: Option<i64>, range 0 to 5_368_709_120, code "DR-012";
        /// The storage class of the objects.
        extension storageclass: Option<Written<S3StorageClass>>;
        /// The access control list of the objects.
        extension objectacl: Option<String>;
        /// What to say as user agent.
        extension useragent: Option<String>;
    }
}

section! {
    /// Whether images can be deleted.
    pub struct StorageDelete {
        /// Whether they can.
        extension enabled: bool = true;
    }
}

section! {
    /// Whether clients are sent to the backend for blobs.
    pub struct StorageRedirect {
        /// Whether they aren't.
        extension disable: bool = false;
    }
}

section! {
    /// What is remembered of blobs.
    pub struct StorageCache {
        /// Where descriptors are remembered.
        extension blobdescriptor: Option<Written<BlobDescriptorCache>>;
    }
}

section! {
    /// What is done about the data while it runs.
    pub struct StorageMaintenance {
        /// Removes uploads that nobody finished.
        extension uploadpurging: Option<UploadPurging>;
        /// Refuses all writes.
        extension readonly: Option<StorageReadonly>;
    }
}

section! {
    /// Removes uploads that nobody finished.
    pub struct UploadPurging {
        /// Whether it does.
        extension enabled: bool = true;
        /// How old they must be.
        extension age: Option<Written<Duration>>;
        /// How often it looks.
        extension interval: Option<Written<Duration>>;
        /// Whether it only says what it would remove.
        extension dryrun: Option<bool>;
    }
}

section! {
    /// Refuses all writes.
    pub struct StorageReadonly {
        /// Whether it does.
        extension enabled: bool = false;
    }
}

section! {
    /// Middleware over storage and registry.
    pub struct DockerMiddleware {
        /// Middleware over the storage.
        core storage: Vec<DockerStorageMiddleware>;
        /// Middleware over the registry; the stock program knows none.
        core registry: Vec<DockerRegistryMiddleware>;
    }
}

section! {
    /// One middleware over the storage.
    pub struct DockerStorageMiddleware {
        /// Its name: cloudfront or redirect.
        extension name: Written<StorageMiddleware>;
        /// Its options.
        extension options: StorageMiddlewareOptions;
        /// Whether it is switched off.
        extension disabled: bool = false;
    }
}

section! {
    /// The options of a middleware over the storage.
    pub struct StorageMiddlewareOptions {
        /// The URL to send clients to.
        extension baseurl: Option<Written<HttpUrl>>;
        /// The file of the private key of CloudFront.
        extension privatekey: Option<SecretValue>;
        /// The id of the key pair of CloudFront.
        extension keypairid: Option<String>;
        /// How long a signed URL is valid.
        extension duration: Option<Written<Duration>>;
        /// Which clients are sent straight to S3: none, aws or awsregion.
        extension ipfilteredby: Option<String>;
        /// The regions for which that holds.
        extension awsregion: Option<String>;
        /// How often the ranges of AWS are fetched.
        extension updatefrequency: Option<Written<Duration>>;
        /// Where they are fetched from.
        extension iprangesurl: Option<Written<HttpUrl>>;
    }
}

section! {
    /// One middleware over the registry.
    pub struct DockerRegistryMiddleware {
        /// Its name.
        extension name: String;
        /// Its options.
        extension options: IndexMap<String, String>;
        /// Whether it is switched off.
        extension disabled: bool = false;
    }
}
