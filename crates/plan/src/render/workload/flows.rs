use std::collections::BTreeSet;
use std::net::IpAddr;

use berth_config::sections::Exposure;
use berth_config::value::{HttpUrl, Written};

use crate::object::{
    EgressFlow, IngressFlow, LabelSelector, Labels, NetworkPeer, NetworkPolicy, NetworkPolicySpec,
    NetworkPort, Object,
};
use crate::render::Rendering;
use crate::render::registry::Component;

/// With whom a component's pods must talk; all else is refused.
#[derive(Clone, Debug, Default)]
pub(crate) struct Flows {
    /// Ports that clients come in by, from wherever `exposure` and `networkPolicy` let them.
    pub(crate) client_ports: BTreeSet<u16>,
    /// Ports that whoever watches comes in by, from all namespaces.
    pub(crate) monitoring_ports: BTreeSet<u16>,
    /// Components of the same registry whose pods come in, and by which port.
    pub(crate) callers: Vec<(LabelSelector, u16)>,
    /// Ports that pods of the same component reach each other by.
    pub(crate) own_ports: BTreeSet<u16>,
    /// Ports of whom the pods talk to, wherever they are.
    pub(crate) outside_ports: BTreeSet<u16>,
    /// Components of the same registry that the pods talk to, and by which port.
    pub(crate) components: Vec<(LabelSelector, u16)>,
    /// Whom else the pods talk to.
    pub(crate) destinations: Vec<Destination>,
}

/// Somebody whom pods talk to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Destination {
    /// A host by name or address, and its port.
    Host(String, u16),
    /// The cluster's own API.
    ClusterApi,
    /// The node's metadata service, which gives out the cloud's credentials.
    CloudMetadata,
}

/// Where DNS answers.
const DNS: u16 = 53;
/// Where nodes answer for the cluster's DNS, where they keep a cache of it.
const NODE_DNS: &str = "169.254.20.10/32";
/// Where clouds answer a machine about itself.
const METADATA: &str = "169.254.169.254/32";
/// The ports of the cluster's API: of its Service, and of what stands behind it.
const CLUSTER_API: [u16; 2] = [443, 6443];
/// All addresses but those of a machine itself and its cloud.
const ANYWHERE: [(&str, &str); 2] = [("0.0.0.0/0", "169.254.0.0/16"), ("::/0", "fe80::/10")];

/// Bounds who may talk to a component's pods, and with whom they may talk, unless `networkPolicy` is switched off.
pub(crate) fn flows(component: &Component<'_>, flows: &Flows, rendering: &mut Rendering<'_>) {
    let given = component.registry.workload.network_policy;
    if given.is_some_and(|given| !given.enabled) {
        return;
    }
    let policy = NetworkPolicy {
        spec: NetworkPolicySpec {
            pod_selector: component.selector().into(),
            policy_types: vec!["Ingress", "Egress"],
            ingress: incoming(component, flows),
            egress: outgoing(component, flows),
        },
    };
    rendering.add(
        component.registry.document,
        Object::new(component.metadata(), &policy),
    );
}

fn incoming(component: &Component<'_>, flows: &Flows) -> Vec<IngressFlow> {
    let own = || vec![pods(component.selector().into())];
    let all = [
        (clients(component), &flows.client_ports),
        (vec![all_namespaces()], &flows.monitoring_ports),
        (own(), &flows.own_ports),
    ];
    let open = all.into_iter().filter(|(_, numbers)| !numbers.is_empty());
    let open = open.map(|(from, numbers)| IngressFlow {
        from,
        ports: ports(numbers),
    });
    let callers = flows.callers.iter().map(|(selector, port)| IngressFlow {
        from: vec![pods(selector.clone())],
        ports: vec![NetworkPort::tcp(*port)],
    });
    open.chain(callers).collect()
}

/// What may go out of pods that are no registry's: to these, and by these ports to anywhere.
pub(crate) fn egress(destinations: &[Destination], anywhere: &[u16]) -> Vec<EgressFlow> {
    let mut ports: BTreeSet<u16> = anywhere.iter().copied().collect();
    let mut outgoing = vec![dns()];
    for destination in destinations {
        let flow = destination.flow(&mut ports);
        outgoing.extend(flow.filter(|flow| !outgoing.contains(flow)));
    }
    outgoing.extend(to_anywhere(&ports));
    outgoing
}

/// Pods of the namespaces that may come in, and what comes from outside straight to the pods.
fn clients(component: &Component<'_>) -> Vec<NetworkPeer> {
    let workload = &component.registry.workload;
    let namespaces = workload
        .network_policy
        .map(|given| given.from_namespaces.as_slice())
        .unwrap_or_default();
    let mut peers: Vec<NetworkPeer> = namespaces
        .iter()
        .map(|name| NetworkPeer::namespace(name))
        .collect();
    if peers.is_empty() {
        peers.push(all_namespaces());
    }
    if let Some(exposure) = workload.exposure.filter(|exposure| reaches_pods(exposure)) {
        let ranges = exposure
            .source_ranges
            .iter()
            .filter(|range| range.value().is_some());
        let ranges: Vec<NetworkPeer> = ranges.map(|range| NetworkPeer::addresses(range.text())).collect();
        if ranges.is_empty() {
            peers.extend(["0.0.0.0/0", "::/0"].map(NetworkPeer::addresses));
        }
        peers.extend(ranges);
    }
    peers
}

/// Whether clients come to the pods themselves: behind an Ingress the pods see its address, and not those of clients.
const fn reaches_pods(exposure: &Exposure) -> bool {
    exposure.load_balancer.is_some() || exposure.node_port.is_some()
}

fn outgoing(component: &Component<'_>, flows: &Flows) -> Vec<EgressFlow> {
    let given = component.registry.workload.network_policy;
    let mut outgoing = Vec::new();
    if given.is_none_or(|given| given.dns) && flows.talks() {
        outgoing.push(dns());
    }
    for (selector, port) in &flows.components {
        outgoing.push(to(pods(selector.clone()), &[*port]));
    }
    if !flows.own_ports.is_empty() {
        outgoing.push(EgressFlow {
            to: vec![pods(component.selector().into())],
            ports: ports(&flows.own_ports),
        });
    }
    let mut anywhere = flows.outside_ports.clone();
    for destination in &flows.destinations {
        let flow = destination.flow(&mut anywhere);
        let flow = flow.filter(|flow| !outgoing.contains(flow));
        outgoing.extend(flow);
    }
    let declared: Vec<NetworkPeer> = given
        .into_iter()
        .flat_map(|given| &given.egress_cidrs)
        .filter(|range| range.value().is_some())
        .map(Written::text)
        .map(NetworkPeer::addresses)
        .collect();
    // Ranges that are declared stand in the place of "anywhere".
    if declared.is_empty() {
        outgoing.extend(to_anywhere(&anywhere));
    } else {
        outgoing.push(EgressFlow {
            to: declared,
            ports: Vec::new(),
        });
    }
    outgoing
}

impl Flows {
    /// Whether the pods talk to anybody: those that don't need no names.
    fn talks(&self) -> bool {
        let is_silent = self.own_ports.is_empty()
            && self.outside_ports.is_empty()
            && self.components.is_empty()
            && self.destinations.is_empty();
        !is_silent || self.callers.is_empty()
    }
}

fn to_anywhere(numbers: &BTreeSet<u16>) -> Option<EgressFlow> {
    if numbers.is_empty() {
        return None;
    }
    let all = ANYWHERE
        .iter()
        .map(|(all, except)| NetworkPeer::addresses_except(all, &[except]));
    Some(EgressFlow {
        to: all.collect(),
        ports: ports(numbers),
    })
}

impl Destination {
    /// Who is at an endpoint, which is written with or without its scheme and port.
    pub(crate) fn of_endpoint(endpoint: &str, default: u16) -> Self {
        let (scheme, rest) = endpoint.split_once("://").unwrap_or(("", endpoint));
        let authority = rest.split('/').next().unwrap_or_default();
        let default = match scheme {
            "http" => 80,
            "https" => 443,
            _ => default,
        };
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, port.parse().unwrap_or(default)),
            _ => (authority, default),
        };
        Self::Host(host.to_owned(), port)
    }

    /// Who is at a URL, where it is one.
    pub(crate) fn of_url(url: &Written<HttpUrl>) -> Option<Self> {
        let url = url.value()?;
        Some(Self::Host(url.host().to_owned(), url.port()))
    }

    /// The way there; ports of those who may be anywhere are collected.
    fn flow(&self, anywhere: &mut BTreeSet<u16>) -> Option<EgressFlow> {
        match self {
            Self::Host(host, port) => match Place::of(host) {
                Place::Here => None,
                Place::Address(range) => Some(to(NetworkPeer::addresses(&range), &[*port])),
                // The Service's port need not be that of its pods, which is what a policy sees.
                Place::Namespace(name) => Some(to(NetworkPeer::namespace(&name), &[])),
                Place::SameNamespace => Some(to(pods(LabelSelector::default()), &[])),
                Place::Anywhere => {
                    anywhere.insert(*port);
                    None
                }
            },
            Self::ClusterApi => {
                anywhere.extend(CLUSTER_API);
                None
            }
            Self::CloudMetadata => Some(to(NetworkPeer::addresses(METADATA), &[80])),
        }
    }
}

fn to(peer: NetworkPeer, numbers: &[u16]) -> EgressFlow {
    EgressFlow {
        to: vec![peer],
        ports: numbers.iter().copied().map(NetworkPort::tcp).collect(),
    }
}

fn dns() -> EgressFlow {
    let labels = Labels::from([("k8s-app".to_owned(), "kube-dns".to_owned())]);
    let server = NetworkPeer {
        pod_selector: Some(labels.into()),
        ..NetworkPeer::namespace("kube-system")
    };
    EgressFlow {
        to: vec![server, NetworkPeer::addresses(NODE_DNS)],
        ports: vec![NetworkPort::udp(DNS), NetworkPort::tcp(DNS)],
    }
}

fn ports(numbers: &BTreeSet<u16>) -> Vec<NetworkPort> {
    numbers.iter().copied().map(NetworkPort::tcp).collect()
}

fn all_namespaces() -> NetworkPeer {
    NetworkPeer {
        namespace_selector: Some(LabelSelector::default()),
        ..NetworkPeer::default()
    }
}

fn pods(selector: LabelSelector) -> NetworkPeer {
    NetworkPeer {
        pod_selector: Some(selector),
        ..NetworkPeer::default()
    }
}

/// Where a host is, as far as its name tells.
#[derive(PartialEq, Eq, Debug)]
enum Place {
    /// In the pod itself.
    Here,
    /// At an address.
    Address(String),
    /// In a namespace of the cluster.
    Namespace(String),
    /// In the registry's own namespace.
    SameNamespace,
    /// The name doesn't tell.
    Anywhere,
}

impl Place {
    fn of(host: &str) -> Self {
        let host = host.trim_matches(['[', ']']).trim_end_matches('.');
        if let Ok(address) = host.parse::<IpAddr>() {
            let bits = if address.is_ipv4() { 32 } else { 128 };
            return if address.is_loopback() {
                Self::Here
            } else {
                Self::Address(format!("{address}/{bits}"))
            };
        }
        let labels: Vec<&str> = host.split('.').collect();
        match labels.as_slice() {
            ["localhost"] => Self::Here,
            [_] => Self::SameNamespace,
            // `name.namespace.svc`, `pod.name.namespace.svc.cluster.local`.
            _ => match labels.iter().position(|label| *label == "svc") {
                Some(svc @ 2..) => Self::Namespace(labels[svc - 1].to_owned()),
                _ => Self::Anywhere,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_a_host_and_a_port_in_any_form() {
        for (endpoint, host, port) in [
            ("https://s3.example.com", "s3.example.com", 443),
            ("http://minio.store.svc:9000/path", "minio.store.svc", 9000),
            ("http://minio", "minio", 80),
            ("s3.example.com", "s3.example.com", 443),
            ("https://[::1]:9000", "[::1]", 9000),
        ] {
            assert_eq!(
                Destination::of_endpoint(endpoint, 443),
                Destination::Host(host.to_owned(), port)
            );
        }
    }

    #[test]
    fn a_host_is_placed_by_its_name() {
        for (host, expected) in [
            ("localhost", Place::Here),
            ("127.0.0.1", Place::Here),
            ("[::1]", Place::Here),
            ("redis", Place::SameNamespace),
            ("redis.cache.svc", Place::Namespace("cache".to_owned())),
            (
                "redis-0.redis.cache.svc.cluster.local",
                Place::Namespace("cache".to_owned()),
            ),
            ("10.1.2.3", Place::Address("10.1.2.3/32".to_owned())),
            ("2001:db8::1", Place::Address("2001:db8::1/128".to_owned())),
            ("s3.amazonaws.com", Place::Anywhere),
            ("svc.example.com", Place::Anywhere),
        ] {
            assert_eq!(Place::of(host), expected, "{host}");
        }
    }
}
