//! What is done again and again, and when.

use crate::Spec;
use crate::document::Document;
use crate::value::{CronSchedule, Written};

/// What a schedule is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Work {
    /// Gives the space of deleted images back.
    Collection,
    /// Removes images.
    Retention,
    /// Copies images.
    Replication,
    /// Copies data and database.
    Backup,
    /// Builds an image.
    Build,
    /// Something that the product does by itself.
    Task,
}

/// A schedule in a document.
pub(super) struct Planned<'a> {
    pub(super) path: String,
    pub(super) work: Work,
    pub(super) schedule: &'a CronSchedule,
    /// Whether a `CronJob` keeps it, and not the product itself.
    pub(super) by_cron_job: bool,
}

/// The schedules that a document sets and that aren't switched off.
pub(super) fn planned(document: &Document) -> Vec<Planned<'_>> {
    own(document).into_iter().chain(backup(document)).collect()
}

fn own(document: &Document) -> Vec<Planned<'_>> {
    match &document.spec {
        Spec::DockerRegistry(spec) => {
            let collection = spec
                .garbage_collection
                .as_ref()
                .filter(|collection| collection.enabled);
            let schedule = collection.and_then(|collection| collection.schedule.as_ref());
            of("garbageCollection.schedule", Work::Collection, true, schedule)
        }
        Spec::HarborRegistry(spec) => {
            let (collection, replication) = (&spec.garbage_collection, &spec.replication);
            let collection = collection.enabled.then_some(&collection.schedule);
            let replication = replication.enabled.then_some(&replication.schedule);
            let mut all = of("garbageCollection.schedule", Work::Collection, false, collection);
            all.extend(of("replication.schedule", Work::Replication, false, replication));
            all
        }
        Spec::NexusRegistry(spec) => {
            let tasks = spec.tasks.iter().enumerate();
            tasks
                .flat_map(|(index, task)| {
                    of(
                        &format!("tasks[{index}].schedule"),
                        Work::Task,
                        false,
                        Some(&task.schedule),
                    )
                })
                .collect()
        }
        Spec::ArtifactoryRegistry(spec) => {
            let replication = spec
                .replication
                .as_ref()
                .filter(|replication| replication.enabled);
            let schedule = replication.map(|replication| &replication.schedule);
            of("replication.schedule", Work::Replication, false, schedule)
        }
        Spec::ImageRetentionPolicy(spec) => of("schedule", Work::Retention, true, Some(&spec.schedule)),
        Spec::ImageReplicationPolicy(spec) => of(
            "schedule",
            Work::Replication,
            true,
            spec.enabled.then_some(&spec.schedule),
        ),
        Spec::ImageBuildConfig(spec) => of("schedule", Work::Build, true, spec.schedule.as_ref()),
        _ => Vec::new(),
    }
}

fn backup(document: &Document) -> Vec<Planned<'_>> {
    let backup = document.spec.workload().and_then(|workload| workload.backup);
    let schedule = backup
        .filter(|backup| backup.enabled)
        .and_then(|backup| backup.schedule.as_ref());
    of("backup.schedule", Work::Backup, true, schedule)
}

fn of<'a>(
    path: &str,
    work: Work,
    by_cron_job: bool,
    schedule: Option<&'a Written<CronSchedule>>,
) -> Vec<Planned<'a>> {
    let schedule = schedule.and_then(Written::value);
    schedule
        .map(|schedule| Planned {
            path: path.to_owned(),
            work,
            schedule,
            by_cron_job,
        })
        .into_iter()
        .collect()
}

/// The time zone that a document sets for its schedules.
pub(super) fn time_zone(document: &Document) -> Option<&str> {
    match &document.spec {
        Spec::ImageRetentionPolicy(spec) => spec.time_zone.as_deref(),
        Spec::ImageReplicationPolicy(spec) => spec.time_zone.as_deref(),
        Spec::ImageBuildConfig(spec) => spec.time_zone.as_deref(),
        spec => spec.workload().and_then(|workload| workload.time_zone),
    }
}
