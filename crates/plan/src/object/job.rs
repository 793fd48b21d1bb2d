use serde::Serialize;

use super::{JobSpec, Kind, Stage};

/// Something that runs once. It can't be changed: another run is another Job.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Job {
    /// What it is.
    pub spec: JobSpec,
}

impl Kind for Job {
    const API_VERSION: &'static str = "batch/v1";
    const KIND: &'static str = "Job";
    const STAGE: Stage = Stage::Workload;
}
