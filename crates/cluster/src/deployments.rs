use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::Pod;
use kube::Api;
use kube::api::{ListParams, Patch, PatchParams};
use serde_json::Value;

use crate::Cluster;

/// Why a Deployment or its pods could not be read or changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeploymentError {
    /// It can't be read.
    #[error("reading {what}; check that it is there and that this account may `get` and `list` it")]
    Read {
        /// Kind, namespace and name.
        what: String,
        /// What the server said.
        #[source]
        source: kube::Error,
    },
    /// It can't be changed.
    #[error("changing {what}; check that this account may `patch` it")]
    Change {
        /// Kind, namespace and name.
        what: String,
        /// What the server said.
        #[source]
        source: kube::Error,
    },
}

impl Cluster {
    /// A Deployment as it lives.
    pub async fn deployment(&self, namespace: &str, name: &str) -> Result<Value, DeploymentError> {
        let api: Api<Deployment> = Api::namespaced(self.client().clone(), namespace);
        let live = api.get(name).await.map_err(|source| DeploymentError::Read {
            what: format!("Deployment {namespace}/{name}"),
            source,
        })?;
        Ok(serde_json::to_value(live).unwrap_or_default())
    }

    /// A pod as it lives.
    pub async fn pod(&self, namespace: &str, name: &str) -> Result<Value, DeploymentError> {
        let api: Api<Pod> = Api::namespaced(self.client().clone(), namespace);
        let live = api.get(name).await.map_err(|source| DeploymentError::Read {
            what: format!("Pod {namespace}/{name}"),
            source,
        })?;
        Ok(serde_json::to_value(live).unwrap_or_default())
    }

    /// The pods with some labels, those that are stopping too.
    pub async fn pods(&self, namespace: &str, selector: &str) -> Result<Vec<Value>, DeploymentError> {
        let api: Api<Pod> = Api::namespaced(self.client().clone(), namespace);
        let wanted = ListParams::default().labels(selector);
        let list = api.list(&wanted).await.map_err(|source| DeploymentError::Read {
            what: format!("the pods of {namespace} with {selector}"),
            source,
        })?;
        let pods = list.items.into_iter();
        Ok(pods
            .map(|pod| serde_json::to_value(pod).unwrap_or_default())
            .collect())
    }

    /// Makes a part of a Deployment what it should be, by server-side apply: the field manager owns this part alone,
    /// and what it owned before and doesn't name now is taken out.
    pub async fn apply_part(
        &self,
        (namespace, name): (&str, &str),
        manager: &str,
        part: &Value,
    ) -> Result<(), DeploymentError> {
        let api: Api<Deployment> = Api::namespaced(self.client().clone(), namespace);
        let how = PatchParams::apply(manager).force();
        let changed = api.patch(name, &how, &Patch::Apply(part)).await;
        changed.map(drop).map_err(|source| DeploymentError::Change {
            what: format!("Deployment {namespace}/{name}"),
            source,
        })
    }
}
