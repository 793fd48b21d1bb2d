//! Kubernetes objects as Berth writes them: plain structs with the fields it sets and no others.
//!
//! One file a kind, or a close family. A struct holds what stands beside `metadata`: [`Deployment`] is its `spec`.
//! [`Object`] puts the two together, and [`ObjectSet`] keeps many in the order in which they are applied.

mod autoscaler;
mod cert_manager;
mod config_map;
mod cron_job;
mod deployment;
mod disruption_budget;
mod http_route;
mod ingress;
mod job;
mod metadata;
mod monitoring;
mod namespace;
mod network_policy;
mod object_set;
mod pod;
mod rbac;
mod secret;
mod service;
mod service_account;
mod stateful_set;
mod storage;
mod volume;

use std::borrow::Cow;
use std::fmt;

use berth_config::show::fields_to_yaml;
use serde::Serialize;
use serde_json::{Map, Value as Json};

pub use autoscaler::*;
pub use cert_manager::*;
pub use config_map::*;
pub use cron_job::*;
pub use deployment::*;
pub use disruption_budget::*;
pub use http_route::*;
pub use ingress::*;
pub use job::*;
pub use metadata::*;
pub use monitoring::*;
pub use namespace::*;
pub use network_policy::*;
pub use object_set::*;
pub use pod::*;
pub use rbac::*;
pub use secret::*;
pub use service::*;
pub use service_account::*;
pub use stateful_set::*;
pub use storage::*;
pub use volume::*;

/// A kind of object: what of it stands beside `metadata`.
pub trait Kind: Serialize {
    /// Group and version, such as `apps/v1`.
    const API_VERSION: &'static str;
    /// The name of the kind.
    const KIND: &'static str;
    /// When it is applied.
    const STAGE: Stage;
}

/// When an object is applied: each stage may rely on those before it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Stage {
    /// Namespaces.
    Namespace,
    /// Service accounts, roles and their bindings.
    Access,
    /// Secrets and configuration.
    Configuration,
    /// Storage classes and claims.
    Storage,
    /// What other workloads keep their data in.
    Datastore,
    /// What brings that data to a new version.
    Migration,
    /// What runs.
    Workload,
    /// Services.
    Service,
    /// What leads to services from outside.
    Exposure,
    /// What bounds the workloads: network, disruption, scale.
    Policy,
    /// What watches them.
    Monitoring,
}

/// What tells an object from all others in a cluster.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ObjectKey {
    /// The namespace; `None` for what belongs to the whole cluster.
    pub namespace: Option<String>,
    /// The name.
    pub name: String,
    /// The group without its version; empty for the core group.
    pub group: Cow<'static, str>,
    /// The kind.
    pub kind: Cow<'static, str>,
}

impl ObjectKey {
    /// The key of an object as a cluster tells it; `None` without kind or name.
    pub fn of(object: &Json) -> Option<Self> {
        let metadata = object.get("metadata")?;
        let text = |value: &Json, field: &str| value.get(field).and_then(Json::as_str).map(str::to_owned);
        Some(Self {
            namespace: text(metadata, "namespace"),
            name: text(metadata, "name")?,
            group: group_of(object.get("apiVersion")?.as_str()?).to_owned().into(),
            kind: text(object, "kind")?.into(),
        })
    }
}

/// An object as it is sent to a cluster. A Secret holds its values in clear: its `Debug` shows the key alone.
#[derive(Clone, PartialEq)]
pub struct Object {
    api_version: &'static str,
    kind: &'static str,
    stage: Stage,
    metadata: Metadata,
    body: Map<String, Json>,
}

impl Object {
    /// Puts an object together. Fields that are `None` are left out.
    ///
    /// # Panics
    /// Never: the structs of this module are maps with text keys.
    pub fn new<K: Kind>(metadata: Metadata, body: &K) -> Self {
        let body = serde_json::to_value(body).expect("an object's struct serialises");
        let Json::Object(mut body) = body else {
            unreachable!("an object's struct is a map");
        };
        drop_nulls(&mut body);
        Self {
            api_version: K::API_VERSION,
            kind: K::KIND,
            stage: K::STAGE,
            metadata,
            body,
        }
    }

    /// What tells it from all others.
    pub fn key(&self) -> ObjectKey {
        ObjectKey {
            namespace: self.metadata.namespace.clone(),
            name: self.metadata.name.clone(),
            group: group_of(self.api_version).into(),
            kind: self.kind.into(),
        }
    }

    /// The same at another stage than its kind's.
    #[must_use]
    pub fn at(self, stage: Stage) -> Self {
        Self { stage, ..self }
    }

    /// Its kind.
    pub const fn kind(&self) -> &'static str {
        self.kind
    }

    /// When it is applied.
    pub const fn stage(&self) -> Stage {
        self.stage
    }

    /// Name, namespace, labels and annotations.
    pub const fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// What stands beside `metadata`.
    pub const fn body(&self) -> &Map<String, Json> {
        &self.body
    }

    /// What its pods are made from, where it has any.
    pub fn pod_template(&self) -> Option<&Json> {
        let spec = self.body.get("spec")?;
        let job = spec.get("jobTemplate").and_then(|job| job.get("spec"));
        job.unwrap_or(spec).get("template")
    }

    /// What its pods are, where it has any.
    pub(crate) fn pod_spec_mut(&mut self) -> Option<&mut Map<String, Json>> {
        let mut spec = self.body.get_mut("spec")?;
        if spec.get("jobTemplate").is_some() {
            spec = spec.get_mut("jobTemplate")?.get_mut("spec")?;
        }
        spec.get_mut("template")?.get_mut("spec")?.as_object_mut()
    }

    /// Puts an annotation on it.
    pub(crate) fn annotate(&mut self, key: String, value: String) {
        self.metadata.annotations.insert(key, value);
    }

    /// Whether it holds secrets.
    pub fn is_secret(&self) -> bool {
        self.kind == Secret::KIND
    }

    /// All of it, secrets in clear. The caller answers for where it goes.
    pub fn to_json(&self) -> Json {
        let [api_version, kind, metadata] = self.head();
        let mut fields =
            Map::from_iter([api_version, kind, metadata].map(|(key, value)| (key.to_owned(), value)));
        fields.extend(self.body.clone());
        Json::Object(fields)
    }

    /// The same as YAML.
    pub fn to_yaml(&self) -> String {
        let head = self.head();
        let head = head.iter().map(|(key, value)| (*key, value));
        let body = self.body.iter().map(|(key, value)| (key.as_str(), value));
        fields_to_yaml(head.chain(body))
    }

    /// What stands before its body.
    fn head(&self) -> [(&'static str, Json); 3] {
        let mut metadata = serde_json::to_value(&self.metadata).unwrap_or_default();
        without_nulls(&mut metadata);
        [
            ("apiVersion", self.api_version.into()),
            ("kind", self.kind.into()),
            ("metadata", metadata),
        ]
    }
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Object({})", self.key())
    }
}

/// `Deployment registry/team`.
impl fmt::Display for ObjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.namespace {
            Some(namespace) => write!(f, "{} {namespace}/{}", self.kind, self.name),
            None => write!(f, "{} {}", self.kind, self.name),
        }
    }
}

/// The group of an `apiVersion`: what stands before the slash.
fn group_of(api_version: &str) -> &str {
    api_version.split_once('/').map_or("", |(group, _)| group)
}

fn without_nulls(value: &mut Json) {
    match value {
        Json::Object(fields) => drop_nulls(fields),
        Json::Array(values) => values.iter_mut().for_each(without_nulls),
        _ => {}
    }
}

fn drop_nulls(fields: &mut Map<String, Json>) {
    fields.retain(|_, value| !value.is_null());
    fields.values_mut().for_each(without_nulls);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_secret_can_not_be_printed() {
        let secret = Secret::opaque([("key".to_owned(), "hunter2".into())]);
        let object = Object::new(Metadata::named("a").within("b"), &secret);
        assert_eq!(format!("{object:?}"), "Object(Secret b/a)");
        assert_eq!(object.to_json()["data"]["key"], "aHVudGVyMg==");
    }

    #[test]
    fn an_object_and_what_a_cluster_tells_of_it_have_one_key() {
        let within = Object::new(Metadata::named("a").within("b"), &Role { rules: Vec::new() });
        let of_cluster = Object::new(Metadata::named("b"), &Namespace::default());
        for object in [within, of_cluster] {
            assert_eq!(ObjectKey::of(&object.to_json()), Some(object.key()));
        }
        assert_eq!(ObjectKey::of(&json!({"kind": "Secret"})), None);
    }

    #[test]
    fn fields_that_are_not_set_are_left_out() {
        let account = ServiceAccount::default();
        let object = Object::new(Metadata::named("a"), &account);
        let expected = json!({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "a"}});
        assert_eq!(object.to_json(), expected);
    }
}
