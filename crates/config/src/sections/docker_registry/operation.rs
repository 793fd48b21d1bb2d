use indexmap::IndexMap;

use crate::section::section;
use crate::value::{CronSchedule, Duration, HostPort, HttpUrl, ImageReference, SecretValue, Written};

section! {
    /// A cache of another registry.
    pub struct DockerProxy {
        /// The other registry.
        extension remoteurl: Written<HttpUrl>;
        /// The user there.
        extension username: Option<String>;
        /// The password there.
        extension password: Option<SecretValue>;
    }
}

section! {
    /// A Redis for the cache of descriptors.
    pub struct DockerRedis {
        /// Its address.
        extension addr: Written<HostPort>, code "DR-023";
        /// Its password.
        extension password: Option<SecretValue>;
        /// The number of the database.
        extension db: Option<i64>, range 0 to 1024;
        /// How long connecting may take.
        extension dialtimeout: Option<Written<Duration>>;
        /// How long reading may take.
        extension readtimeout: Option<Written<Duration>>;
        /// How long writing may take.
        extension writetimeout: Option<Written<Duration>>;
        /// Connections that are kept.
        extension pool: Option<DockerRedisPool>;
    }
}

section! {
    /// Connections that are kept.
    pub struct DockerRedisPool {
        /// How many idle ones at most.
        extension maxidle: Option<i64>, range 0 to 100_000;
        /// How many at most.
        extension maxactive: Option<i64>, range 0 to 100_000;
        /// How long an idle one is kept.
        extension idletimeout: Option<Written<Duration>>;
    }
}

section! {
    /// What the registry checks of itself.
    pub struct DockerHealth {
        /// Whether the storage answers.
        extension storagedriver: Option<DockerStorageHealth>;
        /// URLs that must answer.
        extension http: Vec<DockerHttpHealth>;
        /// Addresses that must accept connections.
        extension tcp: Vec<DockerTcpHealth>;
        /// Files that must not exist.
        extension file: Vec<DockerFileHealth>;
    }
}

section! {
    /// Whether the storage answers.
    pub struct DockerStorageHealth {
        /// Whether it is asked.
        extension enabled: bool = true;
        /// How often.
        extension interval: Option<Written<Duration>>;
        /// How many failures in a row count.
        extension threshold: Option<i64>, range 1 to 1000;
    }
}

section! {
    /// A URL that must answer.
    pub struct DockerHttpHealth {
        /// The URL.
        extension uri: Written<HttpUrl>;
        /// The status it must answer with; 200 without it.
        extension statuscode: Option<i64>, range 100 to 599;
        /// Headers of the request.
        extension headers: IndexMap<String, Vec<SecretValue>>;
        /// How long an answer may take.
        extension timeout: Option<Written<Duration>>;
        /// How often it is asked.
        extension interval: Option<Written<Duration>>;
        /// How many failures in a row count.
        extension threshold: Option<i64>, range 1 to 1000;
    }
}

section! {
    /// An address that must accept connections.
    pub struct DockerTcpHealth {
        /// The address.
        extension addr: Written<HostPort>;
        /// How long connecting may take.
        extension timeout: Option<Written<Duration>>;
        /// How often it is tried.
        extension interval: Option<Written<Duration>>;
        /// How many failures in a row count.
        extension threshold: Option<i64>, range 1 to 1000;
    }
}

section! {
    /// A file that must not exist.
    pub struct DockerFileHealth {
        /// The file.
        extension file: String;
        /// How often it is looked for.
        extension interval: Option<Written<Duration>>;
    }
}

section! {
    /// What manifests may refer to.
    pub struct DockerValidation {
        /// Whether anything goes: with Berth, manifests may also name content that is not there.
        extension disabled: bool = false;
        /// The rules for manifests.
        extension manifests: Option<DockerManifestValidation>;
    }
}

section! {
    /// The rules for manifests.
    pub struct DockerManifestValidation {
        /// URLs of layers that lie elsewhere.
        extension urls: Option<DockerUrlValidation>;
    }
}

section! {
    /// URLs of layers that lie elsewhere.
    pub struct DockerUrlValidation {
        /// Regular expressions of those that are allowed.
        extension allow: Vec<String>;
        /// Regular expressions of those that are not.
        extension deny: Vec<String>;
    }
}

section! {
    /// Frees the space of what no tag needs.
    pub struct DockerGarbageCollection {
        /// Whether it does.
        extension enabled: bool = true;
        /// When.
        extension schedule: Option<Written<CronSchedule>>;
        /// Whether untagged images go too.
        extension delete_untagged as "deleteUntagged": bool = false;
        /// Whether writes are refused meanwhile.
        extension read_only as "readOnly": Option<bool>;
        /// Whether the registry is restarted afterwards.
        extension restart: Option<bool>;
        /// Berth's own image, which keeps pushes away meanwhile.
        extension image: Option<Written<ImageReference>>;
    }
}
