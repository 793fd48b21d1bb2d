//! Whether an object has become what it was asked to be: read off its `status`, as kstatus does.
//!
//! What has no `status` worth the name is ready once it is there. A claim that waits for its first consumer counts
//! as ready: the pod that brings the consumer comes after it.

mod conditions;
mod workload;

use std::fmt;

use serde_json::Value as Json;

use conditions::Conditions;

/// How an object stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Readiness {
    /// It is what it was asked to be.
    Ready,
    /// It is on its way.
    InProgress {
        /// What is missing.
        why: String,
    },
    /// It won't become ready by waiting.
    Failed {
        /// What went wrong.
        why: String,
    },
    /// It is being deleted.
    Terminating,
}

impl Readiness {
    /// Reads it off an object as the cluster has it.
    pub fn of(object: &Json) -> Self {
        if object.pointer("/metadata/deletionTimestamp").is_some() {
            return Self::Terminating;
        }
        if let Some(lag) = behind(object) {
            return lag;
        }
        match object["kind"].as_str().unwrap_or_default() {
            "Deployment" => workload::deployment(object),
            "StatefulSet" => workload::stateful_set(object),
            "DaemonSet" => workload::daemon_set(object),
            "ReplicaSet" => workload::replica_set(object),
            "Pod" => workload::pod(object),
            "Job" => job(object),
            "PersistentVolumeClaim" => claim(object),
            "Service" => service(object),
            "CustomResourceDefinition" => definition(object),
            "PodDisruptionBudget" | "HorizontalPodAutoscaler" | "CronJob" | "Ingress" => Self::Ready,
            _ => by_conditions(object),
        }
    }

    fn waiting(why: impl Into<String>) -> Self {
        Self::InProgress { why: why.into() }
    }
}

/// `ready`, or what is missing.
impl fmt::Display for Readiness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ready => f.write_str("ready"),
            Self::InProgress { why } => f.write_str(why),
            Self::Failed { why } => write!(f, "failed: {why}"),
            Self::Terminating => f.write_str("being deleted"),
        }
    }
}

/// A status that speaks of an earlier generation says nothing of this one.
fn behind(object: &Json) -> Option<Readiness> {
    let generation = object.pointer("/metadata/generation")?.as_i64()?;
    let observed = object.pointer("/status/observedGeneration")?.as_i64()?;
    (observed < generation).then(|| Readiness::waiting("its controller has not seen the change yet"))
}

fn job(job: &Json) -> Readiness {
    let conditions = Conditions::of(job);
    if let Some(why) = conditions.holds("Failed") {
        return Readiness::Failed { why };
    }
    if conditions.holds("Complete").is_some() || job.pointer("/spec/suspend") == Some(&Json::Bool(true)) {
        return Readiness::Ready;
    }
    let count = |field: &str| job["status"][field].as_i64().unwrap_or(0);
    let wanted = job
        .pointer("/spec/completions")
        .and_then(Json::as_i64)
        .unwrap_or(1);
    Readiness::waiting(format!(
        "{} of {wanted} done, {} running, {} failed",
        count("succeeded"),
        count("active"),
        count("failed")
    ))
}

fn claim(claim: &Json) -> Readiness {
    match claim.pointer("/status/phase").and_then(Json::as_str) {
        Some("Lost") => Readiness::Failed {
            why: "its volume is lost".to_owned(),
        },
        // Pending, until a pod uses it where the storage class waits for one: nothing to wait for here.
        _ => Readiness::Ready,
    }
}

fn service(service: &Json) -> Readiness {
    let spec = &service["spec"];
    if spec["type"] != "LoadBalancer" {
        return Readiness::Ready;
    }
    let ingress = service
        .pointer("/status/loadBalancer/ingress")
        .and_then(Json::as_array);
    if ingress.is_some_and(|it| !it.is_empty()) {
        return Readiness::Ready;
    }
    Readiness::waiting("its load balancer has no address yet")
}

fn definition(definition: &Json) -> Readiness {
    let conditions = Conditions::of(definition);
    if let Some(why) = conditions.denies("NamesAccepted") {
        return Readiness::Failed { why };
    }
    if conditions.holds("Established").is_some() {
        return Readiness::Ready;
    }
    Readiness::waiting("its API is not served yet")
}

/// What any other controller may say: `Stalled`, `Reconciling`, or `Ready`.
fn by_conditions(object: &Json) -> Readiness {
    let conditions = Conditions::of(object);
    if let Some(why) = conditions.holds("Stalled") {
        return Readiness::Failed { why };
    }
    let reconciling = conditions.holds("Reconciling");
    match reconciling.or_else(|| conditions.denies("Ready")) {
        Some(why) => Readiness::InProgress { why },
        None => Readiness::Ready,
    }
}

#[cfg(test)]
mod tests;
