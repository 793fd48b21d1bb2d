//! Choices of Harbor.

use super::choice;

choice! {
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
}
