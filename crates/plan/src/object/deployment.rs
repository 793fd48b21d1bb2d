use serde::Serialize;

use super::{Kind, LabelSelector, PodTemplate, Stage};

/// Pods that can stand in for each other.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Deployment {
    /// What it is.
    pub spec: DeploymentSpec,
}

/// What a Deployment is.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeploymentSpec {
    /// How many pods; `None` where an autoscaler decides.
    pub replicas: Option<i64>,
    /// How old revisions are kept.
    pub revision_history_limit: u32,
    /// How pods are replaced.
    pub strategy: Strategy,
    /// Its pods.
    pub selector: LabelSelector,
    /// What they are made from.
    pub template: PodTemplate,
}

/// How pods are replaced.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Strategy {
    /// `Recreate` or `RollingUpdate`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// How many at once.
    pub rolling_update: Option<RollingUpdate>,
}

/// How many pods are replaced at once.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RollingUpdate {
    /// How many may be away.
    pub max_unavailable: u32,
    /// How many more there may be.
    pub max_surge: u32,
}

impl Strategy {
    /// The old pod goes before the new one comes: for a volume that one pod has at a time.
    pub const fn recreate() -> Self {
        Self {
            kind: "Recreate",
            rolling_update: None,
        }
    }

    /// The new pod comes before the old one goes.
    pub const fn rolling() -> Self {
        Self {
            kind: "RollingUpdate",
            rolling_update: Some(RollingUpdate {
                max_unavailable: 0,
                max_surge: 1,
            }),
        }
    }
}

impl Kind for Deployment {
    const API_VERSION: &'static str = "apps/v1";
    const KIND: &'static str = "Deployment";
    const STAGE: Stage = Stage::Workload;
}
