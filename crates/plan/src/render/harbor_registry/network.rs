//! Who talks to whom: what isn't in these tables is refused.

use berth_config::sections::NetworkPolicy as Declared;
use berth_config::value::Written;

use super::settled::Settled;
use crate::object::{
    EgressFlow, IngressFlow, LabelSelector, NetworkPeer, NetworkPolicy, NetworkPolicySpec, NetworkPort,
    Object,
};
use crate::render::Rendering;

/// A flow inside: from one component to ports of another.
struct Flow {
    from: &'static str,
    to: &'static str,
    ports: Vec<u16>,
}

const DNS: u16 = 53;

/// The policies: one that denies all, and one a component that lets in and out what it needs.
pub(super) fn render(settled: &Settled<'_>, rendering: &mut Rendering<'_>) {
    let default = Declared::default();
    let declared = settled.spec.network_policy.as_ref().unwrap_or(&default);
    if !declared.enabled {
        return;
    }
    let registry = settled.registry;
    let deny = policy(registry.selector().into(), Vec::new(), Vec::new());
    rendering.add(
        settled.document,
        Object::new(registry.metadata("default-deny"), &deny),
    );
    let flows = flows(settled);
    for name in settled.running() {
        let component = settled.component(name);
        let policy = policy(
            component.selector().into(),
            incoming(settled, declared, &flows, name),
            outgoing(settled, declared, &flows, name),
        );
        rendering.add(settled.document, Object::new(component.metadata(), &policy));
    }
}

fn policy(pod_selector: LabelSelector, ingress: Vec<IngressFlow>, egress: Vec<EgressFlow>) -> NetworkPolicy {
    NetworkPolicy {
        spec: NetworkPolicySpec {
            pod_selector,
            policy_types: vec!["Ingress", "Egress"],
            ingress,
            egress,
        },
    }
}

fn flows(settled: &Settled<'_>) -> Vec<Flow> {
    let web = settled.port();
    let registry = vec![settled.registry_port(), web];
    let database = vec![settled.database.port];
    let redis = settled.redis.ports();
    let flow = |from, to, ports: &[u16]| Flow {
        from,
        to,
        ports: ports.to_vec(),
    };
    vec![
        flow("nginx", "core", &[web]),
        flow("nginx", "portal", &[web]),
        flow("core", "portal", &[web]),
        flow("core", "jobservice", &[web]),
        flow("core", "registry", &registry),
        flow("core", "trivy", &[web]),
        flow("core", "database", &database),
        flow("core", "redis", &redis),
        flow("jobservice", "core", &[web]),
        flow("jobservice", "registry", &registry),
        flow("jobservice", "trivy", &[web]),
        flow("jobservice", "database", &database),
        flow("jobservice", "redis", &redis),
        flow("registry", "redis", &redis),
        flow("trivy", "core", &[web]),
        flow("trivy", "redis", &redis),
        flow("exporter", "core", &[web]),
        flow("exporter", "database", &database),
        flow("exporter", "redis", &redis),
        flow("migration", "database", &database),
        flow("migration", "redis", &redis),
        flow("backup", "database", &database),
    ]
}

fn incoming(settled: &Settled<'_>, declared: &Declared, flows: &[Flow], name: &str) -> Vec<IngressFlow> {
    let running = settled.running();
    let inner = flows
        .iter()
        .filter(|flow| flow.to == name && running.contains(&flow.from));
    let mut incoming: Vec<IngressFlow> = inner
        .map(|flow| IngressFlow {
            from: vec![pods(settled, flow.from)],
            ports: flow.ports.iter().copied().map(NetworkPort::tcp).collect(),
        })
        .collect();
    if settled.doors().contains(&name) {
        incoming.push(IngressFlow {
            from: clients(settled, declared),
            ports: vec![NetworkPort::tcp(settled.door_port(name))],
        });
    }
    let tells = ["core", "jobservice", "registry", "exporter"].contains(&name);
    if let Some(metrics) = settled.metrics.as_ref().filter(|_| tells) {
        incoming.push(IngressFlow {
            from: namespaces(declared),
            ports: vec![NetworkPort::tcp(metrics.port)],
        });
    }
    incoming
}

/// Those who use Harbor; everybody where nothing is said of it.
fn clients(settled: &Settled<'_>, declared: &Declared) -> Vec<NetworkPeer> {
    let exposure = settled.spec.exposure.as_ref();
    let outside =
        exposure.is_some_and(|exposure| exposure.load_balancer.is_some() || exposure.node_port.is_some());
    let ranges = exposure
        .map(|exposure| exposure.source_ranges.as_slice())
        .unwrap_or_default();
    let ranges: Vec<&str> = ranges
        .iter()
        .filter(|range| range.value().is_some())
        .map(Written::text)
        .collect();
    let mut peers: Vec<NetworkPeer> = match declared.from_namespaces.as_slice() {
        [] if !outside || ranges.is_empty() => return Vec::new(),
        [] => vec![every_namespace()],
        named => named.iter().map(|name| NetworkPeer::namespace(name)).collect(),
    };
    if outside && ranges.is_empty() {
        peers.extend(["0.0.0.0/0", "::/0"].map(NetworkPeer::addresses));
    } else if outside {
        peers.extend(ranges.into_iter().map(NetworkPeer::addresses));
    }
    peers
}

/// Those who read metrics: of the namespaces that may come in, or of all.
fn namespaces(declared: &Declared) -> Vec<NetworkPeer> {
    if declared.from_namespaces.is_empty() {
        return vec![every_namespace()];
    }
    declared
        .from_namespaces
        .iter()
        .map(|name| NetworkPeer::namespace(name))
        .collect()
}

fn every_namespace() -> NetworkPeer {
    NetworkPeer {
        namespace_selector: Some(LabelSelector::default()),
        ..NetworkPeer::default()
    }
}

fn pods(settled: &Settled<'_>, name: &'static str) -> NetworkPeer {
    NetworkPeer {
        pod_selector: Some(settled.component(name).selector().into()),
        ..NetworkPeer::default()
    }
}

fn outgoing(settled: &Settled<'_>, declared: &Declared, flows: &[Flow], name: &str) -> Vec<EgressFlow> {
    let running = settled.running();
    let mut outgoing = Vec::new();
    let mut outside = settled.outside_ports(name);
    for flow in flows.iter().filter(|flow| flow.from == name) {
        if running.contains(&flow.to) {
            outgoing.push(EgressFlow {
                to: vec![pods(settled, flow.to)],
                ports: flow.ports.iter().copied().map(NetworkPort::tcp).collect(),
            });
        } else if ["database", "redis"].contains(&flow.to) {
            outside.extend(&flow.ports);
        }
    }
    outside.sort_unstable();
    outside.dedup();
    if !outside.is_empty() {
        let ranges = declared.egress_cidrs.iter();
        let ranges = ranges.filter(|range| range.value().is_some());
        outgoing.push(EgressFlow {
            to: ranges.map(|range| NetworkPeer::addresses(range.text())).collect(),
            ports: outside.into_iter().map(NetworkPort::tcp).collect(),
        });
    }
    if declared.dns && !outgoing.is_empty() {
        outgoing.push(EgressFlow {
            to: Vec::new(),
            ports: vec![NetworkPort::udp(DNS), NetworkPort::tcp(DNS)],
        });
    }
    outgoing
}
