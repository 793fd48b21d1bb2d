use std::collections::BTreeMap;

use crate::object::{Labels, Metadata, Namespace, Object};
use crate::render::Rendering;
use crate::render::registry::MANAGED_BY;

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
        let own = (sorted(workload.labels), sorted(workload.annotations));
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
        rendering.add(first, namespace(name, labels, annotations));
    }
}

fn namespace(name: &str, mut labels: Labels, annotations: Labels) -> Object {
    for (key, value) in [
        MANAGED_BY,
        ("pod-security.kubernetes.io/enforce", "restricted"),
        ("pod-security.kubernetes.io/enforce-version", "latest"),
    ] {
        labels.insert(key.to_owned(), value.to_owned());
    }
    let metadata = Metadata {
        name: name.to_owned(),
        namespace: None,
        labels,
        annotations,
    };
    Object::new(metadata, &Namespace::default())
}
