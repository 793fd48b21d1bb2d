use aws_lc_rs::digest;
use serde_json::Value as Json;

use super::labels::is_part_of;
use super::normal::normalised;
use super::plan_of_changes::LiveVersion;

/// The version of a live object. A digest is made of Berth's own objects alone, and never of a Secret.
pub(super) fn version(live: &Json, inventory: &str) -> LiveVersion {
    let text = |field: &str| live["metadata"][field].as_str().unwrap_or_default().to_owned();
    let is_plain = is_part_of(live, inventory) && live["kind"] != "Secret";
    LiveVersion {
        uid: text("uid"),
        resource_version: text("resourceVersion"),
        digest: is_plain.then(|| digest_of(&normalised(live))),
    }
}

/// The digest of a value, whatever the order of its keys.
pub(super) fn digest_of(value: &Json) -> String {
    let mut text = String::new();
    canonical(value, &mut text);
    let digest = digest::digest(&digest::SHA256, text.as_bytes());
    let digits = digest.as_ref().iter().map(|byte| format!("{byte:02x}"));
    format!("sha256:{}", digits.collect::<String>())
}

fn canonical(value: &Json, text: &mut String) {
    match value {
        Json::Object(fields) => {
            let mut names: Vec<&String> = fields.keys().collect();
            names.sort();
            text.push('{');
            for name in names {
                text.push_str(&Json::String(name.clone()).to_string());
                text.push(':');
                canonical(&fields[name.as_str()], text);
                text.push(',');
            }
            text.push('}');
        }
        Json::Array(items) => {
            text.push('[');
            for item in items {
                canonical(item, text);
                text.push(',');
            }
            text.push(']');
        }
        value => text.push_str(&value.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::labels::PART_OF;
    use super::*;

    #[test]
    fn the_order_of_keys_is_no_part_of_a_digest() {
        assert_eq!(
            digest_of(&json!({"a": 1, "b": [2]})),
            digest_of(&json!({"b": [2], "a": 1}))
        );
        assert_ne!(digest_of(&json!({"a": "1"})), digest_of(&json!({"a": 1})));
    }

    #[test]
    fn no_digest_is_made_of_what_may_hold_secrets() {
        let labels = json!({PART_OF: "id"});
        let ours = json!({"kind": "ConfigMap", "metadata": {"labels": labels}});
        let secret = json!({"kind": "Secret", "metadata": {"labels": labels}});
        assert!(version(&ours, "id").digest.is_some());
        assert_eq!(version(&secret, "id").digest, None);
        assert_eq!(version(&ours, "other").digest, None);
    }
}
