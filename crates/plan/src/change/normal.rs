use serde_json::{Map, Value as Json};

use super::labels::kind;

/// What the server alone writes into `metadata`.
const SERVERS: [&str; 8] = [
    "managedFields",
    "resourceVersion",
    "generation",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "uid",
    "selfLink",
];

/// Annotations that repeat what stands elsewhere, or count what controllers did. The first may hold secrets.
const REPEATED: [&str; 2] = [
    "kubectl.kubernetes.io/last-applied-configuration",
    "deployment.kubernetes.io/revision",
];

/// An object without what the server writes of its own accord: what is left is what somebody declared, defaults filled in.
pub fn normalised(object: &Json) -> Json {
    let Json::Object(fields) = object else {
        return object.clone();
    };
    let mut normal = Map::new();
    for (key, value) in fields {
        match (key.as_str(), value) {
            ("status", _) => {}
            // `kubernetes` is a finalizer that the server adds: the field is its own.
            ("spec", _) if kind(object) == "Namespace" => {}
            ("metadata", Json::Object(metadata)) => {
                normal.insert(key.clone(), Json::Object(declared(metadata)));
            }
            _ => {
                normal.insert(key.clone(), value.clone());
            }
        }
    }
    Json::Object(normal)
}

fn declared(metadata: &Map<String, Json>) -> Map<String, Json> {
    let kept = metadata
        .iter()
        .filter(|(key, _)| !SERVERS.contains(&key.as_str()));
    let mut kept: Map<String, Json> = kept.map(|(key, value)| (key.clone(), value.clone())).collect();
    if let Some(Json::Object(annotations)) = kept.get_mut("annotations") {
        annotations.retain(|key, _| !REPEATED.contains(&key.as_str()));
        if annotations.is_empty() {
            kept.remove("annotations");
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_the_server_writes_is_no_part_of_an_object() {
        let live = json!({
            "kind": "ConfigMap",
            "metadata": {"name": "a", "uid": "1", "resourceVersion": "2", "generation": 3, "managedFields": [],
                "creationTimestamp": "x", "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{}"}},
            "data": {"a": "b"}, "status": {"phase": "x"},
        });
        let expected = json!({"kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"a": "b"}});
        assert_eq!(normalised(&live), expected);
    }

    #[test]
    fn what_somebody_declared_stays() {
        let live = json!({"kind": "Deployment", "metadata": {"name": "a", "annotations": {"a": "b"}}, "spec": {"replicas": 1}});
        assert_eq!(normalised(&live), live);
    }
}
