use serde::Serialize;

use super::{ClaimSpec, Kind, LabelSelector, Metadata, PodTemplate, Stage};

/// Pods with names of their own, each with its own volumes.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct StatefulSet {
    /// What it is.
    pub spec: StatefulSetSpec,
}

/// What a StatefulSet is.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StatefulSetSpec {
    /// How many pods; `None` where an autoscaler decides.
    pub replicas: Option<i64>,
    /// The headless Service that gives the pods their names.
    pub service_name: String,
    /// How old revisions are kept.
    pub revision_history_limit: u32,
    /// Its pods.
    pub selector: LabelSelector,
    /// What they are made from.
    pub template: PodTemplate,
    /// The claims that each pod has of its own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub volume_claim_templates: Vec<ClaimTemplate>,
}

/// A claim that each pod has of its own.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ClaimTemplate {
    /// The name of the volume, labels and annotations.
    pub metadata: Metadata,
    /// What is claimed.
    pub spec: ClaimSpec,
}

impl Kind for StatefulSet {
    const API_VERSION: &'static str = "apps/v1";
    const KIND: &'static str = "StatefulSet";
    const STAGE: Stage = Stage::Workload;
}
