//! Choices of policies, builds and access.

use super::choice;

choice! {
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
