use berth_config::document::{Document, Documents};
use berth_config::registries_of;

use crate::object::{Labels, Metadata};
use crate::render::registry::{INSTANCE, MANAGED_BY, cost_labels};

/// Name, labels and annotations of an object that belongs to a policy. Who pays for its registries pays for it too,
/// where they agree on that.
pub(super) fn metadata(documents: &Documents, document: &Document, name: &str, namespace: &str) -> Metadata {
    let sorted = |map: &indexmap::IndexMap<String, String>| -> Labels {
        map.iter()
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect()
    };
    let cost = cost(documents, document);
    let mut labels = sorted(&document.metadata.labels);
    labels.extend(cost.0);
    let mut annotations = sorted(&document.metadata.annotations);
    annotations.extend(cost.1);
    for (key, value) in [
        (INSTANCE, document.base_name.as_str()),
        ("app.kubernetes.io/part-of", "container-registry"),
        MANAGED_BY,
    ] {
        labels.insert(key.to_owned(), value.to_owned());
    }
    Metadata {
        name: name.to_owned(),
        namespace: Some(namespace.to_owned()),
        labels,
        annotations,
    }
}

/// What all registries of a policy say alike of who pays.
fn cost(documents: &Documents, document: &Document) -> (Labels, Labels) {
    let registries = registries_of(&documents.documents, document).into_iter();
    let all = registries.map(|registry| {
        let cost = registry.spec.workload().and_then(|workload| workload.cost);
        cost.map(cost_labels).unwrap_or_default()
    });
    all.reduce(|mut there, own| {
        there.0.retain(|key, value| own.0.get(key) == Some(value));
        there.1.retain(|key, value| own.1.get(key) == Some(value));
        there
    })
    .unwrap_or_default()
}
