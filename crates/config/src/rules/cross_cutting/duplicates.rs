//! Documents that would make the same object, or claim the same address.

use std::collections::HashMap;

use berth_finding::Rule;

use crate::Spec;
use crate::document::Document;
use crate::rules::{RuleContext, Sink};
use crate::sections::Exposure;

pub(super) const K_015: Rule = Rule::error(
    "K-015",
    "two documents make the same object, or claim the same address",
    "\
Objects are named by the document's name within its namespace, so two registries of one name in one namespace would
overwrite each other's; so would two pull secrets. The same host and path at an ingress, the same node port or the same
load balancer address can serve one registry alone.

    metadata: {name: team-a}
    metadata: {name: team-b}
",
);

/// Something that only one document can have: what it is, its identity, and where it is set.
struct Claim {
    what: &'static str,
    identity: String,
    path: &'static str,
}

pub(super) fn check(context: &RuleContext<'_>, sink: &mut Sink<'_>) {
    let mut first: HashMap<(&'static str, String), &Document> = HashMap::new();
    for document in context.documents {
        for Claim { what, identity, path } in claims(document) {
            match first.get(&(what, identity.clone())) {
                Some(owner) if std::ptr::eq(*owner, document) => {}
                Some(owner) => {
                    let message = format!("{} has the same {what} `{identity}`", owner.title());
                    sink.on(document)
                        .at(path, K_015, message)
                        .help("change one of the two");
                }
                None => {
                    first.insert((what, identity), document);
                }
            }
        }
    }
}

fn claims(document: &Document) -> Vec<Claim> {
    if let Spec::ImagePullSecret(secret) = &document.spec {
        let namespaces = std::iter::once(&secret.namespace).chain(&secret.namespaces);
        return namespaces
            .map(|namespace| Claim {
                what: "Secret",
                identity: format!("{}/{}", namespace.text(), secret.secret_name.text()),
                path: "secretName",
            })
            .collect();
    }
    let Some(workload) = document.spec.workload() else {
        return Vec::new();
    };
    let name = Claim {
        what: "name in one namespace",
        identity: format!("{}/{}", workload.namespace.text(), document.base_name),
        path: "name",
    };
    std::iter::once(name)
        .chain(workload.exposure.into_iter().flat_map(addresses))
        .collect()
}

fn addresses(exposure: &Exposure) -> Vec<Claim> {
    let ingress = exposure.ingress.as_ref().map(|ingress| Claim {
        what: "host and path",
        identity: format!("{}{}", ingress.host, ingress.path.as_deref().unwrap_or("/")),
        path: "exposure.ingress.host",
    });
    let gateway = exposure.gateway.as_ref().map(|gateway| Claim {
        what: "host and path",
        identity: format!("{}/", gateway.host),
        path: "exposure.gateway.host",
    });
    let port = exposure
        .node_port
        .as_ref()
        .and_then(|node_port| node_port.port)
        .map(|port| Claim {
            what: "node port",
            identity: port.to_string(),
            path: "exposure.nodePort.port",
        });
    let address = exposure
        .load_balancer
        .as_ref()
        .and_then(|balancer| balancer.ip.clone())
        .map(|ip| Claim {
            what: "load balancer address",
            identity: ip,
            path: "exposure.loadBalancer.ip",
        });
    [ingress, gateway, port, address].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use crate::rules::cases::{fires, policy};

    fn named(name: &str, kind: &str, spec: &str) -> String {
        policy(kind, spec).replace("name: local", &format!("name: {name}"))
    }

    fn two(kinds: [&str; 2], specs: [&str; 2]) -> String {
        format!(
            "{}\n---\n{}",
            named("a", kinds[0], specs[0]),
            named("b", kinds[1], specs[1])
        )
    }

    const REGISTRIES: [&str; 2] = ["DockerRegistry", "HarborRegistry"];
    const SECRETS: [&str; 2] = ["ImagePullSecret", "ImagePullSecret"];

    #[test]
    fn k_015_fires_on_one_name_in_one_namespace_and_not_in_two() {
        assert!(fires(
            "K-015",
            &two(REGISTRIES, ["{name: r, namespace: n}", "{name: r, namespace: n}"])
        ));
        assert!(!fires(
            "K-015",
            &two(REGISTRIES, ["{name: r, namespace: n}", "{name: r, namespace: m}"])
        ));
        assert!(!fires(
            "K-015",
            &two(REGISTRIES, ["namespace: n", "namespace: n"])
        ));
    }

    #[test]
    fn k_015_fires_on_one_secret_of_two_documents_and_not_on_two() {
        assert!(fires(
            "K-015",
            &two(
                SECRETS,
                ["secretName: s", "{secretName: s, namespaces: [default]}"]
            )
        ));
        assert!(!fires("K-015", &two(SECRETS, ["secretName: s", "secretName: t"])));
    }

    #[test]
    fn k_015_fires_on_one_address_of_two_registries_and_not_on_two() {
        for exposure in [
            "ingress: {host: r.example.com}",
            "nodePort: {port: 30500}",
            "loadBalancer: {ip: 10.0.0.9}",
        ] {
            let spec = format!("exposure: {{{exposure}}}");
            assert!(fires("K-015", &two(REGISTRIES, [&spec, &spec])), "{exposure}");
        }
        let paths = [
            "exposure: {ingress: {host: r, path: /a}}",
            "exposure: {ingress: {host: r, path: /b}}",
        ];
        assert!(!fires("K-015", &two(REGISTRIES, paths)));
    }
}
