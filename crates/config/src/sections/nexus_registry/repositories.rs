use crate::section::section;
use crate::value::{HttpUrl, NexusRepositoryType, SecretValue, WritePolicy, Written};

section! {
    /// The repositories, by format.
    pub struct NexusRepositories {
        /// Images.
        core docker: NexusDockerRepositories;
        /// Maven.
        core maven: NexusFormatRepositories;
        /// npm.
        core npm: NexusFormatRepositories;
        /// Charts of Helm.
        core helm: NexusFormatRepositories;
        /// More repositories, one by one.
        extension custom: Vec<NexusRepository>;
    }
}

section! {
    /// Repositories of images.
    pub struct NexusDockerRepositories {
        /// Whether there is one that is deployed to.
        core hosted: bool = true;
        /// Whether there is one that caches an upstream.
        core proxy: bool = true;
        /// Whether there is one that joins the others.
        core group: bool = true;
        /// The ports of each: Docker clients reach a repository of Nexus by its port.
        extension connectors: Option<NexusConnectors>;
        /// The upstream of the proxy.
        extension remote_url as "remoteUrl": Option<Written<HttpUrl>>, code "NX-033";
        /// What the upstream is: HUB, REGISTRY or CUSTOM.
        extension index_type as "indexType": Option<String>;
        /// The user at the upstream.
        extension remote_username as "remoteUsername": Option<String>;
        /// The password at the upstream.
        extension remote_password as "remotePassword": Option<SecretValue>;
        /// The blob store.
        extension blob_store as "blobStore": Option<String>;
        /// Whether deployed images may be replaced.
        extension write_policy as "writePolicy": Option<Written<WritePolicy>>;
        /// Whether `latest` may be replaced all the same.
        extension latest_policy as "latestPolicy": Option<bool>;
        /// Whether clients must sign in even to read.
        extension force_basic_auth as "forceBasicAuth": Option<bool>;
        /// Whether the old version of the protocol is spoken.
        extension v1_enabled as "v1Enabled": Option<bool>;
        /// The member of the group that pushes go to; needs a licence.
        extension writable_member as "writableMember": Option<String>;
    }
}

section! {
    /// Ports of repositories.
    pub struct NexusConnectors {
        /// Of the one that is deployed to.
        extension hosted: Option<NexusConnector>;
        /// Of the one that caches an upstream.
        extension proxy: Option<NexusConnector>;
        /// Of the one that joins the others.
        extension group: Option<NexusConnector>;
    }
}

section! {
    /// The ports of one repository.
    pub struct NexusConnector {
        /// For http.
        extension http_port as "httpPort": Option<i64>, range 1024 to 65535, code "NX-023";
        /// For https.
        extension https_port as "httpsPort": Option<i64>, range 1024 to 65535, code "NX-023";
        /// The name in front of the host; needs a licence.
        extension subdomain: Option<String>;
    }
}

section! {
    /// Repositories of one format.
    pub struct NexusFormatRepositories {
        /// Whether there is one that is deployed to.
        core hosted: bool = true;
        /// Whether there is one that caches an upstream.
        core proxy: bool = true;
        /// Whether there is one that joins the others.
        core group: bool = true;
        /// The upstream of the proxy.
        extension remote_url as "remoteUrl": Option<Written<HttpUrl>>, code "NX-033";
        /// The user at the upstream.
        extension remote_username as "remoteUsername": Option<String>;
        /// The password at the upstream.
        extension remote_password as "remotePassword": Option<SecretValue>;
        /// The blob store.
        extension blob_store as "blobStore": Option<String>;
        /// Whether deployed artifacts may be replaced.
        extension write_policy as "writePolicy": Option<Written<WritePolicy>>;
        /// Of Maven: RELEASE, SNAPSHOT or MIXED.
        extension version_policy as "versionPolicy": Option<String>;
        /// Of Maven: STRICT or PERMISSIVE.
        extension layout_policy as "layoutPolicy": Option<String>;
        /// The member of the group that is deployed to; needs a licence.
        extension writable_member as "writableMember": Option<String>;
    }
}

section! {
    /// One repository.
    pub struct NexusRepository {
        /// Its name.
        extension name: String;
        /// Its format, such as docker or pypi.
        extension format: String;
        /// Its role: hosted, proxy or group.
        extension kind as "type": Written<NexusRepositoryType>;
        /// The upstream of a proxy.
        extension remote_url as "remoteUrl": Option<Written<HttpUrl>>, code "NX-033";
        /// The members of a group.
        extension members: Vec<String>;
        /// The blob store.
        extension blob_store as "blobStore": Option<String>;
        /// Whether deployed artifacts may be replaced.
        extension write_policy as "writePolicy": Option<Written<WritePolicy>>;
        /// Its ports, when it is for images.
        extension connector: Option<NexusConnector>;
        /// The names of its cleanup policies.
        extension cleanup_policies as "cleanupPolicies": Vec<String>;
    }
}
