//! ImageRetentionPolicy: which images are removed when.

use crate::section::section;
use crate::value::{CronSchedule, Duration, Written};

section! {
    /// A policy on what is kept.
    pub struct ImageRetentionPolicy {
        /// The name of the document.
        core name: String = "image-retention";
        /// How many days images are kept.
        core retention_days as "retentionDays": i64 = 30, range 1 to 36500, code "RT-001";
        /// Whether tagged images are kept whatever their age.
        core keep_tagged as "keepTagged": bool = true;
        /// Whether the tag `latest` and the newest push are kept.
        core keep_latest as "keepLatest": bool = true;
        /// The repositories it is for, as patterns; all without any.
        core repositories: Vec<String>;
        /// The images it is for, as patterns of `repository:tag`; all without any.
        core images: Vec<String>;
        /// When it runs.
        core schedule: Written<CronSchedule> = "0 2 * * *";
        /// The registries it is for; all of this installation without it.
        extension registries: Vec<String>;
        /// The projects of Harbor it is for.
        extension projects: Vec<String>;
        /// Repositories it is not for, as patterns.
        extension exclude: Vec<String>;
        /// How many of the newest tags of a repository are kept whatever their age.
        extension keep_last as "keepLast": Option<i64>, range 0 to 1_000_000;
        /// How long what is removed can be brought back.
        extension grace: Option<Written<Duration>>;
        /// The time zone of the schedule.
        extension time_zone as "timeZone": Option<String>;
    }
}
