//! Objects that a test's cluster needs before anything else: a fake node, volumes, custom resource definitions.

use std::path::Path;

use serde_json::{Value, json};

/// The class that claims get which name none.
pub(crate) const DEFAULT_CLASS: &str = "standard";

/// A node that kwok takes for its own.
pub(crate) fn fake_node(name: &str) -> Value {
    let room = json!({"cpu": "256", "memory": "1Ti", "ephemeral-storage": "10Ti", "pods": "5000"});
    json!({
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": name,
            "labels": {
                "kubernetes.io/hostname": name,
                "kubernetes.io/os": "linux",
                "kubernetes.io/arch": "amd64",
                "topology.kubernetes.io/zone": "zone-1",
            },
            "annotations": {"kwok.x-k8s.io/node": "fake"},
        },
        "status": {"allocatable": room, "capacity": room},
    })
}

/// A storage class that nobody makes volumes for, and this many volumes of it, each a folder inside `folder`.
pub(crate) fn volumes(class: &str, numbers: std::ops::Range<usize>, folder: &Path) -> Value {
    let default = (class == DEFAULT_CLASS).to_string();
    let mut items = vec![json!({
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {
            "name": class,
            "annotations": {"storageclass.kubernetes.io/is-default-class": default},
        },
        "provisioner": "kubernetes.io/no-provisioner",
        "reclaimPolicy": "Retain",
        "volumeBindingMode": "Immediate",
    })];
    items.extend(numbers.map(|number| {
        let name = format!("{class}-{number}");
        json!({
            "apiVersion": "v1",
            "kind": "PersistentVolume",
            "metadata": {"name": name},
            "spec": {
                "storageClassName": class,
                "capacity": {"storage": "100Ti"},
                "accessModes": ["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany"],
                "persistentVolumeReclaimPolicy": "Retain",
                "hostPath": {"path": folder.join(&name)},
            },
        })
    }));
    json!({"apiVersion": "v1", "kind": "List", "items": items})
}
