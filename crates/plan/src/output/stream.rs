use berth_config::show::to_yaml;
use serde_json::{Value as Json, json};

use crate::object::ObjectSet;

/// The objects as one stream of YAML documents. Secrets stand in it in clear.
pub fn to_yaml_stream(objects: &ObjectSet) -> String {
    let documents: Vec<String> = objects.iter().map(|object| to_yaml(&object.to_json())).collect();
    documents.join("---\n")
}

/// The objects as one List. Secrets stand in it in clear.
pub fn to_json_list(objects: &ObjectSet) -> Json {
    let items: Vec<Json> = objects.iter().map(crate::object::Object::to_json).collect();
    json!({"apiVersion": "v1", "kind": "List", "items": items})
}
