use serde::Serialize;

use super::{Kind, Stage};

/// A certificate that cert-manager makes, keeps in a Secret, and renews.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Certificate {
    /// What it is.
    pub spec: CertificateSpec,
}

/// What a certificate is.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CertificateSpec {
    /// The Secret that it lies in, with its key and its authority.
    pub secret_name: String,
    /// Its subject.
    pub common_name: String,
    /// The hosts that it is for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dns_names: Vec<String>,
    /// The addresses that it is for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ip_addresses: Vec<String>,
    /// Whether it signs others.
    #[serde(rename = "isCA")]
    pub is_authority: Option<bool>,
    /// Who signs it.
    pub issuer_ref: IssuerReference,
}

/// Who signs a certificate.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct IssuerReference {
    /// The name.
    pub name: String,
    /// `Issuer` or `ClusterIssuer`.
    pub kind: String,
}

/// Somebody who signs certificates.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Issuer {
    /// What it is.
    pub spec: IssuerSpec,
}

/// One of these.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IssuerSpec {
    /// Each certificate signs itself.
    pub self_signed: Option<SelfSigned>,
    /// An authority signs, whose certificate and key lie in a Secret.
    pub ca: Option<AuthorityIssuer>,
}

/// Nothing is to be said of it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct SelfSigned {}

/// An authority.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthorityIssuer {
    /// The Secret.
    pub secret_name: String,
}

impl Kind for Certificate {
    const API_VERSION: &'static str = "cert-manager.io/v1";
    const KIND: &'static str = "Certificate";
    const STAGE: Stage = Stage::Configuration;
}

impl Kind for Issuer {
    const API_VERSION: &'static str = "cert-manager.io/v1";
    const KIND: &'static str = "Issuer";
    const STAGE: Stage = Stage::Configuration;
}
