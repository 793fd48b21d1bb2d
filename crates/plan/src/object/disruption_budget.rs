use serde::Serialize;
use serde_json::Value as Json;

use super::{Kind, LabelSelector, Stage};

/// How many pods may be away when nodes are drained.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct PodDisruptionBudget {
    /// What it is.
    pub spec: DisruptionBudgetSpec,
}

/// What a PodDisruptionBudget is.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DisruptionBudgetSpec {
    /// The fewest that stay: a number, or a share such as `50%`.
    pub min_available: Option<Json>,
    /// The most that are away: a number, or a share such as `50%`.
    pub max_unavailable: Option<Json>,
    /// The pods.
    pub selector: LabelSelector,
    /// Whether pods that aren't ready may always be moved: `AlwaysAllow`.
    pub unhealthy_pod_eviction_policy: Option<&'static str>,
}

impl Kind for PodDisruptionBudget {
    const API_VERSION: &'static str = "policy/v1";
    const KIND: &'static str = "PodDisruptionBudget";
    const STAGE: Stage = Stage::Policy;
}
