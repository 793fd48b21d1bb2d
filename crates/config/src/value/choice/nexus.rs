//! Choices of Nexus.

use super::choice;

choice! {
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

    /// The role of a repository in Nexus.
    NexusRepositoryType "a repository type" "DOC-012" {
        /// Holds what is deployed to it.
        Hosted = "hosted",
        /// Caches an upstream.
        Proxy = "proxy",
        /// Several repositories as one.
        Group = "group",
    }
}
