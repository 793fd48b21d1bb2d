use serde_json::Value as Json;

use super::Readiness;
use super::conditions::Conditions;

/// Waits that don't end by themselves: an image that isn't there, a setting that can't work.
const HOPELESS: &[&str] = &[
    "CreateContainerConfigError",
    "InvalidImageName",
    "ErrImageNeverPull",
];

pub(super) fn deployment(deployment: &Json) -> Readiness {
    let conditions = Conditions::of(deployment);
    if conditions.reason("Progressing") == Some("ProgressDeadlineExceeded") {
        return Readiness::Failed {
            why: conditions.denies("Progressing").unwrap_or_default(),
        };
    }
    if let Some(why) = conditions.holds("ReplicaFailure") {
        return Readiness::InProgress { why };
    }
    let counts = Counts::of(deployment);
    if counts.updated < counts.wanted {
        return Readiness::waiting(format!("{} of {} pods updated", counts.updated, counts.wanted));
    }
    if counts.all > counts.updated {
        let old = counts.all - counts.updated;
        return Readiness::waiting(format!("{old} old pods are still there"));
    }
    counts.available()
}

pub(super) fn stateful_set(set: &Json) -> Readiness {
    let counts = Counts::of(set);
    let ready = Counts::field(set, "readyReplicas");
    if ready < counts.wanted {
        return Readiness::waiting(format!("{ready} of {} pods ready", counts.wanted));
    }
    if set.pointer("/spec/updateStrategy/type").and_then(Json::as_str) == Some("OnDelete") {
        return Readiness::Ready;
    }
    let partition = set.pointer("/spec/updateStrategy/rollingUpdate/partition");
    let partition = partition.and_then(Json::as_i64).unwrap_or(0);
    // Pods below the partition keep the old revision on purpose.
    let to_update = (counts.wanted - partition).max(0);
    if counts.updated < to_update && current_differs(set) {
        return Readiness::waiting(format!("{} of {to_update} pods updated", counts.updated));
    }
    if partition == 0 && current_differs(set) {
        return Readiness::waiting("the last pods are being updated");
    }
    Readiness::Ready
}

pub(super) fn daemon_set(set: &Json) -> Readiness {
    let Some(wanted) = set
        .pointer("/status/desiredNumberScheduled")
        .and_then(Json::as_i64)
    else {
        return Readiness::waiting("its controller has not seen it yet");
    };
    let updated = Counts::field(set, "updatedNumberScheduled");
    if updated < wanted {
        return Readiness::waiting(format!("{updated} of {wanted} pods updated"));
    }
    let available = Counts::field(set, "numberAvailable");
    if available < wanted {
        return Readiness::waiting(format!("{available} of {wanted} pods available"));
    }
    Readiness::Ready
}

pub(super) fn replica_set(set: &Json) -> Readiness {
    if let Some(why) = Conditions::of(set).holds("ReplicaFailure") {
        return Readiness::InProgress { why };
    }
    Counts::of(set).available()
}

pub(super) fn pod(pod: &Json) -> Readiness {
    match pod.pointer("/status/phase").and_then(Json::as_str) {
        Some("Succeeded") => return Readiness::Ready,
        Some("Failed") => {
            let said = ["/status/message", "/status/reason"];
            let why = said.iter().find_map(|at| pod.pointer(at)?.as_str());
            return Readiness::Failed {
                why: why.unwrap_or("a container failed").to_owned(),
            };
        }
        _ => {}
    }
    let conditions = Conditions::of(pod);
    if conditions.holds("Ready").is_some() {
        return Readiness::Ready;
    }
    if let Some((reason, message)) = waiting_container(pod) {
        let why = if message.is_empty() {
            reason.to_owned()
        } else {
            format!("{reason}: {message}")
        };
        return if HOPELESS.contains(&reason) {
            Readiness::Failed { why }
        } else {
            Readiness::InProgress { why }
        };
    }
    let why = conditions
        .denies("PodScheduled")
        .or_else(|| conditions.denies("Ready"));
    Readiness::InProgress {
        why: why.unwrap_or_else(|| "not scheduled yet".to_owned()),
    }
}

/// The first container that waits for more than its turn.
fn waiting_container(pod: &Json) -> Option<(&str, &str)> {
    let statuses = ["initContainerStatuses", "containerStatuses"];
    let all = statuses
        .iter()
        .filter_map(|field| pod["status"][field].as_array())
        .flatten();
    let mut waiting = all.filter_map(|it| it.pointer("/state/waiting"));
    waiting.find_map(|it| {
        let reason = it["reason"].as_str()?;
        let in_turn = matches!(reason, "ContainerCreating" | "PodInitializing");
        (!in_turn).then(|| (reason, it["message"].as_str().unwrap_or_default()))
    })
}

fn current_differs(set: &Json) -> bool {
    let revision = |field: &str| set["status"][field].as_str();
    revision("currentRevision") != revision("updateRevision")
}

/// How many pods a workload has.
struct Counts {
    wanted: i64,
    all: i64,
    updated: i64,
    available: i64,
}

impl Counts {
    fn of(workload: &Json) -> Self {
        Self {
            wanted: workload
                .pointer("/spec/replicas")
                .and_then(Json::as_i64)
                .unwrap_or(1),
            all: Self::field(workload, "replicas"),
            updated: Self::field(workload, "updatedReplicas"),
            available: Self::field(workload, "availableReplicas"),
        }
    }

    fn field(workload: &Json, field: &str) -> i64 {
        workload["status"][field].as_i64().unwrap_or(0)
    }

    fn available(&self) -> Readiness {
        if self.available < self.wanted {
            return Readiness::waiting(format!("{} of {} pods available", self.available, self.wanted));
        }
        Readiness::Ready
    }
}
