use berth_config::document::Document;

use crate::object::{Labels, Metadata};
use crate::render::registry::{INSTANCE, MANAGED_BY};

/// Name, labels and annotations of an object that belongs to a policy.
pub(super) fn metadata(document: &Document, name: &str, namespace: &str) -> Metadata {
    let sorted = |map: &indexmap::IndexMap<String, String>| -> Labels {
        map.iter()
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect()
    };
    let mut labels = sorted(&document.metadata.labels);
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
        annotations: sorted(&document.metadata.annotations),
    }
}
