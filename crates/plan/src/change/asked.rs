use std::collections::{BTreeMap, BTreeSet};

use crate::object::ObjectKey;

/// What is asked for beside the documents.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Asked {
    /// The inventory's id: its members carry it.
    pub inventory: String,
    /// Whether what others own is taken over.
    pub adopt: bool,
    /// Protected things that may be deleted or replaced all the same.
    pub also: Vec<Named>,
    /// Made-once values that are made anew: namespace, Secret, key.
    pub rotated: BTreeSet<(String, String, String)>,
    /// How often the values of a Secret were made anew, this time included: namespace and Secret.
    pub rotations: BTreeMap<(String, String), u64>,
    /// Whether everything goes.
    pub destroys: bool,
    /// What stands in namespaces that Berth made and isn't its own.
    pub occupied: BTreeMap<String, Vec<String>>,
}

/// A protected thing as somebody names it: `NAME`, `KIND/NAME` or `KIND/NAMESPACE/NAME`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Named {
    kind: Option<String>,
    namespace: Option<String>,
    name: String,
}

impl Named {
    /// Reads a name; a part that isn't given stands for any.
    pub fn parse(text: &str) -> Self {
        let parts: Vec<&str> = text.split('/').collect();
        let some = |text: &str| Some(text.to_owned());
        let (kind, namespace, name) = match parts.as_slice() {
            [kind, namespace, name] => (some(kind), some(namespace), *name),
            [kind, name] => (some(kind), None, *name),
            _ => (None, None, text),
        };
        Self {
            kind,
            namespace,
            name: name.to_owned(),
        }
    }

    /// Whether it means this object.
    pub fn means(&self, key: &ObjectKey) -> bool {
        let is_kind = self
            .kind
            .as_ref()
            .is_none_or(|kind| kind.eq_ignore_ascii_case(&key.kind) || is_short(kind, &key.kind));
        let is_there = self
            .namespace
            .as_ref()
            .is_none_or(|namespace| Some(namespace) == key.namespace.as_ref());
        is_kind && is_there && self.name == key.name
    }
}

fn is_short(short: &str, kind: &str) -> bool {
    matches!(
        (short, kind),
        ("pvc", "PersistentVolumeClaim") | ("ns", "Namespace")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_is_meant_and_nothing_beside_it() {
        let claim = |namespace: &str, name: &str| ObjectKey {
            namespace: Some(namespace.to_owned()),
            name: name.to_owned(),
            group: "".into(),
            kind: "PersistentVolumeClaim".into(),
        };
        for text in ["a", "pvc/a", "PersistentVolumeClaim/a", "pvc/n/a"] {
            let named = Named::parse(text);
            assert!(named.means(&claim("n", "a")), "{text}");
            assert!(!named.means(&claim("n", "b")), "{text}");
        }
        assert!(!Named::parse("pvc/m/a").means(&claim("n", "a")));
        assert!(!Named::parse("secret/a").means(&claim("n", "a")));
    }
}
