//! Where its data lies, and where the copies of it are.

use berth_config::Spec;
use berth_config::value::StorageDriver;
use serde_json::Value as Json;

use super::{Question, Reply};
use crate::readiness::Readiness;

pub(super) fn storage(question: &Question<'_>) -> Reply {
    let mut claims = 0;
    for (name, spec) in claims_of(question) {
        claims += 1;
        let class = spec.get("storageClassName").and_then(Json::as_str);
        let classes = &question.seen.storage_classes;
        let found = match class {
            // An empty name means a volume that somebody made by hand.
            Some("") => true,
            Some(class) => classes.iter().any(|known| known.name == class),
            None => classes.iter().any(|known| known.is_default),
        };
        if !found {
            let because = match class {
                Some(class) => format!("claim {name} wants the storage class `{class}`, which isn't there"),
                None => format!("claim {name} names no storage class, and the cluster has no default one"),
            };
            return Reply::fail(
                because,
                "name one of `kubectl get storageclass` in `persistence.storageClass`",
            );
        }
    }
    for object in question.declared("PersistentVolumeClaim") {
        match question.live(object).map(Readiness::of) {
            Some(Readiness::Failed { why }) => {
                return Reply::fail(
                    format!("{}: {why}", object.key()),
                    "run `berth diagnose`: it tells what the volume lacks",
                );
            }
            None => {
                return Reply::fail(
                    format!("{} isn't in the cluster", object.key()),
                    "run `berth apply`",
                );
            }
            Some(_) => {}
        }
    }
    if claims == 0 && is_on_disk(question) {
        return Reply::fail(
            "its images lie in the pod, and go with it",
            "set `persistence: {size: ...}`, or an object storage as `storage.driver`",
        );
    }
    Reply::pass(match claims {
        0 => "object storage: no volume to claim".to_owned(),
        1 => "1 claim, of a storage class that is there".to_owned(),
        more => format!("{more} claims, of storage classes that are there"),
    })
}

pub(super) fn database(question: &Question<'_>) -> Reply {
    let Some((managed, place)) = database_of(question) else {
        return Reply::pass("it needs none");
    };
    let unready = question.unready();
    let what = if managed {
        "a small PostgreSQL beside it".to_owned()
    } else {
        format!("the one at {place}")
    };
    match unready.first() {
        None => Reply::pass(format!("{what}, and all that needs it is ready")),
        Some(first) => Reply::fail(
            format!("{what}, but not all that needs it is ready: {first}"),
            "run `berth diagnose`: it reads the logs for what the database refuses",
        ),
    }
}

pub(super) fn backups(question: &Question<'_>) -> Reply {
    let how = "set `backup: {schedule, destination}`, or copy volume and database by the storage's own means";
    let Some(job) = question
        .declared("CronJob")
        .find(|object| object.metadata().name.contains("backup"))
    else {
        return Reply::yours("none is declared", how);
    };
    let Some(live) = question.live(job) else {
        return Reply::fail(format!("{} isn't in the cluster", job.key()), "run `berth apply`");
    };
    match live.pointer("/status/lastSuccessfulTime").and_then(Json::as_str) {
        Some(time) => Reply::pass(format!("{} last succeeded at {time}", job.key())),
        None => Reply::fail(
            format!("{} has not succeeded yet", job.key()),
            format!(
                "run it once: kubectl create job -n {} --from=cronjob/{} first-backup",
                question.workload.namespace.text(),
                job.metadata().name
            ),
        ),
    }
}

/// Whether it keeps images on a disk, and not in an object storage.
fn is_on_disk(question: &Question<'_>) -> bool {
    match &question.document.spec {
        Spec::DockerRegistry(spec) => matches!(
            spec.storage.driver.value(),
            Some(StorageDriver::Filesystem | StorageDriver::Inmemory)
        ),
        // The other products keep more than images on a disk: where they claim none, they were told another place.
        _ => false,
    }
}

/// The claims that it declares, by name: those that stand alone, and those of StatefulSets.
fn claims_of<'a>(question: &Question<'a>) -> Vec<(String, &'a Json)> {
    let mut claims = Vec::new();
    for object in question.declared("PersistentVolumeClaim") {
        if let Some(spec) = object.body().get("spec") {
            claims.push((object.metadata().name.clone(), spec));
        }
    }
    for object in question.declared("StatefulSet") {
        let templates = object
            .body()
            .get("spec")
            .and_then(|spec| spec.get("volumeClaimTemplates"));
        for template in templates.and_then(Json::as_array).into_iter().flatten() {
            let name = template
                .pointer("/metadata/name")
                .and_then(Json::as_str)
                .unwrap_or_default();
            if let Some(spec) = template.get("spec") {
                claims.push((format!("{name} of {}", object.metadata().name), spec));
            }
        }
    }
    claims
}

/// Whether Berth runs its database, and where it is; `None` where it needs none.
fn database_of(question: &Question<'_>) -> Option<(bool, String)> {
    match &question.document.spec {
        Spec::HarborRegistry(spec) => {
            let database = &spec.database;
            Some((database.managed, format!("{}:{}", database.host, database.port)))
        }
        Spec::ArtifactoryRegistry(spec) => Some((spec.database.managed, spec.database.url.clone())),
        Spec::NexusRegistry(spec) => {
            let database = spec.database.as_ref()?;
            let url = database.url.clone();
            (database.managed || url.is_some()).then(|| (database.managed, url.unwrap_or_default()))
        }
        _ => None,
    }
}
