use serde::Serialize;

use super::{Kind, Stage};

/// A way into the cluster through a Gateway.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct HttpRoute {
    /// What it is.
    pub spec: HttpRouteSpec,
}

/// What an HTTPRoute is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HttpRouteSpec {
    /// The Gateways.
    pub parent_refs: Vec<ParentReference>,
    /// The hosts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hostnames: Vec<String>,
    /// Where requests go.
    pub rules: Vec<HttpRouteRule>,
}

/// A Gateway, and which of its listeners.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ParentReference {
    /// The Gateway.
    pub name: String,
    /// Its namespace; that of the route without it.
    pub namespace: Option<String>,
    /// The listener by name.
    pub section_name: Option<String>,
    /// The listener by port.
    pub port: Option<u16>,
}

/// Where requests go.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HttpRouteRule {
    /// The requests; all without any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub matches: Vec<HttpRouteMatch>,
    /// What answers.
    pub backend_refs: Vec<BackendReference>,
}

/// Requests by their path.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct HttpRouteMatch {
    /// The path.
    pub path: HttpPathMatch,
}

/// How a path must be.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct HttpPathMatch {
    /// `PathPrefix`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// What it begins with.
    pub value: String,
}

impl HttpRouteMatch {
    /// Paths that begin so.
    pub fn prefix(path: &str) -> Self {
        Self {
            path: HttpPathMatch {
                kind: "PathPrefix",
                value: path.to_owned(),
            },
        }
    }
}

/// A Service and its port.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct BackendReference {
    /// The Service.
    pub name: String,
    /// Its port.
    pub port: u16,
}

impl Kind for HttpRoute {
    const API_VERSION: &'static str = "gateway.networking.k8s.io/v1";
    const KIND: &'static str = "HTTPRoute";
    const STAGE: Stage = Stage::Exposure;
}
