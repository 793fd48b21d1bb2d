use std::collections::BTreeSet;

use berth_plan::object::ObjectKey;
use serde_json::{Value as Json, json};

use super::id::id;
use super::{Inventory, InventoryError};
use crate::kinds::GroupKind;

const ID: &str = "applyset.kubernetes.io/id";
const TOOLING: &str = "applyset.kubernetes.io/tooling";
const KINDS: &str = "applyset.kubernetes.io/contains-group-kinds";
const NAMESPACES: &str = "applyset.kubernetes.io/additional-namespaces";

/// What Berth writes as the tool.
const BERTH: &str = concat!("berth/v", env!("CARGO_PKG_VERSION"));

pub(super) fn key(namespace: &str, name: &str) -> ObjectKey {
    ObjectKey {
        namespace: Some(namespace.to_owned()),
        name: name.to_owned(),
        group: "".into(),
        kind: "ConfigMap".into(),
    }
}

impl Inventory {
    /// An inventory of nothing, not recorded yet.
    pub(super) fn empty(namespace: &str, name: &str) -> Self {
        Self {
            name: name.to_owned(),
            namespace: namespace.to_owned(),
            id: id(namespace, name),
            uid: None,
            version: None,
            kinds: BTreeSet::new(),
            namespaces: BTreeSet::new(),
        }
    }

    /// What a parent records. Another tool's is refused, and so is a ConfigMap that is none.
    pub(super) fn read(namespace: &str, name: &str, parent: &Json) -> Result<Self, InventoryError> {
        let mut read = Self::empty(namespace, name);
        let key = Box::new(read.key());
        let text = |of: &str, field: &str| {
            let metadata = &parent["metadata"];
            metadata[of][field].as_str().map(str::to_owned)
        };
        let (Some(found), Some(tooling)) = (text("labels", ID), text("annotations", TOOLING)) else {
            return Err(InventoryError::Taken { key });
        };
        if tooling.split('/').next() != Some("berth") {
            return Err(InventoryError::Foreign { key, tooling });
        }
        if found != read.id {
            let expected = read.id;
            return Err(InventoryError::Id { key, found, expected });
        }
        let listed = |field: &str| text("annotations", field).unwrap_or_default();
        for kind in names(&listed(KINDS)) {
            let kind = parse_kind(kind).ok_or_else(|| InventoryError::Kinds {
                key: key.clone(),
                text: kind.to_owned(),
            })?;
            read.kinds.insert(kind);
        }
        read.namespaces = names(&listed(NAMESPACES)).map(str::to_owned).collect();
        let metadata = &parent["metadata"];
        read.uid = metadata["uid"].as_str().map(str::to_owned);
        read.version = metadata["resourceVersion"].as_str().map(str::to_owned);
        Ok(read)
    }

    /// The parent that records this.
    pub(super) fn write(&self) -> Json {
        json!({
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {
                "name": self.name,
                "namespace": self.namespace,
                "labels": {ID: self.id},
                "annotations": {
                    TOOLING: BERTH,
                    KINDS: joined(self.kinds.iter().map(ToString::to_string)),
                    NAMESPACES: joined(self.namespaces.iter().cloned()),
                },
            },
        })
    }
}

fn names(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|name| !name.is_empty())
}

/// In the order of the letters, as the specification asks.
fn joined(names: impl Iterator<Item = String>) -> String {
    let mut names: Vec<_> = names.collect();
    names.sort();
    names.join(",")
}

/// `Deployment.apps`, or `ConfigMap`. Some tools end a kind of the core group in a dot.
fn parse_kind(text: &str) -> Option<GroupKind> {
    let (kind, group) = text.split_once('.').unwrap_or((text, ""));
    let letters = !kind.is_empty() && kind.chars().all(|c| c.is_ascii_alphanumeric());
    letters.then(|| GroupKind {
        group: group.to_owned(),
        kind: kind.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorded() -> Inventory {
        let mut inventory = Inventory::empty("registry", "berth");
        for kind in ["Secret", "Deployment.apps", "ConfigMap"] {
            inventory.kinds.insert(parse_kind(kind).unwrap());
        }
        inventory.namespaces.insert("other".to_owned());
        inventory
    }

    #[test]
    fn what_is_written_is_what_is_read() {
        let mut written = recorded().write();
        assert_eq!(
            written["metadata"]["annotations"][KINDS],
            "ConfigMap,Deployment.apps,Secret"
        );
        assert_eq!(written["metadata"]["annotations"][NAMESPACES], "other");
        assert_eq!(
            Inventory::read("registry", "berth", &written).unwrap(),
            recorded()
        );
        written["metadata"]["uid"] = "u".into();
        let read = Inventory::read("registry", "berth", &written).unwrap();
        assert!(read.exists());
    }

    #[test]
    fn the_set_of_another_tool_is_refused() {
        let mut parent = recorded().write();
        parent["metadata"]["annotations"][TOOLING] = "kubectl/v1.31.1".into();
        let refused = Inventory::read("registry", "berth", &parent).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "opening the inventory ConfigMap registry/berth: kubectl/v1.31.1 keeps it, not berth; choose another name by --inventory"
        );
        parent["metadata"]["annotations"][TOOLING] = "berthing/v1".into();
        let refused = Inventory::read("registry", "berth", &parent).unwrap_err();
        assert!(matches!(refused, InventoryError::Foreign { .. }));
    }

    #[test]
    fn a_later_berth_keeps_the_same_set() {
        let mut parent = recorded().write();
        parent["metadata"]["annotations"][TOOLING] = "berth/v9.0.0".into();
        assert!(Inventory::read("registry", "berth", &parent).is_ok());
    }

    #[test]
    fn a_config_map_that_is_no_set_is_not_taken() {
        let parent = json!({"metadata": {"name": "berth"}});
        let refused = Inventory::read("registry", "berth", &parent).unwrap_err();
        assert!(matches!(refused, InventoryError::Taken { .. }), "{refused}");
    }

    #[test]
    fn an_id_of_another_parent_is_refused() {
        let mut parent = recorded().write();
        parent["metadata"]["labels"][ID] = id("elsewhere", "berth").into();
        let refused = Inventory::read("registry", "berth", &parent).unwrap_err();
        assert!(matches!(refused, InventoryError::Id { .. }), "{refused}");
    }

    #[test]
    fn a_kind_that_is_none_is_told() {
        let mut parent = recorded().write();
        parent["metadata"]["annotations"][KINDS] = "Secret,?".into();
        let refused = Inventory::read("registry", "berth", &parent).unwrap_err();
        assert!(refused.to_string().contains("\"?\" in its annotation is no kind"));
    }
}
