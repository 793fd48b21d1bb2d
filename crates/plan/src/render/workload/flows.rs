use std::collections::BTreeSet;

use berth_config::value::Written;

use crate::object::{
    EgressFlow, IngressFlow, LabelSelector, NetworkPeer, NetworkPolicy, NetworkPolicySpec, NetworkPort,
    Object,
};
use crate::render::Rendering;
use crate::render::registry::Component;

/// With whom a component's pods must talk.
#[derive(Clone, Default)]
pub(crate) struct Flows {
    /// Ports that clients come in by.
    pub(crate) client_ports: BTreeSet<u16>,
    /// Ports that pods of the same component reach each other by.
    pub(crate) own_ports: BTreeSet<u16>,
    /// Ports of whom the pods talk to, wherever they are.
    pub(crate) outside_ports: BTreeSet<u16>,
    /// Components of the same registry that the pods talk to, and by which port.
    pub(crate) components: Vec<(LabelSelector, u16)>,
}

/// Where DNS answers.
const DNS: u16 = 53;

/// Bounds who may talk to a component's pods, and with whom they may talk: what isn't named is refused.
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
    let workload = &component.registry.workload;
    let mut from = Vec::new();
    if let Some(given) = workload.network_policy {
        from.extend(
            given
                .from_namespaces
                .iter()
                .map(|name| NetworkPeer::namespace(name)),
        );
    }
    if let Some(exposure) = workload.exposure {
        let ranges = exposure
            .source_ranges
            .iter()
            .filter(|range| range.value().is_some());
        let addresses: Vec<NetworkPeer> = ranges.map(|range| NetworkPeer::addresses(range.text())).collect();
        let is_direct = exposure.load_balancer.is_some() || exposure.node_port.is_some();
        if is_direct && addresses.is_empty() && !from.is_empty() {
            from.extend(["0.0.0.0/0", "::/0"].map(NetworkPeer::addresses));
        }
        // Behind an Ingress the pods see its addresses, and not those of clients.
        if is_direct {
            from.extend(addresses);
        }
    }
    let mut incoming = vec![IngressFlow {
        from,
        ports: ports(&flows.client_ports),
    }];
    if !flows.own_ports.is_empty() {
        incoming.push(IngressFlow {
            from: vec![NetworkPeer {
                pod_selector: Some(component.selector().into()),
                ..NetworkPeer::default()
            }],
            ports: ports(&flows.own_ports),
        });
    }
    incoming
}

fn outgoing(component: &Component<'_>, flows: &Flows) -> Vec<EgressFlow> {
    let given = component.registry.workload.network_policy;
    let mut outgoing = Vec::new();
    if given.is_none_or(|given| given.dns) {
        outgoing.push(EgressFlow {
            to: Vec::new(),
            ports: vec![NetworkPort::udp(DNS), NetworkPort::tcp(DNS)],
        });
    }
    for (pods, port) in &flows.components {
        outgoing.push(EgressFlow {
            to: vec![NetworkPeer {
                pod_selector: Some(pods.clone()),
                ..NetworkPeer::default()
            }],
            ports: vec![NetworkPort::tcp(*port)],
        });
    }
    if !flows.own_ports.is_empty() {
        outgoing.push(EgressFlow {
            to: vec![NetworkPeer {
                pod_selector: Some(component.selector().into()),
                ..NetworkPeer::default()
            }],
            ports: ports(&flows.own_ports),
        });
    }
    let cidrs: Vec<NetworkPeer> = given
        .into_iter()
        .flat_map(|given| &given.egress_cidrs)
        .filter(|cidr| cidr.value().is_some())
        .map(Written::text)
        .map(NetworkPeer::addresses)
        .collect();
    if !cidrs.is_empty() {
        outgoing.push(EgressFlow {
            to: cidrs,
            ports: Vec::new(),
        });
    } else if !flows.outside_ports.is_empty() {
        outgoing.push(EgressFlow {
            to: Vec::new(),
            ports: ports(&flows.outside_ports),
        });
    }
    outgoing
}

fn ports(numbers: &BTreeSet<u16>) -> Vec<NetworkPort> {
    numbers.iter().copied().map(NetworkPort::tcp).collect()
}
