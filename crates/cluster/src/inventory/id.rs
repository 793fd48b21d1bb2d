use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The id of a set whose parent is a ConfigMap: a hash over name, namespace, kind and group of the parent.
pub(super) fn id(namespace: &str, name: &str) -> String {
    of_parent(namespace, name, "ConfigMap")
}

fn of_parent(namespace: &str, name: &str, kind: &str) -> String {
    // The group of both kinds that kubectl takes without a CRD is empty: the text ends in the dot before it.
    let hash = digest(&SHA256, format!("{name}.{namespace}.{kind}.").as_bytes());
    format!("applyset-{}-v1", URL_SAFE_NO_PAD.encode(hash))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_is_the_one_that_kubectl_makes() {
        // What kubectl's own test finds after `apply --prune --applyset=my-set -n test`.
        let expected = "applyset-0eFHV8ySqp7XoShsGvyWFQD3s96yqwHmzc4e0HR1dsY-v1";
        assert_eq!(of_parent("test", "my-set", "Secret"), expected);
    }

    #[test]
    fn an_id_is_a_label() {
        assert!(id("a", "b").len() <= 63);
        assert_ne!(id("a", "b"), id("b", "a"));
    }
}
