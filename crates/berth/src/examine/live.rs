use std::collections::{BTreeMap, BTreeSet};

use berth_cluster::{Cause, Cluster, GroupKind, Selector};
use berth_plan::checklist::StorageClass;
use berth_plan::object::{Object, ObjectKey};
use serde_json::Value as Json;

use super::seen_or_told;
use crate::console::Console;

/// The declared objects that are there.
pub(crate) async fn live<'a>(
    cluster: &Cluster,
    objects: impl Iterator<Item = &'a Object>,
    console: &mut Console,
) -> BTreeMap<ObjectKey, Json> {
    let mut live = BTreeMap::new();
    for object in objects {
        let key = object.key();
        match cluster.get(&key).await {
            Ok(Some(found)) => {
                live.insert(key, found);
            }
            Ok(None) => {}
            Err(refused) if matches!(*refused.cause, Cause::KindMissing { .. }) => {}
            Err(refused) => console.talk(&format!("not looked at: {refused}")),
        }
    }
    live
}

/// The classes of volumes.
pub(crate) async fn storage_classes(cluster: &Cluster, console: &mut Console) -> Vec<StorageClass> {
    let kind = GroupKind {
        group: "storage.k8s.io".to_owned(),
        kind: "StorageClass".to_owned(),
    };
    let found = cluster.list(&kind, None, &Selector::default()).await;
    let classes = seen_or_told(found, console);
    let default = "/metadata/annotations/storageclass.kubernetes.io~1is-default-class";
    let classes = classes.iter().map(|class| StorageClass {
        name: class["metadata"]["name"].as_str().unwrap_or_default().to_owned(),
        is_default: class.pointer(default).and_then(Json::as_str) == Some("true"),
    });
    classes.collect()
}

/// Which of the kinds that are declared the cluster knows, as `Kind.group`.
pub(crate) async fn kinds<'a>(
    cluster: &Cluster,
    objects: impl Iterator<Item = &'a Object>,
) -> BTreeSet<String> {
    let declared: BTreeSet<GroupKind> = objects.map(|object| GroupKind::of(&object.key())).collect();
    let mut known = BTreeSet::new();
    for kind in declared {
        if cluster.resource(&kind).await.is_ok() {
            known.insert(kind.to_string());
        }
    }
    known
}
