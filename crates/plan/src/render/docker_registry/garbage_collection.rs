//! Garbage collection as a recipe that loses nothing: no image is pushed while the collector runs.
//!
//! The collector of Docker's registry marks, then sweeps; what is pushed in between is swept. So the registry is
//! stopped for the run where its volume goes to one pod at a time, and reads alone elsewhere. Each step is a
//! container of one pod, in order: whatever happens to the collector, the step that undoes comes after it, and a
//! pod that is lost is started again from the first step.

mod access;
mod steps;

use berth_config::sections::DockerGarbageCollection;
use berth_config::value::StorageDriver;

use super::deployment::{rights, volumes};
use super::network;
use super::settled::Settled;
use crate::object::{CronJob, CronJobSpec, JobSpec, JobTemplate, Labels, Object, PodTemplate, Volume};
use crate::render::registry::Component;
use crate::render::secret_parts::SecretParts;
use crate::render::workload::{self, Destination, Flows};
use crate::render::{Rendering, codes};

/// When it runs where the document doesn't say: in the night to Sunday.
const SCHEDULE: &str = "0 3 * * 0";
/// How late a run may start, in seconds.
const LATEST_SECONDS: u32 = 3600;
/// How often a run is tried again.
const RETRIES: u32 = 6;

/// How pushes are kept away from the collector.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Recipe {
    /// The registry is stopped for the run.
    Stop,
    /// It refuses writes for the run.
    ReadOnly,
    /// It isn't kept from them, as was asked for; it is restarted afterwards, or not.
    Open {
        /// Whether it is restarted.
        restart: bool,
    },
}

impl Recipe {
    /// Whether the run does anything to the registry's Deployment.
    const fn operates(self) -> bool {
        !matches!(self, Self::Open { restart: false })
    }
}

/// The CronJob and what it may do, where collection is declared.
pub(super) fn render(
    registry: &Component<'_>,
    settled: &Settled<'_>,
    parts: &SecretParts<'_>,
    rendering: &mut Rendering<'_>,
) {
    let Some(given) = settled
        .spec
        .garbage_collection
        .as_ref()
        .filter(|given| given.enabled)
    else {
        return;
    };
    if !is_possible(settled, rendering) {
        return;
    }
    let recipe = recipe(settled, given, rendering);
    let component = Component::named(registry.registry, "garbage-collector");
    if recipe.operates() {
        access::render(&component, registry, recipe, rendering);
    }
    let job = CronJob {
        spec: CronJobSpec {
            schedule: given
                .schedule
                .as_ref()
                .and_then(|schedule| schedule.value())
                .map_or(SCHEDULE, |schedule| schedule.as_str())
                .to_owned(),
            time_zone: registry.registry.workload.time_zone.map(str::to_owned),
            concurrency_policy: "Forbid",
            starting_deadline_seconds: LATEST_SECONDS,
            successful_jobs_history_limit: 1,
            failed_jobs_history_limit: 3,
            job_template: JobTemplate {
                spec: JobSpec {
                    backoff_limit: RETRIES,
                    template: pod(&component, registry, (settled, given, recipe), parts),
                },
            },
        },
    };
    rendering.add(settled.document, Object::new(component.metadata(), &job));
    let mut destinations = network::store(settled);
    destinations.extend(recipe.operates().then_some(Destination::ClusterApi));
    let flows = Flows {
        destinations,
        ..Flows::default()
    };
    workload::flows(&component, &flows, rendering);
}

/// Whether another pod can see the images at all.
fn is_possible(settled: &Settled<'_>, rendering: &mut Rendering<'_>) -> bool {
    let why = match settled.driver {
        StorageDriver::Inmemory => "nothing is collected from memory",
        StorageDriver::Filesystem if settled.data.access_mode().is_none() => {
            "without a volume no other pod sees the images"
        }
        _ => return true,
    };
    rendering
        .tell(settled.document, "garbageCollection", codes::RN_005, why)
        .help("ask for a volume or an object store, or take garbageCollection out");
    false
}

fn recipe(settled: &Settled<'_>, given: &DockerGarbageCollection, rendering: &mut Rendering<'_>) -> Recipe {
    let recipe = if settled.is_alone() {
        Recipe::Stop
    } else if given.read_only == Some(false) {
        let caches = settled.spec.storage.cache.is_some();
        return Recipe::Open {
            restart: given.restart.unwrap_or(caches),
        };
    } else {
        Recipe::ReadOnly
    };
    if given.restart == Some(false) {
        rendering
            .tell(
                settled.document,
                "garbageCollection.restart",
                codes::RN_005,
                "the registry is restarted after the run, or it would go on to refuse writes",
            )
            .help("take restart out");
    }
    recipe
}

fn pod(
    component: &Component<'_>,
    registry: &Component<'_>,
    (settled, given, recipe): (&Settled<'_>, &DockerGarbageCollection, Recipe),
    parts: &SecretParts<'_>,
) -> PodTemplate {
    let steps = steps::Steps {
        component,
        registry,
        settled,
        parts,
    };
    let mut all_volumes = volumes(registry, settled, parts);
    all_volumes.push(Volume::empty(steps::SCRATCH, Some("16Mi")));
    let containers = vec![steps.report()];
    let mut template =
        workload::pod_template(component, rights(settled), containers, all_volumes, Labels::new());
    template.spec.init_containers = steps.before_the_report(recipe, given.delete_untagged);
    template.spec.restart_policy = Some("OnFailure");
    template.spec.affinity = None;
    if recipe.operates() {
        template.spec.service_account_name = Some(component.object_name());
        template.spec.automount_service_account_token = Some(true);
    }
    template
}
