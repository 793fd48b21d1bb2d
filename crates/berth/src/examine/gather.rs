use std::collections::BTreeSet;

use berth_cluster::{Cluster, GroupKind, Selector, last_time};
use berth_config::Spec;
use berth_plan::diagnose::{PullSecret, Seen, VolumeUse};
use berth_plan::object::ObjectKey;
use serde_json::Value as Json;

use super::{Scene, answers, live, logs, seen_or_told};
use crate::console::Console;

/// Looks at all that a diagnosis needs.
pub(crate) async fn gather(scene: &Scene, console: &mut Console) -> Seen {
    let cluster = &scene.cluster;
    let running = ["Deployment", "StatefulSet", "Service"];
    let objects = scene.rendered.objects.iter();
    let mut seen = Seen {
        live: live(
            cluster,
            objects.filter(|object| running.contains(&object.kind())),
            console,
        )
        .await,
        ..Seen::default()
    };
    for namespace in namespaces(scene) {
        let mut list = async |group: &str, kind: &str| {
            let kind = GroupKind {
                group: group.to_owned(),
                kind: kind.to_owned(),
            };
            let found = cluster.list(&kind, Some(&namespace), &Selector::default()).await;
            seen_or_told(found, console)
        };
        seen.pods.extend(list("", "Pod").await);
        seen.claims.extend(list("", "PersistentVolumeClaim").await);
        seen.events.extend(list("", "Event").await);
        seen.endpoint_slices
            .extend(list("discovery.k8s.io", "EndpointSlice").await);
    }
    seen.events.sort_by_key(|event| last_time(event).to_owned());
    let secrets = secrets(scene, &seen, console).await;
    seen.pull_secrets = secrets.iter().map(PullSecret::of).collect();
    seen.logs = logs::of(cluster, &seen.pods).await;
    seen.volumes = volumes(cluster, &seen.pods, console).await;
    seen.answers = answers::of(scene, &seen, &secrets).await;
    seen
}

/// The namespaces of the registries, and those that have pull secrets.
fn namespaces(scene: &Scene) -> BTreeSet<String> {
    let mut namespaces = BTreeSet::new();
    for document in &scene.documents.documents {
        if let Some(workload) = document.spec.workload() {
            namespaces.insert(workload.namespace.text().to_owned());
        }
        if let Spec::ImagePullSecret(spec) = &document.spec {
            namespaces.extend(spec.all_namespaces().into_iter().map(str::to_owned));
        }
    }
    namespaces
}

/// The pull secrets that pods name, and those that are declared. Their values go no further than this room.
async fn secrets(scene: &Scene, seen: &Seen, console: &mut Console) -> Vec<Json> {
    let mut names = BTreeSet::new();
    for pod in &seen.pods {
        let namespace = pod["metadata"]["namespace"].as_str().unwrap_or_default();
        let named = pod["spec"]["imagePullSecrets"].as_array().into_iter().flatten();
        names
            .extend(named.filter_map(|name| Some((namespace.to_owned(), name["name"].as_str()?.to_owned()))));
    }
    for document in &scene.documents.documents {
        if let Spec::ImagePullSecret(spec) = &document.spec {
            let name = spec.secret_name.text();
            let all = spec.all_namespaces().into_iter();
            names.extend(all.map(|namespace| (namespace.to_owned(), name.to_owned())));
        }
    }
    let mut secrets = Vec::new();
    for (namespace, name) in names {
        let key = ObjectKey {
            namespace: Some(namespace),
            name,
            group: "".into(),
            kind: "Secret".into(),
        };
        secrets.extend(seen_or_told(scene.cluster.get(&key).await, console));
    }
    secrets
}

/// How full the volumes of the pods' nodes are.
async fn volumes(cluster: &Cluster, pods: &[Json], console: &mut Console) -> Vec<VolumeUse> {
    let nodes: BTreeSet<&str> = pods
        .iter()
        .filter(|pod| pod["status"]["phase"] == "Running")
        .filter_map(|pod| pod["spec"]["nodeName"].as_str())
        .collect();
    let mut volumes = Vec::new();
    for node in nodes {
        for volume in seen_or_told(cluster.volumes_of(node).await, console) {
            volumes.push(VolumeUse {
                namespace: volume.namespace,
                claim: volume.claim,
                used: volume.used,
                capacity: volume.capacity,
            });
        }
    }
    volumes
}
