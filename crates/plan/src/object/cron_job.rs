use serde::Serialize;

use super::{Kind, PodTemplate, Stage};

/// Something that runs again and again.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct CronJob {
    /// What it is.
    pub spec: CronJobSpec,
}

/// What a CronJob is.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CronJobSpec {
    /// When: the five fields of cron.
    pub schedule: String,
    /// The time zone of the schedule.
    pub time_zone: Option<String>,
    /// What happens when the last run still goes on.
    pub concurrency_policy: &'static str,
    /// How late a run may start, in seconds.
    pub starting_deadline_seconds: u32,
    /// How many runs that went well are kept.
    pub successful_jobs_history_limit: u32,
    /// How many runs that failed are kept.
    pub failed_jobs_history_limit: u32,
    /// What each run is made from.
    pub job_template: JobTemplate,
}

/// What a run is made from.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct JobTemplate {
    /// What a run is.
    pub spec: JobSpec,
}

/// What a run is.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct JobSpec {
    /// How often it is tried again.
    pub backoff_limit: u32,
    /// Its pod.
    pub template: PodTemplate,
}

impl Kind for CronJob {
    const API_VERSION: &'static str = "batch/v1";
    const KIND: &'static str = "CronJob";
    const STAGE: Stage = Stage::Workload;
}
