use std::collections::BTreeMap;

use serde::Serialize;

use super::{Kind, Stage};

/// A claim on a volume.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct PersistentVolumeClaim {
    /// What is claimed.
    pub spec: ClaimSpec,
}

/// What is claimed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ClaimSpec {
    /// How it may be mounted.
    pub access_modes: Vec<String>,
    /// How much.
    pub resources: ClaimResources,
    /// The class; the cluster's default without it.
    pub storage_class_name: Option<String>,
}

/// How much is claimed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ClaimResources {
    /// `storage` and its size.
    pub requests: BTreeMap<&'static str, String>,
}

/// A sort of volumes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StorageClass {
    /// The driver.
    pub provisioner: String,
    /// What the driver is told.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, String>,
    /// Whether a volume outlives its claim: `Retain` or `Delete`.
    pub reclaim_policy: &'static str,
    /// Whether claims may grow.
    pub allow_volume_expansion: bool,
    /// When a volume is made.
    pub volume_binding_mode: &'static str,
}

impl ClaimResources {
    /// A size.
    pub fn storage(size: &str) -> Self {
        Self {
            requests: BTreeMap::from([("storage", size.to_owned())]),
        }
    }
}

impl Kind for PersistentVolumeClaim {
    const API_VERSION: &'static str = "v1";
    const KIND: &'static str = "PersistentVolumeClaim";
    const STAGE: Stage = Stage::Storage;
}

impl Kind for StorageClass {
    const API_VERSION: &'static str = "storage.k8s.io/v1";
    const KIND: &'static str = "StorageClass";
    const STAGE: Stage = Stage::Storage;
}
