use serde::Serialize;

use super::{Kind, LabelSelector, Stage};

/// Who may talk to pods, and with whom they may talk: what isn't named is refused.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct NetworkPolicy {
    /// What it is.
    pub spec: NetworkPolicySpec,
}

/// What a NetworkPolicy is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NetworkPolicySpec {
    /// The pods.
    pub pod_selector: LabelSelector,
    /// Directions that are bounded.
    pub policy_types: Vec<&'static str>,
    /// What may come in.
    pub ingress: Vec<IngressFlow>,
    /// What may go out.
    pub egress: Vec<EgressFlow>,
}

/// What may come in.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct IngressFlow {
    /// From whom; from everybody without any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<NetworkPeer>,
    /// To which ports; all without any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<NetworkPort>,
}

/// What may go out.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct EgressFlow {
    /// To whom; to everybody without any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<NetworkPeer>,
    /// To which ports; all without any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<NetworkPort>,
}

/// The other side.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NetworkPeer {
    /// Pods of these namespaces.
    pub namespace_selector: Option<LabelSelector>,
    /// These pods.
    pub pod_selector: Option<LabelSelector>,
    /// Addresses.
    pub ip_block: Option<IpBlock>,
}

/// Addresses.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
pub struct IpBlock {
    /// The range.
    pub cidr: String,
    /// Ranges in it that are left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub except: Vec<String>,
}

/// A port of the other side, or of the pods.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct NetworkPort {
    /// `TCP` or `UDP`.
    pub protocol: &'static str,
    /// The number.
    pub port: u16,
}

impl NetworkPort {
    /// A TCP port.
    pub const fn tcp(port: u16) -> Self {
        Self {
            protocol: "TCP",
            port,
        }
    }

    /// A UDP port.
    pub const fn udp(port: u16) -> Self {
        Self {
            protocol: "UDP",
            port,
        }
    }
}

impl NetworkPeer {
    /// The pods of a namespace.
    pub fn namespace(name: &str) -> Self {
        let labels = [("kubernetes.io/metadata.name".to_owned(), name.to_owned())];
        Self {
            namespace_selector: Some(LabelSelector::from(super::Labels::from(labels))),
            ..Self::default()
        }
    }

    /// Addresses.
    pub fn addresses(cidr: &str) -> Self {
        Self {
            ip_block: Some(IpBlock {
                cidr: cidr.to_owned(),
                except: Vec::new(),
            }),
            ..Self::default()
        }
    }

    /// Addresses without some of them.
    pub fn addresses_except(cidr: &str, except: &[&str]) -> Self {
        Self {
            ip_block: Some(IpBlock {
                cidr: cidr.to_owned(),
                except: except.iter().map(|range| (*range).to_owned()).collect(),
            }),
            ..Self::default()
        }
    }
}

impl Kind for NetworkPolicy {
    const API_VERSION: &'static str = "networking.k8s.io/v1";
    const KIND: &'static str = "NetworkPolicy";
    const STAGE: Stage = Stage::Policy;
}
