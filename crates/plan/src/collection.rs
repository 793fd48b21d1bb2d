//! A run of garbage collection beside Docker's registry: what each step asks of its Deployment, and how far that has
//! come. The steps are taken by who speaks to the cluster; what they say and what they wait for is decided here.
//!
//! Where one pod at a time has the images, the next pod collects before it serves: the Deployment stops the one before
//! it first, so nobody else writes. Elsewhere all pods are replaced by such that refuse writes, and a pod of its own
//! collects. Whatever a step asks for is owned by a field manager of its own, and undone as a whole.

use serde_json::{Value, json};

/// The field manager of all that a run asks for.
pub const MANAGER: &str = "berth-collection";
/// Says of a pod which run it was made for.
pub const ANNOTATION: &str = "berth.dev/collection";
/// The container that collects.
pub const COLLECTOR: &str = "collect";
/// Tells Docker's registry to refuse writes.
pub const READ_ONLY: &str = "REGISTRY_STORAGE_MAINTENANCE_READONLY";
const REFUSE: &str = r#"{"enabled":true}"#;

/// What of the registry's own container the one that collects has too: program and ports aside, all that it sees.
const SHARED: [&str; 7] = [
    "image",
    "imagePullPolicy",
    "env",
    "envFrom",
    "resources",
    "securityContext",
    "volumeMounts",
];

/// One run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Run {
    /// The registry's Deployment.
    pub deployment: String,
    /// The container of the registry in its pods.
    pub container: String,
    /// What tells this run from all others.
    pub id: String,
}

/// How far a collector has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Collected {
    /// It hasn't begun.
    NotYet,
    /// It runs.
    Runs,
    /// It has ended, so.
    Ended(i64),
}

impl Run {
    /// Asks for pods that refuse writes.
    pub fn refuse_writes(&self) -> Value {
        let variable = json!({"name": READ_ONLY, "value": REFUSE});
        let containers = json!([{"name": self.container, "env": [variable]}]);
        self.ask(&json!({"containers": containers}))
    }

    /// Asks for a pod that collects before it serves, by the registry's own image and all that its container sees.
    /// `None` where the live Deployment has no such container.
    pub fn collect_in_place(&self, live: &Value, program: &[String]) -> Option<Value> {
        let containers = live["spec"]["template"]["spec"]["containers"].as_array()?;
        let own = containers.iter().find(|own| own["name"] == self.container)?;
        let mut collector = json!({"name": COLLECTOR, "command": program});
        for field in SHARED {
            if !own[field].is_null() {
                collector[field] = own[field].clone();
            }
        }
        Some(self.ask(&json!({"initContainers": [collector]})))
    }

    /// Asks for new pods, as they are: nothing that they remember outlives them.
    pub fn restart(&self) -> Value {
        self.ask(&json!({}))
    }

    /// Takes back all that any run has asked for.
    pub fn undo(&self) -> Value {
        json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": self.deployment}})
    }

    fn ask(&self, spec: &Value) -> Value {
        let mut asked = self.undo();
        asked["spec"]["template"] = json!({"metadata": {"annotations": {ANNOTATION: self.id}}, "spec": spec});
        asked
    }

    /// How far the collector of this run has come among the registry's pods.
    pub fn collected(&self, pods: &[Value]) -> Collected {
        let own = pods.iter().filter(|pod| is_of(pod, Some(&self.id)));
        let statuses = own.flat_map(|pod| statuses(pod, "initContainerStatuses"));
        let of_collectors: Vec<Collected> = statuses
            .filter(|status| status["name"] == COLLECTOR)
            .map(how_far)
            .collect();
        let ended = of_collectors.iter().find(|it| matches!(it, Collected::Ended(_)));
        ended
            .or_else(|| of_collectors.iter().find(|it| **it == Collected::Runs))
            .copied()
            .unwrap_or(Collected::NotYet)
    }
}

/// How far the collector has come that runs in this pod itself.
pub fn collected_beside(pod: &Value) -> Collected {
    let mut all = statuses(pod, "containerStatuses");
    all.find(|status| status["name"] == COLLECTOR)
        .map_or(Collected::NotYet, how_far)
}

/// Whether all pods of a Deployment are those of a run (or, with `None`, of none), serve, and none of others is left:
/// a pod that is stopping may go on to take an upload.
pub fn is_rolled_out(live: &Value, pods: &[Value], run: Option<&str>) -> bool {
    let number = |value: &Value| value.as_i64().unwrap_or(0);
    let (status, wanted) = (&live["status"], live["spec"]["replicas"].as_i64().unwrap_or(1));
    let is_seen = number(&status["observedGeneration"]) >= number(&live["metadata"]["generation"]);
    let serve =
        number(&status["updatedReplicas"]) == wanted && number(&status["availableReplicas"]) == wanted;
    let are_of_it = pods
        .iter()
        .filter(|pod| !has_ended(pod))
        .all(|pod| is_of(pod, run));
    is_seen && serve && are_of_it
}

/// Whether a Deployment stops a pod before it starts the next, and never runs two.
pub fn is_of_one_pod(live: &Value) -> bool {
    let replicas = live["spec"]["replicas"].as_i64().unwrap_or(1);
    live["spec"]["strategy"]["type"] == "Recreate" && replicas <= 1
}

/// The labels by which a Deployment's pods are found, as the API takes them.
pub fn selector(live: &Value) -> String {
    let labels = live["spec"]["selector"]["matchLabels"].as_object();
    let labels = labels.into_iter().flatten();
    let labels: Vec<String> = labels
        .map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or_default()))
        .collect();
    labels.join(",")
}

fn is_of(pod: &Value, run: Option<&str>) -> bool {
    pod["metadata"]["annotations"][ANNOTATION].as_str() == run
}

fn has_ended(pod: &Value) -> bool {
    matches!(pod["status"]["phase"].as_str(), Some("Succeeded" | "Failed"))
}

fn statuses<'a>(pod: &'a Value, list: &str) -> impl Iterator<Item = &'a Value> {
    pod["status"][list].as_array().into_iter().flatten()
}

/// One that failed is started again by the kubelet: what counts is how it ended.
fn how_far(status: &Value) -> Collected {
    let ended = |state: &Value| state["terminated"]["exitCode"].as_i64();
    match ended(&status["state"]).or_else(|| ended(&status["lastState"])) {
        Some(code) => Collected::Ended(code),
        None if status["state"]["running"].is_object() => Collected::Runs,
        None => Collected::NotYet,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run() -> Run {
        Run {
            deployment: "team".to_owned(),
            container: "registry".to_owned(),
            id: "run-1".to_owned(),
        }
    }

    fn live() -> Value {
        json!({
            "metadata": {"generation": 3},
            "spec": {"replicas": 1, "selector": {"matchLabels": {"a": "b", "c": "d"}}, "template": {"spec": {"containers": [
                {"name": "beside", "image": "other"},
                {"name": "registry", "image": "registry:2.8", "command": ["registry"], "ports": [{"containerPort": 5000}],
                 "env": [{"name": "A", "value": "1"}], "volumeMounts": [{"name": "data", "mountPath": "/d"}]},
            ]}}},
            "status": {"observedGeneration": 3, "updatedReplicas": 1, "availableReplicas": 1},
        })
    }

    fn pod(run: Option<&str>, phase: &str) -> Value {
        json!({"metadata": {"annotations": {ANNOTATION: run}}, "status": {"phase": phase}})
    }

    #[test]
    fn a_collector_in_place_sees_what_the_registry_sees_and_serves_nobody() {
        let program = ["registry", "garbage-collect"].map(str::to_owned);
        let asked = run().collect_in_place(&live(), &program).unwrap();
        let collector = &asked["spec"]["template"]["spec"]["initContainers"][0];
        assert_eq!(
            *collector,
            json!({
                "name": "collect", "command": program, "image": "registry:2.8", "env": [{"name": "A", "value": "1"}],
                "volumeMounts": [{"name": "data", "mountPath": "/d"}],
            })
        );
        let other = Run {
            container: "none".to_owned(),
            ..run()
        };
        assert_eq!(other.collect_in_place(&live(), &program), None);
    }

    #[test]
    fn what_is_undone_is_all_that_was_asked_for() {
        let asked = [run().refuse_writes(), run().restart()];
        for asked in asked {
            assert_eq!(
                asked["spec"]["template"]["metadata"]["annotations"],
                json!({ANNOTATION: "run-1"})
            );
        }
        assert_eq!(run().undo()["spec"], Value::Null);
    }

    #[test]
    fn writes_are_refused_once_no_pod_is_left_that_takes_them() {
        let new = pod(Some("run-1"), "Running");
        let rolled = |live: &Value, pods: &[Value]| is_rolled_out(live, pods, Some("run-1"));
        assert!(rolled(&live(), std::slice::from_ref(&new)));
        // One that is stopping, and one of a run before.
        assert!(!rolled(&live(), &[new.clone(), pod(None, "Running")]));
        assert!(!rolled(&live(), &[new.clone(), pod(Some("run-0"), "Running")]));
        assert!(rolled(&live(), &[new.clone(), pod(None, "Failed")]));
        for (field, value) in [
            ("observedGeneration", 2),
            ("updatedReplicas", 0),
            ("availableReplicas", 0),
        ] {
            let mut behind = live();
            behind["status"][field] = value.into();
            assert!(!rolled(&behind, std::slice::from_ref(&new)), "{field}");
        }
        assert!(is_rolled_out(&live(), &[pod(None, "Running")], None));
        assert!(!is_rolled_out(&live(), &[new], None));
    }

    #[test]
    fn a_collector_counts_as_it_ended_and_only_in_pods_of_its_run() {
        let with = |id: &str, status: Value| {
            let mut pod = pod(Some(id), "Pending");
            pod["status"]["initContainerStatuses"] = json!([status]);
            pod
        };
        let ended = |code: i64| json!({"name": "collect", "state": {"terminated": {"exitCode": code}}});
        let again = json!({"name": "collect", "state": {"running": {}}, "lastState": {"terminated": {"exitCode": 7}}});
        let runs = json!({"name": "collect", "state": {"running": {}}});
        for (status, expected) in [
            (ended(0), Collected::Ended(0)),
            (ended(2), Collected::Ended(2)),
            (again, Collected::Ended(7)),
            (runs, Collected::Runs),
            (json!({"name": "other"}), Collected::NotYet),
        ] {
            assert_eq!(run().collected(&[with("run-1", status.clone())]), expected);
            assert_eq!(run().collected(&[with("run-0", status)]), Collected::NotYet);
        }
    }

    #[test]
    fn pods_that_overlap_are_not_one() {
        let mut deployment = live();
        deployment["spec"]["strategy"] = json!({"type": "Recreate"});
        assert!(is_of_one_pod(&deployment));
        deployment["spec"]["replicas"] = 2.into();
        assert!(!is_of_one_pod(&deployment));
        assert!(!is_of_one_pod(&live()));
    }

    #[test]
    fn a_selector_names_all_labels() {
        assert_eq!(selector(&live()), "a=b,c=d");
    }
}
