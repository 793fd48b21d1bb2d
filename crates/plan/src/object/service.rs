use std::borrow::Cow;

use serde::Serialize;

use super::{Kind, Labels, Stage};

/// A name and an address for pods.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Service {
    /// What it is.
    pub spec: ServiceSpec,
}

/// What a Service is.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceSpec {
    /// `ClusterIP`, `NodePort` or `LoadBalancer`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// `None` for a Service that is only a name for each pod.
    #[serde(rename = "clusterIP")]
    pub cluster_ip: Option<&'static str>,
    /// Whether pods have their names before they are ready.
    pub publish_not_ready_addresses: Option<bool>,
    /// The address of a load balancer to ask for.
    #[serde(rename = "loadBalancerIP")]
    pub load_balancer_ip: Option<String>,
    /// The class of load balancer.
    pub load_balancer_class: Option<String>,
    /// Who may come in through a load balancer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub load_balancer_source_ranges: Vec<String>,
    /// Whether the pods see where requests come from: `Local`.
    pub external_traffic_policy: Option<&'static str>,
    /// The pods.
    pub selector: Labels,
    /// The ports.
    pub ports: Vec<ServicePort>,
}

/// A port of a Service.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ServicePort {
    /// Its name.
    pub name: Cow<'static, str>,
    /// What is spoken on it.
    pub app_protocol: Option<&'static str>,
    /// The number.
    pub port: u16,
    /// The port of the pods by its name.
    pub target_port: Cow<'static, str>,
    /// The port of the nodes.
    pub node_port: Option<i64>,
    /// `TCP`.
    pub protocol: &'static str,
}

impl Kind for Service {
    const API_VERSION: &'static str = "v1";
    const KIND: &'static str = "Service";
    const STAGE: Stage = Stage::Service;
}
