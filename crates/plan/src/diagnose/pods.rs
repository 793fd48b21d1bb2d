//! Step one: are there pods, and do they run?

use serde_json::Value as Json;

use super::seen::{list, text};
use super::{Patient, codes};

/// The kubelet's words for an image that can't be had.
pub(super) const PULL_FAILED: [&str; 4] = [
    "ErrImagePull",
    "ImagePullBackOff",
    "InvalidImageName",
    "ErrImageNeverPull",
];
/// Its words for a container that can't be put together.
const NOT_MADE: [&str; 4] = [
    "CreateContainerConfigError",
    "CreateContainerError",
    "RunContainerError",
    "StartError",
];

pub(super) fn diagnose(patient: &mut Patient<'_>) {
    let (namespace, instance) = patient.place();
    let (namespace, instance) = (namespace.to_owned(), instance.to_owned());
    without_pods(patient, &namespace, &instance);
    let seen = patient.seen;
    for pod in seen.pods_of(&namespace, &instance) {
        unscheduled(patient, pod);
        for status in list(pod, "/status/initContainerStatuses")
            .iter()
            .chain(list(pod, "/status/containerStatuses"))
        {
            container(patient, pod, status);
        }
        probe(patient, pod);
    }
}

/// Workloads that should have pods, and have none.
fn without_pods(patient: &mut Patient<'_>, namespace: &str, instance: &str) {
    let rendered = patient.rendered;
    let workloads = rendered.objects.iter().filter(|object| {
        matches!(object.kind(), "Deployment" | "StatefulSet")
            && object.metadata().namespace.as_deref() == Some(namespace)
            && object
                .metadata()
                .labels
                .get(crate::render::INSTANCE)
                .map(String::as_str)
                == Some(instance)
    });
    for object in workloads {
        let key = object.key();
        let Some(live) = patient.seen.live.get(&key) else {
            patient.tell(
                codes::DG_001,
                format!("{key} isn't in the cluster"),
                "run `berth apply`",
            );
            continue;
        };
        let wanted = live.pointer("/spec/replicas").and_then(Json::as_u64).unwrap_or(1);
        let has = live
            .pointer("/status/replicas")
            .and_then(Json::as_u64)
            .unwrap_or(0);
        if wanted == 0 {
            patient.tell(
                codes::DG_001,
                format!("{key} has 0 replicas"),
                format!(
                    "kubectl scale -n {namespace} {}/{} --replicas=1, or run `berth apply`",
                    key.kind.to_lowercase(),
                    key.name
                ),
            );
        } else if has == 0 {
            let why =
                refusal(patient, live).unwrap_or_else(|| "the cluster has not made them yet".to_owned());
            patient.tell(
                codes::DG_001,
                format!("{key} has no pods: {why}"),
                format!(
                    "kubectl describe -n {namespace} {}/{}",
                    key.kind.to_lowercase(),
                    key.name
                ),
            );
        }
    }
}

/// Why a workload's pods are refused: its own condition, else the newest event of what makes them.
fn refusal(patient: &Patient<'_>, live: &Json) -> Option<String> {
    let condition = list(live, "/status/conditions")
        .iter()
        .find(|condition| text(condition, "/type") == "ReplicaFailure");
    if let Some(condition) = condition {
        return Some(text(condition, "/message").to_owned());
    }
    let (namespace, kind, name) = (
        text(live, "/metadata/namespace"),
        text(live, "/kind"),
        text(live, "/metadata/name"),
    );
    let reasons = ["FailedCreate"];
    let own = patient.seen.warning(namespace, kind, name, &reasons);
    own.map(str::to_owned)
}

fn unscheduled(patient: &mut Patient<'_>, pod: &Json) {
    let condition = list(pod, "/status/conditions").iter().find(|condition| {
        text(condition, "/type") == "PodScheduled" && text(condition, "/status") == "False"
    });
    let Some(condition) = condition else { return };
    let help = if text(condition, "/message").contains("PersistentVolumeClaim") {
        "the claim comes first: see what is said of it"
    } else {
        "lower `resources.requests`, mend `placement`, or add a node"
    };
    patient.tell(
        codes::DG_002,
        format!("{} finds no node: {}", name(pod), text(condition, "/message")),
        help,
    );
}

fn container(patient: &mut Patient<'_>, pod: &Json, status: &Json) {
    let at = format!("container {} of {}", text(status, "/name"), name(pod));
    let (reason, message) = (
        text(status, "/state/waiting/reason"),
        text(status, "/state/waiting/message"),
    );
    let image = text(status, "/image");
    if NOT_MADE.contains(&reason) {
        patient.tell(
            codes::DG_003,
            format!("{at} can't be made: {message}"),
            "run `berth plan`: it tells what of the declaration is missing in the cluster",
        );
    } else if PULL_FAILED.contains(&reason) {
        let why = super::pulls::why(patient.seen, pod, message);
        patient.tell(
            codes::DG_004,
            format!("{at} waits for its image {image}: {why}"),
            "check `image`, and name the Secret of its registry in `imagePullSecrets`",
        );
    }
    let last = ["/lastState/terminated", "/state/terminated"];
    for ended in last.iter().filter_map(|pointer| status.pointer(pointer)) {
        if text(ended, "/reason") == "OOMKilled" {
            patient.tell(
                codes::DG_006,
                format!("{at} was killed: it reached its memory limit"),
                "raise `resources.limits.memory`; `berth size` says what it needs",
            );
            return;
        }
    }
    if reason == "CrashLoopBackOff" {
        crash(patient, pod, status, &at);
    }
}

/// A process that ends again and again: with its code, and what it said last.
fn crash(patient: &mut Patient<'_>, pod: &Json, status: &Json, at: &str) {
    let code = status
        .pointer("/lastState/terminated/exitCode")
        .and_then(Json::as_i64);
    let code = code.map_or_else(String::new, |code| format!(" with code {code}"));
    let said = super::logs::last_words(
        patient.seen,
        text(pod, "/metadata/namespace"),
        text(pod, "/metadata/name"),
        text(status, "/name"),
    );
    let said = said.map_or_else(String::new, |line| format!("; it said last: {line}"));
    let help = format!(
        "kubectl logs -n {} {} -c {} --previous",
        text(pod, "/metadata/namespace"),
        text(pod, "/metadata/name"),
        text(status, "/name")
    );
    patient.tell(
        codes::DG_005,
        format!("{at} ends again and again{code}{said}"),
        help,
    );
}

fn probe(patient: &mut Patient<'_>, pod: &Json) {
    let ready = list(pod, "/status/conditions")
        .iter()
        .any(|condition| text(condition, "/type") == "Ready" && text(condition, "/status") == "True");
    if ready {
        return;
    }
    let (namespace, pod_name) = (text(pod, "/metadata/namespace"), text(pod, "/metadata/name"));
    if let Some(message) = patient.seen.warning(namespace, "Pod", pod_name, &["Unhealthy"]) {
        let (message, at) = (message.to_owned(), name(pod));
        patient.tell(
            codes::DG_007,
            format!("{at} isn't ready: {message}"),
            format!("kubectl logs -n {namespace} {pod_name}"),
        );
    }
}

/// `Pod registry/team-0`.
pub(super) fn name(pod: &Json) -> String {
    format!(
        "Pod {}/{}",
        text(pod, "/metadata/namespace"),
        text(pod, "/metadata/name")
    )
}
