//! Choices of what runs on a cluster.

use super::choice;

choice! {
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
}
