use serde_json::{Value as Json, json};

use crate::object::{Object, ObjectSet};

/// The objects as one stream of YAML documents. Secrets stand in it in clear.
pub fn to_yaml_stream(objects: &ObjectSet) -> String {
    let documents: Vec<String> = objects.iter().map(Object::to_yaml).collect();
    documents.join("---\n")
}

/// The objects as one List. Secrets stand in it in clear.
pub fn to_json_list(objects: &ObjectSet) -> Json {
    let items: Vec<Json> = objects.iter().map(Object::to_json).collect();
    json!({"apiVersion": "v1", "kind": "List", "items": items})
}
