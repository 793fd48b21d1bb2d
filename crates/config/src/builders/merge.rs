//! The merge under every builder.

use serde_json::Value;

/// `given`, with what it leaves out taken from `defaults` at every depth.
///
/// Two objects are merged name by name; everything else replaces. A list isn't appended to, and a `null` that was
/// written stays, because "none" is an answer and not the same as silence.
pub(super) fn merge(defaults: Value, given: Value) -> Value {
    match (defaults, given) {
        (Value::Object(mut merged), Value::Object(given)) => {
            for (name, value) in given {
                let value = match merged.get_mut(&name) {
                    Some(default) => merge(default.take(), value),
                    None => value,
                };
                merged.insert(name, value);
            }
            Value::Object(merged)
        }
        (_, given) => given,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::merge;

    #[test]
    fn a_partly_given_object_keeps_its_other_defaults() {
        let merged = merge(
            json!({"a": {"b": {"c": 1, "d": 2}}}),
            json!({"a": {"b": {"c": 3}}}),
        );
        assert_eq!(merged, json!({"a": {"b": {"c": 3, "d": 2}}}));
    }

    #[test]
    fn a_list_replaces_the_default_list() {
        assert_eq!(merge(json!({"a": [1, 2]}), json!({"a": [3]})), json!({"a": [3]}));
    }

    #[test]
    fn a_given_null_stays_null() {
        assert_eq!(
            merge(json!({"a": {"b": 1}}), json!({"a": null})),
            json!({"a": null})
        );
    }

    #[test]
    fn an_object_given_for_a_scalar_replaces_it() {
        assert_eq!(
            merge(json!({"a": ""}), json!({"a": {"env": "X"}})),
            json!({"a": {"env": "X"}})
        );
    }

    #[test]
    fn given_keys_keep_the_place_of_their_default() {
        let merged = merge(json!({"a": 1, "b": 2}), json!({"z": 0, "b": 3, "a": 4}));
        assert_eq!(merged.to_string(), r#"{"a":4,"b":3,"z":0}"#);
    }
}
