//! Choices of Artifactory.

use super::choice;

choice! {
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
}
