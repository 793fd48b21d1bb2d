use std::collections::BTreeMap;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use zeroize::Zeroizing;

use super::{Kind, Stage};

/// A secret in clear, wiped from memory when it is dropped; it can't be printed.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretText(Zeroizing<String>);

/// Values that only those may read who have the right to.
#[derive(Clone, PartialEq, Serialize)]
pub struct Secret {
    /// What sort of values: `Opaque`, `kubernetes.io/tls`...
    #[serde(rename = "type")]
    secret_type: &'static str,
    /// The values in base64: the form that a cluster keeps, so that a difference can be told.
    data: BTreeMap<String, String>,
}

impl SecretText {
    /// The secret. The caller answers for where it goes.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<String> for SecretText {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl From<&str> for SecretText {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

impl Secret {
    /// Values of any sort.
    pub fn opaque(values: impl IntoIterator<Item = (String, SecretText)>) -> Self {
        Self::of("Opaque", values)
    }

    /// A certificate and its key.
    pub fn tls(certificate: SecretText, key: SecretText) -> Self {
        let values = [("tls.crt", certificate), ("tls.key", key)];
        Self::of(
            "kubernetes.io/tls",
            values.map(|(name, value)| (name.to_owned(), value)),
        )
    }

    /// What the kubelet pulls images with.
    pub fn docker_config(json: SecretText) -> Self {
        Self::of(
            "kubernetes.io/dockerconfigjson",
            [(".dockerconfigjson".to_owned(), json)],
        )
    }

    fn of(secret_type: &'static str, values: impl IntoIterator<Item = (String, SecretText)>) -> Self {
        Self {
            secret_type,
            data: values
                .into_iter()
                .map(|(key, value)| (key, STANDARD.encode(value.reveal())))
                .collect(),
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Secret({}: {:?})",
            self.secret_type,
            self.data.keys().collect::<Vec<_>>()
        )
    }
}

impl Kind for Secret {
    const API_VERSION: &'static str = "v1";
    const KIND: &'static str = "Secret";
    const STAGE: Stage = Stage::Configuration;
}
