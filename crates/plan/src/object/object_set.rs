use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::{Object, ObjectKey, Stage};

/// Objects in the order in which they are applied: by [`Stage`], then namespace, then name, then kind.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ObjectSet {
    objects: BTreeMap<(Stage, ObjectKey), Object>,
}

/// An object of this key is in the set already.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0} is made twice")]
pub struct Duplicate(pub ObjectKey);

impl ObjectSet {
    /// Puts an object in, unless one of its key is there.
    pub fn insert(&mut self, object: Object) -> Result<(), Duplicate> {
        match self.objects.entry((object.stage(), object.key())) {
            Entry::Vacant(place) => {
                place.insert(object);
                Ok(())
            }
            Entry::Occupied(there) => Err(Duplicate(there.key().1.clone())),
        }
    }

    /// The objects, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Object> {
        self.objects.values()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.objects.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }

    /// The object of a kind, a namespace and a name, where there is one.
    pub fn lookup(&self, kind: &str, namespace: Option<&str>, name: &str) -> Option<&Object> {
        self.iter().find(|object| {
            let metadata = object.metadata();
            object.kind() == kind && metadata.name == name && metadata.namespace.as_deref() == namespace
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::{ConfigMap, Metadata, Namespace, ServiceAccount};

    fn order(objects: Vec<Object>) -> Vec<String> {
        let mut set = ObjectSet::default();
        for object in objects {
            set.insert(object).unwrap();
        }
        set.iter().map(|object| object.key().to_string()).collect()
    }

    #[test]
    fn objects_stand_in_the_order_of_stages_then_names_whatever_comes_first() {
        let config = |name: &str| Object::new(Metadata::named(name).within("n"), &ConfigMap::default());
        let account = Object::new(Metadata::named("z").within("n"), &ServiceAccount::default());
        let namespace = Object::new(Metadata::named("n"), &Namespace::default());
        let expected = [
            "Namespace n",
            "ServiceAccount n/z",
            "ConfigMap n/a",
            "ConfigMap n/b",
        ];
        let forward = vec![config("b"), config("a"), account.clone(), namespace.clone()];
        let backward = vec![namespace, account, config("a"), config("b")];
        assert_eq!(order(forward), expected);
        assert_eq!(order(backward), expected);
    }

    #[test]
    fn the_same_object_twice_is_refused() {
        let mut set = ObjectSet::default();
        let object = Object::new(Metadata::named("a").within("n"), &ConfigMap::default());
        assert!(set.insert(object.clone()).is_ok());
        let refused = set.insert(object).unwrap_err();
        assert_eq!(refused.to_string(), "ConfigMap n/a is made twice");
        assert_eq!(set.len(), 1);
    }
}
