//! Values out of a short list. A product's other spelling of a value gets a hint.

#![expect(
    clippy::doc_markdown,
    reason = "products' names stand bare, as in the sections"
)]

use crate::value::{Parse, Refused};

/// Declares values out of a list: each variant with its spellings, the first of them Berth's own,
/// and hints for what users write in their place.
macro_rules! choice {
    ($(
        $(#[doc = $doc:literal])*
        $name:ident $what:literal $code:literal {
            $( $(#[doc = $variant_doc:literal])* $variant:ident = $text:literal $(| $alias:literal)* ),+ $(,)?
        }
        $(=> hints { $($wrong:literal => $right:literal),+ $(,)? })?
    )+) => {$(
        $(#[doc = $doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum $name {
            $( $(#[doc = $variant_doc])* $variant, )+
        }

        impl $name {
            /// The spelling that Berth uses.
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$variant => $text, )+ }
            }
        }

        impl Parse for $name {
            const WHAT: &'static str = $what;
            const CODE: &'static str = $code;
            const CHOICES: &'static [&'static str] = &[$($text),+];
            const EXAMPLES: &'static [&'static str] = Self::CHOICES;
            const EMPTY: bool = false;

            fn parse(text: &str) -> Result<Self, Refused> {
                match text {
                    $( $text $(| $alias)* => Ok(Self::$variant), )+
                    _ => Err(refused(text, $what, Self::CHOICES, &[$($(($wrong, $right)),+)?])),
                }
            }
        }
    )+};
}

fn refused(text: &str, what: &str, choices: &[&str], hints: &[(&str, &str)]) -> Refused {
    let lower = text.to_ascii_lowercase();
    let hint = hints
        .iter()
        .find(|(wrong, _)| *wrong == lower)
        .map(|(_, right)| *right);
    let near = hint.or_else(|| crate::document::nearest(&lower, choices.iter().copied()));
    let all = choices.join(", ");
    Refused::new(format!("`{text}` is not {what}")).help(match near {
        Some(near) => format!("did you mean `{near}`? It is one of {all}"),
        None => format!("it is one of {all}"),
    })
}

choice! {
    /// Where Docker's registry keeps its data.
    StorageDriver "a storage driver" "DR-001" {
        /// A folder.
        Filesystem = "filesystem",
        /// Amazon S3 and what speaks like it.
        S3 = "s3" | "s3aws",
        /// Azure Blob Storage.
        Azure = "azure",
        /// Google Cloud Storage.
        Gcs = "gcs",
        /// OpenStack Swift.
        Swift = "swift",
        /// Alibaba Cloud OSS.
        Oss = "oss",
        /// Memory; gone when it stops.
        Inmemory = "inmemory",
    } => hints { "minio" => "s3", "local" => "filesystem", "file" => "filesystem", "memory" => "inmemory", "google" => "gcs", "azureblob" => "azure" }

    /// Where Harbor keeps its images.
    HarborStorageType "a storage type" "HB-023" {
        /// A volume.
        Filesystem = "filesystem",
        /// Amazon S3 and what speaks like it.
        S3 = "s3",
        /// Azure Blob Storage.
        Azure = "azure",
        /// Google Cloud Storage.
        Gcs = "gcs",
        /// OpenStack Swift.
        Swift = "swift",
        /// Alibaba Cloud OSS.
        Oss = "oss",
    } => hints { "minio" => "s3", "local" => "filesystem", "pvc" => "filesystem" }

    /// The network of the listening socket.
    ListenNetwork "a network to listen on" "DR-025" {
        /// TCP.
        Tcp = "tcp",
    } => hints { "tcp4" => "tcp", "tcp6" => "tcp" }

    /// The oldest version of TLS that is spoken.
    TlsVersion "a TLS version" "DR-031" {
        /// TLS 1.0.
        Tls10 = "tls1.0",
        /// TLS 1.1.
        Tls11 = "tls1.1",
        /// TLS 1.2.
        Tls12 = "tls1.2",
        /// TLS 1.3.
        Tls13 = "tls1.3",
    } => hints { "1.2" => "tls1.2", "1.3" => "tls1.3", "tlsv1.2" => "tls1.2", "tlsv1.3" => "tls1.3" }

    /// How clients show who they are.
    AuthScheme "an authentication scheme" "DR-033" {
        /// Tokens of a token service.
        Bearer = "bearer",
        /// User name and password on each request.
        Basic = "basic",
        /// No check.
        None = "none",
        /// Accepts anything; for tests alone.
        Silly = "silly",
    } => hints { "token" => "bearer", "htpasswd" => "basic" }

    /// How much is logged.
    LogLevel "a log level" "DR-044" {
        /// Errors alone.
        Error = "error",
        /// Warnings too.
        Warn = "warn",
        /// What happens.
        Info = "info",
        /// All of it.
        Debug = "debug",
    } => hints { "warning" => "warn", "trace" => "debug", "fatal" => "error" }

    /// The form of log lines.
    LogFormat "a log format" "DR-045" {
        /// Lines for people.
        Text = "text",
        /// A JSON object a line.
        Json = "json",
        /// A JSON object a line, as Logstash names the fields.
        Logstash = "logstash",
    } => hints { "plain" => "text", "console" => "text", "logfmt" => "text" }

    /// Middleware of Docker's registry over its storage.
    StorageMiddleware "a storage middleware" "DR-042" {
        /// Redirects to Amazon CloudFront.
        Cloudfront = "cloudfront",
        /// Redirects to another address.
        Redirect = "redirect",
    }

    /// The storage class of objects in S3.
    S3StorageClass "a storage class" "DR-013" {
        /// The usual one.
        Standard = "STANDARD",
        /// Fewer copies.
        ReducedRedundancy = "REDUCED_REDUNDANCY",
        /// Sends none.
        None = "NONE",
    }

    /// Where Docker's registry remembers descriptors.
    BlobDescriptorCache "a descriptor cache" "DR-023" {
        /// In the memory of each replica.
        Inmemory = "inmemory",
        /// In Redis.
        Redis = "redis",
    }

    /// The program that a cluster runs for a DockerRegistry.
    Engine "an engine" "DOC-012" {
        /// Docker's own registry.
        Distribution = "distribution",
        /// Berth itself.
        Berth = "berth",
    } => hints { "docker" => "distribution", "registry" => "distribution" }

    /// The kind of database under Harbor.
    HarborDatabaseType "a database that Harbor runs on" "HB-008" {
        /// PostgreSQL.
        Postgresql = "postgresql",
    } => hints { "postgres" => "postgresql", "pgsql" => "postgresql" }

    /// How a PostgreSQL connection is protected.
    SslMode "an sslmode" "HB-013" {
        /// Not at all.
        Disable = "disable",
        /// Encrypted.
        Require = "require",
        /// Encrypted, and the certificate checked.
        VerifyCa = "verify-ca",
        /// Encrypted, and certificate and name checked.
        VerifyFull = "verify-full",
    } => hints { "prefer" => "require", "allow" => "disable", "true" => "require", "false" => "disable" }

    /// How Harbor's users sign in.
    HarborAuthMode "an authentication mode" "HB-031" {
        /// Harbor's own database.
        DbAuth = "db_auth",
        /// LDAP.
        LdapAuth = "ldap_auth",
        /// OpenID Connect.
        OidcAuth = "oidc_auth",
        /// A proxy in front.
        HttpAuth = "http_auth",
        /// Cloud Foundry's UAA.
        UaaAuth = "uaa_auth",
    } => hints { "ldap" => "ldap_auth", "oidc" => "oidc_auth", "database" => "db_auth", "db" => "db_auth" }

    /// The kind of database under Artifactory.
    ArtifactoryDatabaseType "a database type" "AF-007" {
        /// PostgreSQL.
        Postgresql = "postgresql",
        /// MySQL.
        Mysql = "mysql",
        /// MariaDB.
        Mariadb = "mariadb",
        /// Microsoft SQL Server.
        Mssql = "mssql",
        /// Oracle.
        Oracle = "oracle",
        /// The built-in one.
        Derby = "derby",
    } => hints { "postgres" => "postgresql", "sqlserver" => "mssql" }

    /// An edition of Nexus.
    NexusEdition "an edition of Nexus" "DOC-012" {
        /// The free one.
        Oss = "oss",
        /// The licensed one.
        Pro = "pro",
    }

    /// The database under Nexus.
    NexusDatabaseType "a database that Nexus runs on" "DOC-012" {
        /// The old built-in one, the default of 3.68.
        Orientdb = "orientdb",
        /// The new built-in one.
        H2 = "h2",
        /// An outside PostgreSQL; needs a licence.
        Postgresql = "postgresql",
    } => hints { "postgres" => "postgresql", "orient" => "orientdb" }

    /// A type of Nexus blob store.
    BlobstoreType "a blob store type" "NX-017" {
        /// A folder.
        File = "file",
        /// Amazon S3 and what speaks like it.
        S3 = "s3",
        /// Azure; needs a licence.
        Azure = "azure",
        /// Several stores as one; needs a licence.
        Group = "group",
    }

    /// What a Nexus soft quota measures.
    SoftQuotaType "a soft quota type" "NX-020" {
        /// Warns when less than the limit is left.
        SpaceRemaining = "spaceRemainingQuota",
        /// Warns when more than the limit is used.
        SpaceUsed = "spaceUsedQuota",
    }

    /// How Nexus shows who it is to an LDAP server.
    LdapAuthScheme "an LDAP authentication scheme" "NX-028" {
        /// Not at all.
        None = "NONE",
        /// Name and password.
        Simple = "SIMPLE",
        /// DIGEST-MD5.
        DigestMd5 = "DIGEST_MD5",
        /// CRAM-MD5.
        CramMd5 = "CRAM_MD5",
    }

    /// Whether deployed artifacts may be replaced.
    WritePolicy "a write policy" "NX-035" {
        /// Yes.
        Allow = "allow" | "ALLOW",
        /// No.
        AllowOnce = "allow_once" | "ALLOW_ONCE",
        /// Nothing may be deployed.
        Deny = "deny" | "DENY",
    }

    /// The edition of Artifactory.
    ArtifactoryEdition "an edition of Artifactory" "DOC-012" {
        /// Open source: Maven, Gradle, Ivy, SBT and generic.
        Oss = "oss",
        /// The container registry: Docker, Helm and generic.
        Jcr = "jcr",
        /// Licensed, one node.
        Pro = "pro",
        /// Licensed, several nodes.
        Enterprise = "enterprise",
    }

    /// How Docker clients reach a repository of Artifactory.
    DockerAccessMethod "a Docker access method" "DOC-012" {
        /// By path: `host/repository/image`.
        RepositoryPath = "repositoryPath",
        /// By name: `repository.host/image`.
        SubDomain = "subDomain",
        /// By port.
        Port = "port",
    }

    /// The role of a repository in Artifactory.
    RepositoryClass "a repository class" "AF-015" {
        /// Holds what is deployed to it.
        Local = "local",
        /// Caches an upstream.
        Remote = "remote",
        /// Several repositories as one.
        Virtual = "virtual",
    }

    /// The role of a repository in Nexus.
    NexusRepositoryType "a repository type" "DOC-012" {
        /// Holds what is deployed to it.
        Hosted = "hosted",
        /// Caches an upstream.
        Proxy = "proxy",
        /// Several repositories as one.
        Group = "group",
    }

    /// A provider of sign-in for Artifactory.
    OauthType "an OAuth provider type" "AF-024" {
        /// GitHub.
        Github = "github",
        /// Google.
        Google = "google",
        /// OpenID Connect.
        Openid = "openid",
        /// Cloud Foundry.
        Cloudfoundry = "cloudfoundry",
        /// The protocol of all of them, and no type of provider; a rule says so where it is used.
        Oauth2 = "oauth2",
    } => hints { "oidc" => "openid" }

    /// How a volume may be mounted.
    AccessMode "an access mode" "K-021" {
        /// By one node.
        ReadWriteOnce = "ReadWriteOnce" | "RWO",
        /// By one pod.
        ReadWriteOncePod = "ReadWriteOncePod" | "RWOP",
        /// By many nodes.
        ReadWriteMany = "ReadWriteMany" | "RWX",
        /// By many nodes, for reading.
        ReadOnlyMany = "ReadOnlyMany" | "ROX",
    } => hints { "rwo" => "ReadWriteOnce", "rwx" => "ReadWriteMany" }

    /// How strictly replicas are kept apart.
    AntiAffinity "an anti-affinity" "DOC-012" {
        /// Where it can be done.
        Soft = "soft",
        /// Always.
        Hard = "hard",
    } => hints { "preferred" => "soft", "required" => "hard" }

    /// The program that looks for vulnerabilities.
    Scanner "a scanner that Berth knows" "SP-001" {
        /// Trivy.
        Trivy = "trivy",
    }

    /// What becomes of an image with a vulnerability of this severity.
    ScanAction "an action" "SP-006" {
        /// It can't be pulled.
        Block = "block",
        /// It can be pulled, and it is said.
        Warn = "warn",
        /// It can be pulled.
        Allow = "allow",
    } => hints { "deny" => "block", "fail" => "block", "ignore" => "allow", "warning" => "warn" }

    /// What starts a replication.
    ReplicationTrigger "a replication trigger" "DOC-012" {
        /// A person.
        Manual = "manual",
        /// The schedule.
        Scheduled = "scheduled",
        /// Each push and delete.
        EventBased = "event_based",
    } => hints { "event" => "event_based", "cron" => "scheduled" }

    /// The program that builds images.
    BuildSystem "a build system" "DOC-012" {
        /// Docker's; on a cluster that is `BuildKit`.
        Docker = "docker",
        /// `BuildKit`.
        Buildkit = "buildkit",
        /// Kaniko.
        Kaniko = "kaniko",
        /// Buildah.
        Buildah = "buildah",
    }

    /// Where a build keeps its cache.
    CacheType "a cache type" "DOC-012" {
        /// In a registry.
        Registry = "registry",
        /// On a volume.
        Local = "local",
        /// Within the image.
        Inline = "inline",
    }

    /// Where the files of a build come from.
    ContextSource "a source" "DOC-012" {
        /// A git repository.
        Git = "git",
        /// A folder.
        Local = "local",
        /// An archive at a URL.
        Http = "http",
    }

    /// Who is meant.
    AccessKind "a kind of subject" "DOC-012" {
        /// A user.
        User = "User",
        /// A group of users.
        Group = "Group",
        /// A service account of Kubernetes.
        ServiceAccount = "ServiceAccount",
        /// Whoever doesn't say who they are.
        Anonymous = "Anonymous",
    }

    /// What may be done in a repository.
    AccessAction "an action" "DOC-012" {
        /// Reading.
        Pull = "pull",
        /// Writing.
        Push = "push",
        /// Deleting.
        Delete = "delete",
        /// All of it, and changing who may do what.
        Admin = "admin",
    } => hints { "read" => "pull", "write" => "push" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_products_word_gets_the_right_one() {
        let refused = LogLevel::parse("warning").unwrap_err();
        assert_eq!(
            refused.help.unwrap(),
            "did you mean `warn`? It is one of error, warn, info, debug"
        );
        let refused = StorageDriver::parse("filesytem").unwrap_err();
        assert!(refused.help.unwrap().starts_with("did you mean `filesystem`?"));
    }

    #[test]
    fn an_alias_is_the_same_value() {
        assert_eq!(StorageDriver::parse("s3aws"), Ok(StorageDriver::S3));
        assert_eq!(StorageDriver::S3.as_str(), "s3");
    }
}
