//! Names and namespaces of what is deployed.

use berth_finding::{Level, Rule};

use super::fields;
use crate::document::Document;
use crate::rules::{RuleContext, Sink};
use crate::value::{KubernetesLabel, Written};
use crate::{Kind, Spec};

pub(super) const K_001: Rule = Rule::error(
    "K-001",
    "a name can't be used for the objects that are made from it",
    "\
Objects carry the name, some with an ending (Harbor's longest is -jobservice-internal-tls), and a Service's name must be
a DNS label: lower-case letters, digits and hyphens, a letter first, 63 characters at most with the ending. CronJobs and
StatefulSets allow 52. So a name may have 39 characters for Harbor, and 52 less the ending for the others.

    metadata: {name: team-registry}
",
);

pub(super) const K_002: Rule = Rule::error(
    "K-002",
    "a namespace is malformed or not meant for this",
    "\
A namespace is a DNS label of at most 63 characters. Those that start with kube- belong to Kubernetes itself: an error.
`default` is a warning: nothing there can be given away, or cleaned up, on its own.

    namespace: registry
",
);

pub(super) const K_003: Rule = Rule::error(
    "K-003",
    "the number of replicas is not a whole number from 0, or is 0",
    "\
0 is a warning: the objects are made, but nothing runs and nothing can be pulled.

    replicas: 1
",
);

pub(super) fn check(context: &RuleContext<'_>, sink: &mut Sink<'_>) {
    for document in context.documents {
        name(document, sink);
        for (path, namespace) in namespaces(document) {
            self::namespace(document, &path, namespace, sink);
        }
        for (path, replicas) in fields::replicas(&document.spec) {
            if replicas == 0 {
                sink.on(document)
                    .at(path, K_003, "nothing runs with 0 replicas")
                    .level(Level::Warning)
                    .help("set it to 1 or more");
            }
        }
    }
}

fn name(document: &Document, sink: &mut Sink<'_>) {
    let name = document.base_name.as_str();
    let path = if document.given("name").is_some() {
        "name"
    } else {
        "metadata.name"
    };
    let Some(longest) = longest(document).filter(|_| !name.is_empty()) else {
        return;
    };
    let written = Written::<KubernetesLabel>::from(name);
    if written.value().is_none()
        || (document.kind().is_registry() && name.starts_with(|c: char| c.is_ascii_digit()))
    {
        sink.on(document)
            .at(path, K_001, format!("`{name}` can't name objects of Kubernetes"))
            .help("small letters, digits and dashes, a letter first");
    } else if name.len() > longest {
        let message = format!(
            "the name has {} characters, but its objects leave room for {longest}",
            name.len()
        );
        sink.on(document)
            .at(path, K_001, message)
            .help("choose a shorter name");
    }
}

/// How long a name may be, so that the longest of its objects still fits; `None` where no object is
/// named by it.
fn longest(document: &Document) -> Option<usize> {
    match &document.spec {
        Spec::HarborRegistry(_) => Some(39),
        Spec::DockerRegistry(spec) if spec.garbage_collection.is_some() => Some(34),
        Spec::ImagePullSecret(_) => None,
        Spec::ImageScanPolicy(_) | Spec::RegistryAccess(_) => Some(63),
        _ => Some(52),
    }
}

fn namespaces(document: &Document) -> Vec<(String, &Written<KubernetesLabel>)> {
    let own = |namespace| vec![("namespace".to_owned(), namespace)];
    match &document.spec {
        Spec::ImagePullSecret(spec) => {
            let more = spec.namespaces.iter().enumerate();
            let more = more.map(|(index, namespace)| (format!("namespaces[{index}]"), namespace));
            own(&spec.namespace).into_iter().chain(more).collect()
        }
        Spec::ImageBuildConfig(spec) => spec.namespace.as_ref().map(own).unwrap_or_default(),
        spec => spec
            .workload()
            .map(|workload| own(workload.namespace))
            .unwrap_or_default(),
    }
}

fn namespace(document: &Document, path: &str, namespace: &Written<KubernetesLabel>, sink: &mut Sink<'_>) {
    let out = &mut sink.on(document);
    if namespace.text().starts_with("kube-") {
        out.at(
            path,
            K_002,
            format!(
                "the namespace `{}` belongs to Kubernetes itself",
                namespace.text()
            ),
        )
        .help("use a namespace of its own");
    } else if namespace.text() == "default" && document.kind() != Kind::ImagePullSecret {
        out.at(path, K_002, "the namespace is `default`")
            .level(Level::Warning)
            .help("use a namespace of its own");
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::cases::{fires, level_of, policy, registry};

    #[test]
    fn k_001_fires_on_names_that_objects_can_not_have_and_not_on_short_ones() {
        for wrong in ["1registry", "my_registry", &"a".repeat(53)] {
            assert!(fires("K-001", &registry(&format!("name: {wrong}"))), "{wrong}");
        }
        assert!(!fires("K-001", &registry(&format!("name: {}", "a".repeat(52)))));
        let collected = |length| {
            registry(&format!(
                "{{name: {}, garbageCollection: {{}}}}",
                "a".repeat(length)
            ))
        };
        assert!(fires("K-001", &collected(35)));
        assert!(!fires("K-001", &collected(34)));
        assert!(fires(
            "K-001",
            &policy("HarborRegistry", &format!("name: {}", "a".repeat(40)))
        ));
        assert!(!fires(
            "K-001",
            &policy("HarborRegistry", &format!("name: {}", "a".repeat(39)))
        ));
    }

    #[test]
    fn k_002_fires_on_namespaces_of_others_and_not_on_one_s_own() {
        assert_eq!(
            level_of("K-002", &registry("namespace: kube-system")),
            ["error", "error"]
        );
        assert_eq!(
            level_of("K-002", &registry("namespace: Team_A")),
            ["error", "error"]
        );
        assert_eq!(
            level_of("K-002", &registry("namespace: default")),
            ["warning", "warning"]
        );
        assert!(fires(
            "K-002",
            &policy("ImagePullSecret", "namespaces: [team-a, kube-public]")
        ));
        assert!(!fires("K-002", &policy("ImagePullSecret", "namespace: default")));
        assert!(!fires("K-002", &registry("namespace: team-a")));
    }

    #[test]
    fn k_003_fires_on_impossible_numbers_and_warns_of_none() {
        assert_eq!(level_of("K-003", &registry("replicas: -1")), ["error", "error"]);
        assert_eq!(
            level_of("K-003", &registry("replicas: 0")),
            ["warning", "warning"]
        );
        assert!(fires("K-003", &policy("HarborRegistry", "coreReplicas: 0")));
        assert!(!fires("K-003", &registry("replicas: 2")));
    }
}
