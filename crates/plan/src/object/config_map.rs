use std::collections::BTreeMap;

use serde::Serialize;

use super::{Kind, Stage};

/// Configuration that anybody in the namespace may read: never a secret.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct ConfigMap {
    /// Texts by name.
    pub data: BTreeMap<String, String>,
}

impl ConfigMap {
    /// One text.
    pub fn of(name: &str, text: String) -> Self {
        Self {
            data: BTreeMap::from([(name.to_owned(), text)]),
        }
    }
}

impl Kind for ConfigMap {
    const API_VERSION: &'static str = "v1";
    const KIND: &'static str = "ConfigMap";
    const STAGE: Stage = Stage::Configuration;
}
