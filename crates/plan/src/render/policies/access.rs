use std::collections::BTreeSet;

use berth_config::document::Document;
use berth_config::registries_of;
use berth_config::sections::{AccessSubject, RegistryAccess};
use berth_config::value::AccessKind;

use super::{not_yet, owned};
use crate::object::{Object, PolicyRule, RBAC_GROUP, Role, RoleBinding, RoleSubject};
use crate::render::{Rendering, codes};

/// Resources of groups that have names; those of the core group have none.
const GROUPS: &[(&str, &[&str])] = &[
    (
        "apps",
        &[
            "controllerrevisions",
            "daemonsets",
            "deployments",
            "replicasets",
            "statefulsets",
        ],
    ),
    ("autoscaling", &["horizontalpodautoscalers"]),
    ("batch", &["cronjobs", "jobs"]),
    ("coordination.k8s.io", &["leases"]),
    ("discovery.k8s.io", &["endpointslices"]),
    ("gateway.networking.k8s.io", &["gateways", "httproutes"]),
    ("networking.k8s.io", &["ingresses", "networkpolicies"]),
    ("policy", &["poddisruptionbudgets"]),
    (RBAC_GROUP, &["rolebindings", "roles"]),
];

/// The rights in Kubernetes: a Role and its binding in each namespace of the registries that they are for. The rights
/// in registries are the registries' to give.
pub(super) fn render(document: &Document, spec: &RegistryAccess, rendering: &mut Rendering<'_>) {
    if !spec.rules.is_empty() {
        not_yet(document, "rules", rendering);
    }
    if spec.kubernetes.is_empty() {
        return;
    }
    let namespaces = namespaces(document, spec, rendering);
    if namespaces.is_empty() {
        rendering
            .tell(
                document,
                "kubernetes",
                codes::RN_005,
                "there is no namespace to give these rights in",
            )
            .help("give the registries' documents too, or set metadata.namespace");
    }
    for namespace in namespaces {
        let subjects = subjects(document, spec, &namespace, rendering);
        if subjects.is_empty() {
            continue;
        }
        let documents = rendering.documents;
        let metadata = || owned::metadata(documents, document, &document.base_name, &namespace);
        let role = Role { rules: rules(spec) };
        let binding = RoleBinding::to_role(&document.base_name, subjects);
        rendering.add(document, Object::new(metadata(), &role));
        rendering.add(document, Object::new(metadata(), &binding));
    }
}

/// Those of the registries, else that of the document, else those of the accounts.
fn namespaces(document: &Document, spec: &RegistryAccess, rendering: &Rendering<'_>) -> BTreeSet<String> {
    let registries = registries_of(&rendering.documents.documents, document);
    let workloads = registries
        .into_iter()
        .filter_map(|registry| registry.spec.workload());
    let own: BTreeSet<String> = workloads
        .map(|workload| workload.namespace.text().to_owned())
        .collect();
    if !own.is_empty() {
        return own;
    }
    if let Some(namespace) = &document.metadata.namespace {
        return [namespace.text().to_owned()].into();
    }
    spec.subjects
        .iter()
        .filter_map(|subject| subject.namespace.clone())
        .collect()
}

fn rules(spec: &RegistryAccess) -> Vec<PolicyRule> {
    let mut rules: Vec<PolicyRule> = Vec::new();
    for given in &spec.kubernetes {
        for resource in &given.resources {
            let (group, resource) = group_of(resource);
            // What has the same rights in the same group stands in one rule.
            let there = rules
                .iter_mut()
                .find(|rule| rule.api_groups == [group] && rule.verbs == given.verbs);
            match there {
                Some(rule) => rule.resources.push(resource.to_owned()),
                None => rules.push(PolicyRule {
                    api_groups: vec![group.to_owned()],
                    resources: vec![resource.to_owned()],
                    resource_names: Vec::new(),
                    verbs: given.verbs.clone(),
                }),
            }
        }
    }
    rules
}

/// The group of a resource: as written (`certificates.cert-manager.io`), else the one that is known.
fn group_of(resource: &str) -> (&str, &str) {
    if let Some((name, group)) = resource.split_once('.') {
        return (group, name);
    }
    let name = resource.split('/').next().unwrap_or_default();
    let known = GROUPS.iter().find(|(_, names)| names.contains(&name));
    (known.map_or("", |(group, _)| group), resource)
}

fn subjects(
    document: &Document,
    spec: &RegistryAccess,
    namespace: &str,
    rendering: &mut Rendering<'_>,
) -> Vec<RoleSubject> {
    let mut subjects = Vec::new();
    for (index, given) in spec.subjects.iter().enumerate() {
        match given.kind.value() {
            Some(AccessKind::ServiceAccount) => {
                let namespace = given.namespace.as_deref().unwrap_or(namespace);
                subjects.push(RoleSubject::service_account(&given.name, namespace));
            }
            Some(AccessKind::User) => subjects.push(person("User", given)),
            Some(AccessKind::Group) => subjects.push(person("Group", given)),
            Some(AccessKind::Anonymous) => {
                let path = format!("subjects[{index}]");
                rendering
                    .tell(
                        document,
                        &path,
                        codes::RN_005,
                        "nobody gets rights in Kubernetes without a name",
                    )
                    .help("name a User, a Group or a ServiceAccount");
            }
            None => {}
        }
    }
    subjects
}

fn person(kind: &'static str, given: &AccessSubject) -> RoleSubject {
    RoleSubject {
        api_group: Some(RBAC_GROUP),
        kind,
        name: given.name.clone(),
        namespace: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_is_found_in_its_group() {
        for (resource, group, name) in [
            ("secrets", "", "secrets"),
            ("pods/log", "", "pods/log"),
            ("deployments/scale", "apps", "deployments/scale"),
            ("cronjobs", "batch", "cronjobs"),
            ("certificates.cert-manager.io", "cert-manager.io", "certificates"),
        ] {
            assert_eq!(group_of(resource), (group, name));
        }
    }
}
