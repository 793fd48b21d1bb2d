use crate::section::section;
use crate::value::{HttpUrl, SecretValue, Written};

section! {
    /// Azure Blob Storage, as Docker's registry names the fields.
    pub struct AzureStorage {
        /// The storage account.
        extension accountname: String;
        /// Its key, base64.
        extension accountkey: SecretValue;
        /// The container.
        extension container: String;
        /// The domain of the cloud, `core.windows.net` without it.
        extension realm: Option<String>;
    }
}

section! {
    /// Google Cloud Storage, as Docker's registry names the fields.
    pub struct GcsStorage {
        /// The bucket.
        extension bucket: String;
        /// The key of the service account, JSON.
        extension keyfile: Option<SecretValue>;
        /// The folder in the bucket.
        extension rootdirectory: Option<String>;
        /// Bytes of a part of an upload, a multiple of 262144.
        extension chunksize: Option<i64>, range 262_144 to 5_368_709_120, code "DR-012";
    }
}

section! {
    /// OpenStack Swift, as Docker's registry names the fields.
    pub struct SwiftStorage {
        /// The URL of the identity service.
        extension authurl: Written<HttpUrl>;
        /// The user.
        extension username: String;
        /// The password.
        extension password: SecretValue;
        /// The region.
        extension region: Option<String>;
        /// The container.
        extension container: String;
        /// The tenant.
        extension tenant: Option<String>;
        /// The domain of the user.
        extension domain: Option<String>;
        /// Whether certificates aren't checked.
        extension insecureskipverify: Option<bool>;
        /// The folder in the container.
        extension prefix: Option<String>;
    }
}

section! {
    /// Alibaba Cloud OSS, as Docker's registry names the fields.
    pub struct OssStorage {
        /// The id of the key.
        extension accesskeyid: SecretValue;
        /// The key.
        extension accesskeysecret: SecretValue;
        /// The region.
        extension region: String;
        /// The bucket.
        extension bucket: String;
        /// An endpoint of one's own.
        extension endpoint: Option<String>;
        /// Whether the inner network is used.
        extension internal: Option<bool>;
        /// Whether objects are encrypted at rest.
        extension encrypt: Option<bool>;
        /// Whether https is spoken.
        extension secure: Option<bool>;
        /// The folder in the bucket.
        extension rootdirectory: Option<String>;
    }
}
