use std::collections::BTreeMap;

use crate::object::{Labels, Metadata, Namespace, Object};
use crate::render::Rendering;
use crate::render::policies::{self, PodSecurity};
use crate::render::registry::{MANAGED_BY, cost_labels};

/// Namespaces that are there before Berth comes, and are nobody's.
const NOT_OURS: [&str; 4] = ["default", "kube-system", "kube-public", "kube-node-lease"];

/// The namespaces of all registries. What several registries in one say alike of their objects holds for it too.
pub(crate) fn namespaces(rendering: &mut Rendering<'_>) {
    let mut namespaces: BTreeMap<&str, (Labels, Labels)> = BTreeMap::new();
    for document in &rendering.documents.documents {
        let Some(workload) = document.spec.workload() else {
            continue;
        };
        let sorted = |map: &indexmap::IndexMap<String, String>| -> Labels {
            map.iter()
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect()
        };
        let mut own = (sorted(workload.labels), sorted(workload.annotations));
        let cost = workload.cost.map(cost_labels).unwrap_or_default();
        own.0.extend(cost.0);
        own.1.extend(cost.1);
        namespaces
            .entry(workload.namespace.text())
            .and_modify(|there| {
                there.0.retain(|key, value| own.0.get(key) == Some(value));
                there.1.retain(|key, value| own.1.get(key) == Some(value));
            })
            .or_insert(own);
    }
    for (name, (labels, annotations)) in namespaces {
        if name.is_empty() || NOT_OURS.contains(&name) {
            continue;
        }
        let Some(first) = rendering.documents.documents.iter().find(|document| {
            document
                .spec
                .workload()
                .is_some_and(|own| own.namespace.text() == name)
        }) else {
            continue;
        };
        let weakest = policies::weakest_in(rendering.documents, name);
        rendering.add(first, namespace(name, labels, annotations, weakest));
    }
}

/// A namespace that lets its pods do no more than they must. Where builds need more, the rest is still told of what
/// isn't restricted.
fn namespace(
    name: &str,
    mut labels: Labels,
    mut annotations: Labels,
    weakest: Option<PodSecurity>,
) -> Object {
    let enforced = weakest.map_or("restricted", PodSecurity::as_str);
    for (key, value) in [
        MANAGED_BY,
        ("pod-security.kubernetes.io/enforce", enforced),
        ("pod-security.kubernetes.io/enforce-version", "latest"),
    ] {
        labels.insert(key.to_owned(), value.to_owned());
    }
    if weakest.is_some() {
        labels.insert(
            "pod-security.kubernetes.io/warn".to_owned(),
            "restricted".to_owned(),
        );
        let why = format!("{enforced}: images are built in this namespace");
        annotations.insert(policies::POD_SECURITY.to_owned(), why);
    }
    let metadata = Metadata {
        name: name.to_owned(),
        namespace: None,
        labels,
        annotations,
    };
    Object::new(metadata, &Namespace::default())
}
