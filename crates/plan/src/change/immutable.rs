use serde_json::Value as Json;

use super::difference::{FieldChange, of_declared};
use super::labels::kind;
use super::secrecy::Secrecy;

/// What the server says of a field that can't change.
const WORDS: [&str; 5] = [
    "immutable",
    "cannot change roleref",
    "are forbidden",
    "may not be changed",
    "can not be less than",
];

/// The fields that can't be changed and would have to be; empty where the server refuses for another reason.
pub(super) fn immutable_fields(
    live: &Json,
    wanted: &Json,
    message: &str,
    causes: &[(String, String)],
) -> Vec<String> {
    let says = |text: &str| {
        let text = text.to_ascii_lowercase();
        WORDS.iter().any(|word| text.contains(word))
    };
    let named: Vec<&str> = causes
        .iter()
        .filter(|(_, text)| says(text))
        .map(|(field, _)| field.as_str())
        .collect();
    if named.is_empty() && !says(message) {
        return Vec::new();
    }
    let differing: Vec<FieldChange> = of_declared(live, wanted, Secrecy::of(wanted));
    let fixed = differing
        .iter()
        .filter(|field| !is_mutable(kind(wanted), &field.path));
    let below = |path: &str| {
        named.is_empty()
            || named
                .iter()
                .any(|field| path.starts_with(field.trim_start_matches('.')))
    };
    let mut fields: Vec<String> = fixed
        .filter(|field| below(&field.path))
        .map(|field| short(&field.path))
        .collect();
    if fields.is_empty() {
        fields = named.iter().map(|field| (*field).to_owned()).collect();
    }
    fields.dedup();
    fields
}

/// Whether a field of a kind can change although the server complains of the whole `spec`.
fn is_mutable(kind: &str, path: &str) -> bool {
    let mutable: &[&str] = match kind {
        "StatefulSet" => &[
            "metadata",
            "spec.replicas",
            "spec.ordinals",
            "spec.template",
            "spec.updateStrategy",
            "spec.revisionHistoryLimit",
            "spec.persistentVolumeClaimRetentionPolicy",
            "spec.minReadySeconds",
        ],
        _ => &["metadata"],
    };
    mutable.iter().any(|start| path.starts_with(start))
}

/// The last field of a path, and what stands before it where that says which one: `volumeClaimTemplates[data].storage`.
fn short(path: &str) -> String {
    let whole = path.strip_prefix("spec.").unwrap_or(path);
    match whole.split_once("].") {
        Some((list, rest)) => {
            let last = rest.rsplit('.').next().unwrap_or(rest);
            format!("{list}].{last}")
        }
        None => whole.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_fields_that_differ_are_named_not_the_whole_spec() {
        let live =
            json!({"kind": "PersistentVolumeClaim", "spec": {"storageClassName": "a", "volumeName": "v"}});
        let wanted = json!({"kind": "PersistentVolumeClaim", "spec": {"storageClassName": "b"}});
        let causes = [(
            "spec".to_owned(),
            "Forbidden: spec is immutable after creation except resources.requests".to_owned(),
        )];
        assert_eq!(
            immutable_fields(&live, &wanted, "", &causes),
            ["storageClassName"]
        );
    }

    #[test]
    fn a_stateful_set_names_what_can_not_change_and_not_what_can() {
        let live = json!({"kind": "StatefulSet", "spec": {"replicas": 1, "serviceName": "a"}});
        let wanted = json!({"kind": "StatefulSet", "spec": {"replicas": 2, "serviceName": "b"}});
        let message = "updates to statefulset spec for fields other than 'replicas' are forbidden";
        let causes = [("spec".to_owned(), format!("Forbidden: {message}"))];
        assert_eq!(
            immutable_fields(&live, &wanted, message, &causes),
            ["serviceName"]
        );
    }

    #[test]
    fn another_complaint_names_no_field() {
        let live = json!({"kind": "Deployment"});
        let causes = [("spec.replicas".to_owned(), "must be greater than 0".to_owned())];
        assert!(immutable_fields(&live, &live, "is invalid", &causes).is_empty());
    }
}
