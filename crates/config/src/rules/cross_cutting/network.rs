//! Network policies and references to other namespaces.

use berth_finding::Rule;

use super::walk;
use crate::document::Node;
use crate::rules::{RuleContext, Sink};
use crate::section::ValueType;
use crate::value::{KubernetesSubdomain, Parse};

pub(super) const K_028: Rule = Rule::error(
    "K-028",
    "a Secret of another namespace is referred to",
    "\
A pod reads Secrets and ConfigMaps of its own namespace alone; a name with a namespace in front can never be found. Make
the Secret in the registry's namespace.

    secretKeyRef: {name: registry-s3, key: secretkey}
",
);

pub(super) const K_032: Rule = Rule::warning(
    "K-032",
    "the network policy shuts out what the registry itself must reach",
    "\
A policy that shuts out DNS cuts the registry off from its store, its database and its token service, as it knows them by
name alone. Allow DNS, and the addresses of these.

    networkPolicy: {dns: true, egressCIDRs: [10.0.0.0/8]}
",
);

pub(super) fn check(context: &RuleContext<'_>, sink: &mut Sink<'_>) {
    for document in context.documents {
        let mut elsewhere = Vec::new();
        walk::walk(document, &mut |visit| {
            let name = visit
                .node
                .get("secretKeyRef")
                .and_then(|reference| reference.get("name"));
            let name = name
                .and_then(Node::text)
                .filter(|_| matches!(visit.value, ValueType::Secret));
            if name.is_some_and(|name| KubernetesSubdomain::parse(name).is_err()) {
                elsewhere.push(visit.path.to_owned());
            }
        });
        for path in elsewhere {
            sink.on(document)
                .at(
                    &path,
                    K_028,
                    "the name is none that a Secret of this namespace can have",
                )
                .help("name a Secret in the registry's own namespace, without the namespace");
        }
        let policy = document
            .spec
            .workload()
            .and_then(|workload| workload.network_policy);
        if policy.is_some_and(|policy| policy.enabled && !policy.dns) {
            sink.on(document)
                .at(
                    "networkPolicy.dns",
                    K_032,
                    "without DNS the registry finds neither its store nor its database",
                )
                .help("set `networkPolicy.dns` to true");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::cases::{fires, fires_here, registry};

    #[test]
    fn k_028_fires_on_a_secret_of_another_namespace_and_not_of_one_s_own() {
        let with = |name: &str| {
            registry(&format!(
                "storage: {{s3: {{secretkey: {{secretKeyRef: {{name: '{name}', key: k}}}}}}}}"
            ))
        };
        assert!(fires("K-028", &with("other/s3")));
        assert!(fires("K-028", &with("S3_Keys")));
        assert!(!fires("K-028", &with("s3-keys")));
    }

    #[test]
    fn k_032_fires_on_a_policy_without_dns_on_a_cluster_and_not_with_it() {
        assert!(fires("K-032", &registry("networkPolicy: {dns: false}")));
        assert!(!fires_here("K-032", &registry("networkPolicy: {dns: false}")));
        assert!(!fires(
            "K-032",
            &registry("networkPolicy: {enabled: false, dns: false}")
        ));
        assert!(!fires("K-032", &registry("networkPolicy: {}")));
    }
}
