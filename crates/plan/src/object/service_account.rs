use serde::Serialize;

use super::{Kind, LocalReference, Stage};

/// The account that pods run under.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceAccount {
    /// Whether pods get its token without asking.
    pub automount_service_account_token: Option<bool>,
    /// Secrets to pull images with.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub image_pull_secrets: Vec<LocalReference>,
}

impl Kind for ServiceAccount {
    const API_VERSION: &'static str = "v1";
    const KIND: &'static str = "ServiceAccount";
    const STAGE: Stage = Stage::Access;
}
