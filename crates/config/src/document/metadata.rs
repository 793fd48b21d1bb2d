use indexmap::IndexMap;
use serde_json::Value as Json;

use crate::section::{Section, ValueType, section};
use crate::value::{KubernetesLabel, Written};

section! {
    /// What Kubernetes says of every object. What a cluster adds to it is let pass.
    pub struct Metadata {
        /// The name: the builder's name argument.
        core name: String;
        /// The namespace; `spec.namespace` wins over it.
        core namespace: Option<Written<KubernetesLabel>>, code "K-002";
        /// Labels of the document.
        core labels: IndexMap<String, String>;
        /// Annotations of the document.
        core annotations: IndexMap<String, String>;
        /// Written by a cluster.
        extension uid: Option<String>;
        /// Written by a cluster.
        extension resource_version as "resourceVersion": Option<String>;
        /// Written by a cluster.
        extension generation: Option<i64>;
        /// Written by a cluster.
        extension creation_timestamp as "creationTimestamp": Option<String>;
        /// Written by a cluster.
        extension managed_fields as "managedFields": Vec<Json>;
        /// Written by a cluster.
        extension owner_references as "ownerReferences": Vec<Json>;
        /// Written by a cluster.
        extension finalizers: Vec<String>;
    }
}

/// What `metadata` holds.
pub(crate) const TYPE: ValueType = ValueType::Section(&Metadata::SHAPE);
