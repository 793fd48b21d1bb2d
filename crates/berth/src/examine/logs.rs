use berth_cluster::{Cluster, LogOptions};
use berth_plan::diagnose::Log;
use serde_json::Value as Json;

/// How many lines of each container are read.
const LINES: u32 = 200;
/// Of how many pods, at most.
const PODS: usize = 40;

/// The ends of the logs of pods that belong to a registry: of each container, and of its run before where it was
/// restarted. A container that has not run has none.
pub(super) async fn of(cluster: &Cluster, pods: &[Json]) -> Vec<Log> {
    let ours = pods
        .iter()
        .filter(|pod| pod["metadata"]["labels"]["app.kubernetes.io/managed-by"] == "berth");
    let mut logs = Vec::new();
    for pod in ours.take(PODS) {
        let states = ["initContainerStatuses", "containerStatuses"];
        let states = states.iter().filter_map(|list| pod["status"][*list].as_array());
        for state in states.flatten() {
            let restarts = state["restartCount"].as_u64().unwrap_or(0);
            for previous in [true, false] {
                if previous && restarts == 0 {
                    continue;
                }
                logs.extend(log(cluster, pod, state, previous).await);
            }
        }
    }
    logs
}

async fn log(cluster: &Cluster, pod: &Json, state: &Json, previous: bool) -> Option<Log> {
    let namespace = pod["metadata"]["namespace"].as_str()?;
    let name = pod["metadata"]["name"].as_str()?;
    let container = state["name"].as_str()?;
    let options = LogOptions {
        container: Some(container.to_owned()),
        lines: Some(LINES),
        previous,
    };
    let text = cluster.logs(namespace, name, &options).await.ok()?;
    Some(Log {
        namespace: namespace.to_owned(),
        pod: name.to_owned(),
        container: container.to_owned(),
        previous,
        text,
    })
}
