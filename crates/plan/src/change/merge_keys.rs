use serde_json::Value as Json;

/// What tells the items of a list apart, by the list's field: the server merges by these, so their order is no difference.
const KEYS: [(&str, &[&str]); 17] = [
    ("containers", &["name"]),
    ("initContainers", &["name"]),
    ("ephemeralContainers", &["name"]),
    ("env", &["name"]),
    ("volumes", &["name"]),
    ("volumeMounts", &["mountPath"]),
    ("volumeDevices", &["devicePath"]),
    ("volumeClaimTemplates", &["metadata.name"]),
    ("ports", &["containerPort", "protocol"]),
    ("ports", &["port", "protocol"]),
    ("imagePullSecrets", &["name"]),
    ("secrets", &["name"]),
    ("hostAliases", &["ip"]),
    ("topologySpreadConstraints", &["topologyKey", "whenUnsatisfiable"]),
    ("ownerReferences", &["uid"]),
    ("groups", &["name"]),
    ("endpoints", &["port"]),
];

/// The items of a list under their keys; `None` where the list of this field has none, or where two items share one.
pub(super) fn keyed<'a>(field: &str, items: &'a [Json]) -> Option<Vec<(String, &'a Json)>> {
    KEYS.iter()
        .filter(|(name, _)| *name == field)
        .find_map(|(_, keys)| by(keys, items))
}

fn by<'a>(keys: &[&str], items: &'a [Json]) -> Option<Vec<(String, &'a Json)>> {
    let mut keyed: Vec<(String, &Json)> = Vec::with_capacity(items.len());
    for item in items {
        let key = key(keys, item)?;
        if keyed.iter().any(|(there, _)| *there == key) {
            return None;
        }
        keyed.push((key, item));
    }
    Some(keyed)
}

/// The first key must be there; the others tell more where they are.
fn key(keys: &[&str], item: &Json) -> Option<String> {
    let mut parts = Vec::new();
    for (index, path) in keys.iter().enumerate() {
        let value = path.split('.').try_fold(item, |value, part| value.get(part));
        match value {
            Some(Json::String(text)) => parts.push(text.clone()),
            Some(Json::Number(number)) => parts.push(number.to_string()),
            _ if index > 0 => {}
            _ => return None,
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn keys(field: &str, items: &Json) -> Option<Vec<String>> {
        let keyed = keyed(field, items.as_array().unwrap())?;
        Some(keyed.into_iter().map(|(key, _)| key).collect())
    }

    #[test]
    fn ports_are_told_apart_in_pods_and_in_services() {
        let of_pod =
            json!([{"containerPort": 80, "protocol": "TCP"}, {"containerPort": 80, "protocol": "UDP"}]);
        assert_eq!(keys("ports", &of_pod).unwrap(), ["80/TCP", "80/UDP"]);
        assert_eq!(keys("ports", &json!([{"port": 443}])).unwrap(), ["443"]);
    }

    #[test]
    fn a_list_whose_items_share_a_key_has_none() {
        assert_eq!(keys("env", &json!([{"name": "a"}, {"name": "a"}])), None);
        assert_eq!(keys("tolerations", &json!([{"key": "a"}])), None);
    }
}
