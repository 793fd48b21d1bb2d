use berth_config::value::Written;

use super::images::registry_of;
use super::security;
use super::settled::Settled;
use super::values::Values;
use crate::object::{
    CronJob, CronJobSpec, Job, JobSpec, JobTemplate, NetworkPolicy, NetworkPolicySpec, Object, PodTemplate,
};
use crate::render::Rendering;
use crate::render::workload::{self, Destination};

/// How often a build is tried again.
const RETRIES: u32 = 2;
/// How late a scheduled build may start, in seconds.
const LATEST_SECONDS: u32 = 3600;
/// How long a name of a Job may be: that of its pods is longer.
const LONGEST: usize = 52;
/// How many digits of the digest its name holds.
const DIGITS: usize = 8;

/// The Job, or the CronJob.
pub(super) fn render(
    settled: &Settled<'_>,
    template: PodTemplate,
    values: &Values,
    rendering: &mut Rendering<'_>,
) {
    let mut metadata = settled.metadata("").annotated(security::annotations(settled));
    let spec = JobSpec {
        backoff_limit: RETRIES,
        template,
    };
    let schedule = settled.spec.schedule.as_ref().and_then(Written::value);
    let object = if let Some(schedule) = schedule {
        let job = CronJob {
            spec: CronJobSpec {
                schedule: schedule.as_str().to_owned(),
                time_zone: settled.spec.time_zone.clone(),
                concurrency_policy: "Forbid",
                starting_deadline_seconds: LATEST_SECONDS,
                successful_jobs_history_limit: 1,
                failed_jobs_history_limit: 3,
                job_template: JobTemplate { spec },
            },
        };
        Object::new(metadata, &job)
    } else {
        let drawn = serde_json::to_string(&spec).unwrap_or_default();
        let digest = workload::of_text(&format!(
            "{drawn}{}",
            values.digest.as_deref().unwrap_or_default()
        ));
        let digest = digest.get(..DIGITS).unwrap_or_default();
        let base = metadata
            .name
            .get(..LONGEST - DIGITS - 1)
            .unwrap_or(&metadata.name);
        metadata.name = format!("{}-{digest}", base.trim_end_matches(['-', '.']));
        Object::new(metadata, &Job { spec })
    };
    rendering.add(settled.document, object);
}

/// Whom a build talks to: nobody comes in, and base images may come from anywhere.
pub(super) fn network(settled: &Settled<'_>, rendering: &mut Rendering<'_>) {
    let names = settled.images.iter();
    let cache = match &settled.cache {
        super::cache::Cache::Registry(image) => Some(image),
        _ => None,
    };
    let mut destinations: Vec<Destination> = names
        .chain(cache)
        .filter_map(|image| registry_of(image))
        .map(|registry| Destination::of_endpoint(&registry, HTTPS))
        .collect();
    destinations.extend(settled.source.destination());
    let policy = NetworkPolicy {
        spec: NetworkPolicySpec {
            pod_selector: settled.selector().into(),
            policy_types: vec!["Ingress", "Egress"],
            ingress: Vec::new(),
            egress: workload::egress(&destinations, &[HTTP, HTTPS]),
        },
    };
    rendering.add(settled.document, Object::new(settled.metadata(""), &policy));
}

/// What commands of a Dockerfile fetch their packages by.
const HTTP: u16 = 80;
const HTTPS: u16 = 443;
