use std::fmt;

use serde_json::{Value as Json, json};

use super::asked::Asked;
use super::labels::{PART_OF, ROTATIONS, SHARED_BY, is_attached, is_part_of, is_shared};
use crate::object::Object;

/// An object as it is sent: a Secret's values in clear. It can't be printed.
#[derive(Clone, PartialEq)]
pub struct Sent(Json);

impl Sent {
    /// The object. The caller answers for where it goes.
    pub const fn reveal(&self) -> &Json {
        &self.0
    }
}

impl From<Json> for Sent {
    fn from(json: Json) -> Self {
        Self(json)
    }
}

impl fmt::Debug for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sent")
    }
}

/// The object that is sent, given what is there: with the label of the inventory, unless it is somebody else's and Berth
/// only adds to it; and with the number of replicas where nobody but Berth has set one yet.
///
/// An autoscaler's target names no replicas. Where they were declared before, leaving them out would have the server fall
/// back to one until the autoscaler takes over, so the number that runs is sent until then.
pub fn sent(object: &Object, live: Option<&Json>, asked: &Asked) -> Sent {
    let inventory = &asked.inventory;
    let mut json = object.to_json();
    let is_anothers =
        is_attached(&json) || live.is_some_and(|live| is_shared(&json) && !is_part_of(live, inventory));
    let label = if is_anothers { SHARED_BY } else { PART_OF };
    set(&mut json, &["metadata", "labels", label], json!(inventory));
    if let Some(replicas) = live.and_then(|live| kept_replicas(&json, live)) {
        set(&mut json, &["spec", "replicas"], replicas);
    }
    count_rotations(&mut json, asked);
    Sent(json)
}

/// What takes back all that Berth added to somebody else's object: applied, it leaves what others set.
pub(super) fn taken_back(live: &Json) -> Sent {
    let metadata = &live["metadata"];
    let mut json = json!({
        "apiVersion": live["apiVersion"],
        "kind": live["kind"],
        "metadata": {"name": metadata["name"]},
    });
    if let Some(namespace) = metadata.get("namespace") {
        json["metadata"]["namespace"] = namespace.clone();
    }
    Sent(json)
}

/// How often values were made anew stands in their Secret and in the template of the pods that read it, so that these
/// restart with the new ones.
fn count_rotations(json: &mut Json, asked: &Asked) {
    let namespace = json["metadata"]["namespace"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let name = json["metadata"]["name"].as_str().unwrap_or_default().to_owned();
    for ((at, secret), count) in &asked.rotations {
        if *at != namespace {
            continue;
        }
        if json["kind"] == "Secret" && *secret == name {
            set(
                json,
                &["metadata", "annotations", ROTATIONS],
                json!(count.to_string()),
            );
        } else if json["spec"]["template"].is_object() && names(&json["spec"]["template"], secret) {
            let path = ["spec", "template", "metadata", "annotations", ROTATIONS];
            set(json, &path, json!(count.to_string()));
        }
    }
}

/// Whether a Secret is named anywhere in a template of pods: as a volume, in one, or by a variable.
fn names(value: &Json, secret: &str) -> bool {
    match value {
        Json::Object(fields) => fields.iter().any(|(key, value)| match key.as_str() {
            "secretName" => value == secret,
            "secretKeyRef" | "secret" | "secretRef" => value["name"] == secret || names(value, secret),
            _ => names(value, secret),
        }),
        Json::Array(items) => items.iter().any(|item| names(item, secret)),
        _ => false,
    }
}

fn set(json: &mut Json, path: &[&str], value: Json) {
    let mut place = json;
    for name in path {
        if !place.is_object() {
            *place = json!({});
        }
        place = &mut place[*name];
    }
    *place = value;
}

/// The replicas that run, where the object names none and Berth alone has set them.
fn kept_replicas(json: &Json, live: &Json) -> Option<Json> {
    let kind = json["kind"].as_str()?;
    if !matches!(kind, "Deployment" | "StatefulSet") || json["spec"].get("replicas").is_some() {
        return None;
    }
    let managers = live["metadata"]["managedFields"].as_array()?;
    let owns = |manager: &&Json| manager["fieldsV1"]["f:spec"].get("f:replicas").is_some();
    let owners: Vec<&Json> = managers.iter().filter(owns).collect();
    let is_ours = |owner: &Json| owner["manager"] == "berth" && owner["operation"] == "Apply";
    let alone = !owners.is_empty() && owners.into_iter().all(is_ours);
    alone.then(|| live["spec"]["replicas"].clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::{ConfigMap, Metadata, Namespace};

    const ID: &str = "applyset-x-v1";

    fn asked() -> Asked {
        Asked {
            inventory: ID.to_owned(),
            ..Asked::default()
        }
    }

    #[test]
    fn what_berth_makes_carries_the_label_of_its_inventory() {
        let map = Object::new(Metadata::named("a").within("n"), &ConfigMap::default());
        assert!(is_part_of(sent(&map, None, &asked()).reveal(), ID));
        let namespace = Object::new(Metadata::named("n"), &Namespace::default());
        assert!(is_part_of(sent(&namespace, None, &asked()).reveal(), ID));
    }

    #[test]
    fn a_namespace_that_was_there_before_is_not_taken_into_the_inventory() {
        let namespace = Object::new(Metadata::named("n"), &Namespace::default());
        let live = json!({"kind": "Namespace", "metadata": {"name": "n"}});
        assert!(!is_part_of(sent(&namespace, Some(&live), &asked()).reveal(), ID));
        let ours = json!({"kind": "Namespace", "metadata": {"name": "n", "labels": {PART_OF: ID}}});
        assert!(is_part_of(sent(&namespace, Some(&ours), &asked()).reveal(), ID));
    }

    #[test]
    fn pods_that_read_a_secret_follow_its_rotations_and_others_do_not() {
        let asked = Asked {
            rotations: [(("n".to_owned(), "s".to_owned()), 2)].into(),
            ..asked()
        };
        let pod = |spec: Json| json!({"kind": "Deployment", "metadata": {"namespace": "n"}, "spec": {"template": {"spec": spec}}});
        let rotations = |mut json: Json| {
            count_rotations(&mut json, &asked);
            json["spec"]["template"]["metadata"]["annotations"][ROTATIONS].clone()
        };
        let variable =
            json!({"containers": [{"env": [{"valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}]}]});
        assert_eq!(rotations(pod(variable)), "2");
        assert_eq!(
            rotations(pod(json!({"volumes": [{"secret": {"secretName": "s"}}]}))),
            "2"
        );
        let projected = json!({"volumes": [{"projected": {"sources": [{"secret": {"name": "s"}}]}}]});
        assert_eq!(rotations(pod(projected)), "2");
        assert_eq!(
            rotations(pod(json!({"volumes": [{"secret": {"secretName": "t"}}]}))),
            Json::Null
        );
    }

    #[test]
    fn replicas_are_sent_until_the_autoscaler_has_set_them_once() {
        let owner = |manager: &str, operation: &str| json!({"manager": manager, "operation": operation, "fieldsV1": {"f:spec": {"f:replicas": {}}}});
        let live =
            |owners: Vec<Json>| json!({"spec": {"replicas": 3}, "metadata": {"managedFields": owners}});
        let wanted = json!({"kind": "Deployment", "spec": {}});
        let ours = owner("berth", "Apply");
        assert_eq!(kept_replicas(&wanted, &live(vec![ours.clone()])), Some(json!(3)));
        let scaler = owner("kube-controller-manager", "Update");
        assert_eq!(kept_replicas(&wanted, &live(vec![ours, scaler])), None);
        assert_eq!(kept_replicas(&wanted, &live(Vec::new())), None);
    }
}
