use std::collections::BTreeMap;

use berth_cluster::{Cause, Cluster, GroupKind, Refused, Selector};
use berth_plan::change::{SHARED_BY, is_part_of};
use berth_plan::object::ObjectKey;
use serde_json::Value as Json;

/// The kinds by which a namespace is told to be in use.
const KINDS: [(&str, &str); 12] = [
    ("", "PersistentVolumeClaim"),
    ("", "Pod"),
    ("", "Secret"),
    ("", "ConfigMap"),
    ("", "Service"),
    ("", "ServiceAccount"),
    ("apps", "Deployment"),
    ("apps", "StatefulSet"),
    ("apps", "DaemonSet"),
    ("batch", "Job"),
    ("batch", "CronJob"),
    ("networking.k8s.io", "Ingress"),
];

/// What stands in the namespaces that Berth made and that isn't its own: they can't go before it.
pub(super) async fn occupants(
    cluster: &Cluster,
    namespaces: impl Iterator<Item = &str>,
    inventory: &berth_cluster::Inventory,
) -> Result<BTreeMap<String, Vec<String>>, Refused> {
    let mut all = BTreeMap::new();
    for namespace in namespaces {
        let mut found = Vec::new();
        for (group, kind) in KINDS {
            let kind = GroupKind {
                group: group.to_owned(),
                kind: kind.to_owned(),
            };
            let objects = match cluster.list(&kind, Some(namespace), &Selector::default()).await {
                Ok(objects) => objects,
                Err(refused) if matches!(*refused.cause, Cause::KindMissing { .. }) => continue,
                Err(refused) => return Err(refused),
            };
            let theirs = objects.iter().filter(|object| is_anothers(object, inventory));
            found.extend(theirs.filter_map(|object| Some(ObjectKey::of(object)?.to_string())));
        }
        if !found.is_empty() {
            all.insert(namespace.to_owned(), found);
        }
    }
    Ok(all)
}

/// Not Berth's, not made by something of Berth's, and not what each namespace has.
fn is_anothers(object: &Json, inventory: &berth_cluster::Inventory) -> bool {
    let metadata = &object["metadata"];
    let name = metadata["name"].as_str().unwrap_or_default();
    let is_usual = matches!(
        (object["kind"].as_str().unwrap_or_default(), name),
        ("ConfigMap", "kube-root-ca.crt") | ("ServiceAccount", "default")
    ) || object["type"] == "kubernetes.io/service-account-token";
    let is_owned = metadata["ownerReferences"]
        .as_array()
        .is_some_and(|owners| !owners.is_empty());
    let is_parent = ObjectKey::of(object).is_some_and(|key| key == inventory.key());
    !(is_usual || is_owned || is_parent || is_part_of(object, inventory.id()))
}

/// The claims of stateful sets that are to go: each pod's own, which stay.
pub(super) async fn claims_of_sets(cluster: &Cluster, sets: &[&Json]) -> Result<Vec<Json>, Refused> {
    let claim = GroupKind {
        group: String::new(),
        kind: "PersistentVolumeClaim".to_owned(),
    };
    let mut found = Vec::new();
    for set in sets {
        let name = set["metadata"]["name"].as_str().unwrap_or_default();
        let namespace = set["metadata"]["namespace"].as_str();
        let templates = set["spec"]["volumeClaimTemplates"]
            .as_array()
            .into_iter()
            .flatten();
        let starts: Vec<String> = templates
            .filter_map(|template| Some(format!("{}-{name}-", template["metadata"]["name"].as_str()?)))
            .collect();
        if starts.is_empty() {
            continue;
        }
        let claims = cluster.list(&claim, namespace, &Selector::default()).await?;
        found.extend(claims.into_iter().filter(|claim| {
            let name = claim["metadata"]["name"].as_str().unwrap_or_default();
            starts.iter().any(|start| {
                let ordinal = name.strip_prefix(start.as_str());
                ordinal.is_some_and(|ordinal| ordinal.parse::<u32>().is_ok())
            })
        }));
    }
    Ok(found)
}

/// What is somebody else's and was added to from this inventory. Who may not list it has added to none.
pub(super) async fn shared(
    cluster: &Cluster,
    inventory: &berth_cluster::Inventory,
) -> Result<Vec<Json>, Refused> {
    let core = |kind: &str| GroupKind {
        group: String::new(),
        kind: kind.to_owned(),
    };
    let selector = Selector::label(SHARED_BY, inventory.id());
    let accounts = core("ServiceAccount");
    let mut lists = vec![cluster.list(&core("Namespace"), None, &selector).await];
    if inventory.kinds().contains(&accounts) {
        for namespace in inventory.namespaces() {
            lists.push(cluster.list(&accounts, Some(namespace), &selector).await);
        }
    }
    let mut found = Vec::new();
    for list in lists {
        match list {
            Ok(objects) => found.extend(objects),
            Err(refused) if matches!(*refused.cause, Cause::Forbidden { .. }) => {}
            Err(refused) => return Err(refused),
        }
    }
    Ok(found)
}
