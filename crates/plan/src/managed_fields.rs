//! Who owns which field of an object, and since when: read off `metadata.managedFields`.

use serde_json::{Map, Value as Json};

/// The one name under which Berth owns fields.
pub const FIELD_MANAGER: &str = "berth";

/// A field and who wrote it last.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Ownership {
    /// The field: `.spec.containers[name="core"].image`.
    pub path: String,
    /// The manager, such as `kubectl-edit`.
    pub manager: String,
    /// Whether it applies (and so claims what it writes), or merely updates.
    pub applies: bool,
    /// When, as the cluster writes times; empty where it doesn't say.
    pub time: String,
}

/// All ownerships of an object's fields, in the order of the paths. A field may have several owners.
pub fn ownerships(object: &Json) -> Vec<Ownership> {
    let entries = object.pointer("/metadata/managedFields").and_then(Json::as_array);
    let mut found = Vec::new();
    for entry in entries.into_iter().flatten() {
        let Some(fields) = entry["fieldsV1"].as_object() else {
            continue;
        };
        let text = |field: &str| entry[field].as_str().unwrap_or_default().to_owned();
        let mut paths = Vec::new();
        leaves(fields, "", &mut paths);
        found.extend(paths.into_iter().map(|path| Ownership {
            path,
            manager: text("manager"),
            applies: entry["operation"] == "Apply",
            time: text("time"),
        }));
    }
    found.sort();
    found
}

/// The last to have written a field, or something that holds it or lies in it.
pub fn last_writer<'a>(ownerships: &'a [Ownership], path: &str) -> Option<&'a Ownership> {
    let touches = |it: &&Ownership| lies_in(&it.path, path) || lies_in(path, &it.path);
    ownerships
        .iter()
        .filter(touches)
        .max_by(|a, b| a.time.cmp(&b.time))
}

/// Whether a path is another, or lies beneath it.
fn lies_in(path: &str, above: &str) -> bool {
    path.strip_prefix(above)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// The paths that end here: a set of fields in which nothing, or nothing but itself, is named.
fn leaves(fields: &Map<String, Json>, above: &str, found: &mut Vec<String>) {
    for (key, below) in fields {
        let Some((sort, name)) = key.split_once(':') else {
            // `.` is the field that holds these.
            continue;
        };
        let path = match sort {
            "f" => format!("{above}.{name}"),
            "k" => format!("{above}[{}]", keys(name)),
            "v" => format!("{above}[={name}]"),
            _ => format!("{above}[{name}]"),
        };
        let below = below.as_object().filter(|it| it.keys().any(|key| key != "."));
        match below {
            Some(below) => leaves(below, &path, found),
            None => found.push(path),
        }
    }
}

/// `{"name":"core"}` as `name="core"`.
fn keys(text: &str) -> String {
    let Ok(Json::Object(keys)) = serde_json::from_str(text) else {
        return text.to_owned();
    };
    let keys: Vec<_> = keys.iter().map(|(key, value)| format!("{key}={value}")).collect();
    keys.join(",")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object() -> Json {
        json!({"metadata": {"managedFields": [
            {"manager": "berth", "operation": "Apply", "time": "2026-01-01T00:00:00Z", "fieldsV1": {
                "f:spec": {"f:replicas": {}, "f:template": {"f:spec": {"f:containers": {
                    "k:{\"name\":\"core\"}": {".": {}, "f:name": {}, "f:image": {}},
                }}}},
                "f:metadata": {"f:finalizers": {".": {}, "v:\"a/b\"": {}}},
            }},
            {"manager": "kubectl-edit", "operation": "Update", "time": "2026-02-01T00:00:00Z", "fieldsV1": {
                "f:spec": {"f:replicas": {}},
            }},
        ]}})
    }

    #[test]
    fn every_field_that_is_owned_stands_with_its_owner() {
        let found = ownerships(&object());
        let lines: Vec<_> = found
            .iter()
            .map(|it| format!("{} {}", it.path, it.manager))
            .collect();
        let expected = [
            ".metadata.finalizers[=\"a/b\"] berth",
            ".spec.replicas berth",
            ".spec.replicas kubectl-edit",
            ".spec.template.spec.containers[name=\"core\"].image berth",
            ".spec.template.spec.containers[name=\"core\"].name berth",
        ];
        assert_eq!(lines, expected);
    }

    #[test]
    fn the_last_to_write_a_field_is_named() {
        let found = ownerships(&object());
        let writer = |path: &str| last_writer(&found, path).map(|it| it.manager.as_str());
        assert_eq!(writer(".spec.replicas"), Some("kubectl-edit"));
        assert_eq!(writer(".spec.template"), Some("berth"));
        assert_eq!(writer(".spec.rep"), None);
        assert_eq!(writer(".spec"), Some("kubectl-edit"));
    }
}
