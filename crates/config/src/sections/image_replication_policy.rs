//! ImageReplicationPolicy: which images are copied where.

use crate::section::section;
use crate::value::{CronSchedule, Quantity, ReplicationTrigger, SecretValue, Written};

section! {
    /// A policy on copies in other registries.
    pub struct ImageReplicationPolicy {
        /// The name of the document.
        core name: String = "image-replication";
        /// Where images come from.
        core source: ReplicationSource;
        /// Where they go.
        core destination: ReplicationDestination;
        /// What is done.
        core rules: ReplicationRules;
        /// When it runs.
        core schedule: Written<CronSchedule> = "0 */6 * * *";
        /// Whether it runs at all.
        core enabled: bool = true;
        /// What starts it: manual, scheduled or event_based.
        extension trigger: Option<Written<ReplicationTrigger>>;
        /// The registries of this installation it is for; all without it.
        extension registries: Vec<String>;
        /// The time zone of the schedule.
        extension time_zone as "timeZone": Option<String>;
    }
}

section! {
    /// Where images come from.
    pub struct ReplicationSource {
        /// The registry.
        core registry: String = "docker.io";
        /// What its repositories begin with.
        core namespace: String;
        /// The repository, or a pattern of them.
        core repository: String;
        /// The tags, as patterns; all without it.
        extension tags: Vec<String>;
        /// The user there.
        extension username: Option<String>;
        /// The password there.
        extension password: Option<SecretValue>;
        /// Whether certificates aren't checked.
        extension insecure: bool = false;
        /// What kind of registry it is, as Harbor names it.
        extension kind as "type": Option<String>;
    }
}

section! {
    /// Where images go.
    pub struct ReplicationDestination {
        /// The registry.
        core registry: String = "registry.local";
        /// What its repositories begin with.
        core namespace: String;
        /// The user there.
        extension username: Option<String>;
        /// The password there.
        extension password: Option<SecretValue>;
        /// Whether certificates aren't checked.
        extension insecure: bool = false;
        /// What kind of registry it is, as Harbor names it.
        extension kind as "type": Option<String>;
        /// How many leading parts of the name the namespace replaces; -1 for all.
        extension replace_count as "replaceCount": Option<i64>, range -1 to 3, code "RP-009";
    }
}

section! {
    /// What is done.
    pub struct ReplicationRules {
        /// Whether images are copied.
        core pull_image as "pullImage": bool = true;
        /// Whether what is gone at the source is deleted.
        core delete_image as "deleteImage": bool = false;
        /// Whether tags that differ are replaced.
        extension overwrite as "override": Option<bool>;
        /// The platforms, such as `linux/amd64`; all without it.
        extension platforms: Vec<String>;
        /// Whether signatures and the like are copied too.
        extension referrers: Option<bool>;
        /// The most bytes a second.
        extension bandwidth: Option<Written<Quantity>>;
    }
}
