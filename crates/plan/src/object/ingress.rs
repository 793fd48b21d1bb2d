use std::borrow::Cow;

use serde::Serialize;

use super::{Kind, Stage};

/// A way into the cluster by host and path.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Ingress {
    /// What it is.
    pub spec: IngressSpec,
}

/// What an Ingress is.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IngressSpec {
    /// Which controller takes it.
    pub ingress_class_name: Option<String>,
    /// TLS by host.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tls: Vec<IngressTls>,
    /// Where requests go.
    pub rules: Vec<IngressRule>,
}

/// TLS of hosts.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IngressTls {
    /// The hosts.
    pub hosts: Vec<String>,
    /// The Secret of the certificate.
    pub secret_name: String,
}

/// Where requests for a host go.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct IngressRule {
    /// The host.
    pub host: String,
    /// By path.
    pub http: IngressPaths,
}

/// Paths of a host.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct IngressPaths {
    /// The paths.
    pub paths: Vec<IngressPath>,
}

/// Where requests for a path go.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IngressPath {
    /// The path.
    pub path: String,
    /// `Prefix`.
    pub path_type: &'static str,
    /// The Service.
    pub backend: IngressBackend,
}

/// What answers.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct IngressBackend {
    /// The Service.
    pub service: IngressService,
}

/// A Service and its port.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct IngressService {
    /// The Service.
    pub name: String,
    /// Its port.
    pub port: IngressPort,
}

/// A port by its name.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct IngressPort {
    /// The name.
    pub name: Cow<'static, str>,
}

impl Kind for Ingress {
    const API_VERSION: &'static str = "networking.k8s.io/v1";
    const KIND: &'static str = "Ingress";
    const STAGE: Stage = Stage::Exposure;
}
