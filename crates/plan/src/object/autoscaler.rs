use serde::Serialize;

use super::{Kind, Stage};

/// How many pods there are, by load.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct HorizontalPodAutoscaler {
    /// What it is.
    pub spec: AutoscalerSpec,
}

/// What a HorizontalPodAutoscaler is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AutoscalerSpec {
    /// What is scaled.
    pub scale_target_ref: ScaleTarget,
    /// The fewest.
    pub min_replicas: i64,
    /// The most.
    pub max_replicas: i64,
    /// What is aimed at.
    pub metrics: Vec<MetricTarget>,
}

/// What is scaled.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ScaleTarget {
    /// Its group and version.
    pub api_version: &'static str,
    /// Its kind.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
}

/// What is aimed at.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct MetricTarget {
    /// `Resource`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The resource.
    pub resource: ResourceTarget,
}

/// A resource and how much of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ResourceTarget {
    /// `cpu` or `memory`.
    pub name: &'static str,
    /// How much.
    pub target: UtilizationTarget,
}

/// A share of what is requested.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UtilizationTarget {
    /// `Utilization`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// In percent.
    pub average_utilization: i64,
}

impl MetricTarget {
    /// A share, in percent, of what is requested of a resource.
    pub const fn utilization(name: &'static str, percent: i64) -> Self {
        Self {
            kind: "Resource",
            resource: ResourceTarget {
                name,
                target: UtilizationTarget {
                    kind: "Utilization",
                    average_utilization: percent,
                },
            },
        }
    }
}

impl Kind for HorizontalPodAutoscaler {
    const API_VERSION: &'static str = "autoscaling/v2";
    const KIND: &'static str = "HorizontalPodAutoscaler";
    const STAGE: Stage = Stage::Policy;
}
