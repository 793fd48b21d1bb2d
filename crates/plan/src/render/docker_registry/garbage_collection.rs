//! Garbage collection as a recipe that loses nothing: no image is pushed while the collector runs.
//!
//! The collector of Docker's registry marks, then sweeps; what is pushed in between is swept. So where the volume goes
//! to one pod at a time, the registry's next pod collects before it serves, and elsewhere all its pods refuse writes
//! meanwhile. The steps are those of [`crate::collection`], taken by Berth's own program; the collector is the registry's
//! own. A pod that is lost is started again from the first step.

mod access;
mod steps;

use berth_config::sections::DockerGarbageCollection;
use berth_config::value::StorageDriver;

use super::deployment::{rights, volumes};
use super::network;
use super::settled::Settled;
use crate::object::{
    CronJob, CronJobSpec, JobSpec, JobTemplate, Labels, Object, PodTemplate, ProjectedSource, Volume,
};
use crate::render::registry::Component;
use crate::render::secret_parts::SecretParts;
use crate::render::workload::{self, Destination, Flows};
use crate::render::{Rendering, codes};

/// When it runs where the document doesn't say: in the night to Sunday.
const SCHEDULE: &str = "0 3 * * 0";
/// How late a run may start, in seconds.
const LATEST_SECONDS: u32 = 3600;
/// How often a run is tried again.
const RETRIES: u32 = 2;

/// How pushes are kept away from the collector.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Recipe {
    /// The registry's next pod collects before it serves.
    InPlace,
    /// All pods refuse writes for the run.
    ReadOnly,
    /// Pushes aren't kept away, as was asked for; the registry is restarted afterwards, or not.
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

    /// Whether the run's own pod reads the images.
    const fn reads(self) -> bool {
        !matches!(self, Self::InPlace)
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
    tell(settled, given, rendering);
    let component = Component::named(registry.registry, "garbage-collector");
    if recipe.operates() {
        access::render(&component, registry, rendering);
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
    let mut destinations = if recipe.reads() {
        network::store(settled)
    } else {
        Vec::new()
    };
    destinations.extend(recipe.operates().then_some(Destination::ClusterApi));
    let flows = Flows {
        destinations,
        ..Flows::default()
    };
    workload::flows(&component, &flows, rendering);
}

/// What is left out because images would be lost by it.
fn tell(settled: &Settled<'_>, given: &DockerGarbageCollection, rendering: &mut Rendering<'_>) {
    if settled.forgets_cache() {
        let message = "descriptors are not kept in Redis: there they outlive the blobs that are collected, and images \
                       would be taken without their layers";
        rendering
            .tell(
                settled.document,
                "storage.cache.blobdescriptor",
                codes::RN_006,
                message,
            )
            .help("write inmemory, which goes with the pods");
    }
    if given.delete_untagged {
        let message = "untagged images stay: version 2.8 takes the parts of an image for several platforms for such, and \
                       would delete them";
        rendering
            .tell(
                settled.document,
                "garbageCollection.deleteUntagged",
                codes::RN_006,
                message,
            )
            .help("leave it out, or say engine: berth, which knows what belongs together");
    }
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
        Recipe::InPlace
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
        image: given.image.as_ref().filter(|image| image.value().is_some()),
    };
    let mut all_volumes = if recipe.reads() {
        volumes(registry, settled, parts)
    } else {
        Vec::new()
    };
    if recipe.operates() {
        all_volumes.push(Volume::projected(steps::ACCOUNT, ProjectedSource::of_account()));
    }
    let (before, beside) = steps.of(recipe);
    let mut template = workload::pod_template(component, rights(settled), beside, all_volumes, Labels::new());
    template.spec.init_containers = before;
    // One that fails is undone and tried anew as a whole.
    template.spec.restart_policy = Some("Never");
    template.spec.affinity = None;
    if recipe.operates() {
        template.spec.service_account_name = Some(component.object_name());
    }
    template
}
