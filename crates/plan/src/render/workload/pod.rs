use std::collections::BTreeMap;

use berth_config::sections::{ComponentResources, ResourceAmounts, Resources};
use berth_config::value::AntiAffinity;

use super::service_account::{account_name, pull_secrets};
use crate::object::{
    Affinity, Capabilities, Container, LabelSelector, Labels, Metadata, PodAffinityTerm, PodAntiAffinity,
    PodSecurityContext, PodSpec, PodTemplate, ResourceRequirements, SeccompProfile, SecurityContext,
    Toleration, Volume, WeightedPodAffinityTerm,
};
use crate::render::registry::Component;

/// The user and group that a product's processes run as where the document says nothing.
#[derive(Clone, Copy)]
pub(crate) struct Rights {
    /// The user, the group, and the group that volumes are given to.
    pub(crate) id: i64,
    /// How long a pod may take to stop, in seconds.
    pub(crate) grace_seconds: i64,
}

/// The annotation that says why images of a pod must be written to.
pub(crate) const WRITABLE: &str = "berth.dev/writable-root-filesystem";

/// A pod of a component: its place, its rights, and what it consists of.
pub(crate) fn pod_template(
    component: &Component<'_>,
    rights: Rights,
    containers: Vec<Container>,
    volumes: Vec<Volume>,
    checksums: Labels,
) -> PodTemplate {
    let registry = component.registry;
    let workload = &registry.workload;
    let placement = component.placement().cloned().unwrap_or_default();
    let mut annotations = registry.annotations();
    let own = workload.pod_annotations.iter();
    annotations.extend(own.map(|(key, value)| (key.clone(), value.clone())));
    annotations.extend(checksums);
    PodTemplate {
        metadata: Metadata {
            labels: component.pod_labels(),
            annotations,
            ..Metadata::default()
        },
        spec: PodSpec {
            service_account_name: Some(account_name(registry)),
            automount_service_account_token: Some(false),
            enable_service_links: Some(false),
            security_context: pod_rights(component, rights),
            termination_grace_period_seconds: Some(rights.grace_seconds),
            priority_class_name: placement.priority_class_name,
            node_selector: placement.node_selector.into_iter().collect(),
            tolerations: placement.tolerations.into_iter().map(toleration).collect(),
            affinity: Some(affinity(component)),
            image_pull_secrets: pull_secrets(registry),
            containers,
            volumes,
            ..PodSpec::default()
        },
    }
}

/// What Pod Security "restricted" asks of a container, and an image that can't be written to.
pub(crate) fn container_rights(component: &Component<'_>) -> SecurityContext {
    let given = component.registry.workload.security_context;
    let read_only = given.and_then(|given| given.read_only_root_filesystem);
    SecurityContext {
        allow_privilege_escalation: Some(false),
        read_only_root_filesystem: Some(read_only.unwrap_or(true)),
        capabilities: Some(Capabilities {
            drop: vec!["ALL"],
            ..Capabilities::default()
        }),
        ..SecurityContext::default()
    }
}

/// What a container may use.
pub(crate) fn resources(resources: &Resources) -> ResourceRequirements {
    ResourceRequirements {
        limits: amounts(&resources.limits),
        requests: amounts(&resources.requests),
    }
}

/// What the container of a part may use: its own amounts, else the registry's.
pub(crate) fn resources_of_part(
    of_registry: &Resources,
    own: Option<&ComponentResources>,
) -> ResourceRequirements {
    let mut requirements = resources(of_registry);
    let Some(own) = own else {
        return requirements;
    };
    for (amounts, own) in [
        (&mut requirements.limits, &own.limits),
        (&mut requirements.requests, &own.requests),
    ] {
        for (name, amount) in [("cpu", &own.cpu), ("memory", &own.memory)] {
            if let Some(amount) = amount.as_ref().filter(|amount| amount.value().is_some()) {
                amounts.insert(name, amount.text().to_owned());
            }
        }
    }
    requirements
}

fn amounts(amounts: &ResourceAmounts) -> BTreeMap<&'static str, String> {
    let given = [
        ("cpu", Some(&amounts.cpu)),
        ("memory", Some(&amounts.memory)),
        ("ephemeral-storage", amounts.ephemeral_storage.as_ref()),
    ];
    let right = given
        .into_iter()
        .filter_map(|(name, amount)| Some((name, amount.filter(|amount| amount.value().is_some())?)));
    right
        .map(|(name, amount)| (name, amount.text().to_owned()))
        .collect()
}

fn pod_rights(component: &Component<'_>, rights: Rights) -> PodSecurityContext {
    let given = component
        .registry
        .workload
        .security_context
        .cloned()
        .unwrap_or_default();
    PodSecurityContext {
        run_as_non_root: Some(true),
        run_as_user: Some(given.run_as_user.unwrap_or(rights.id)),
        run_as_group: Some(given.run_as_group.unwrap_or(rights.id)),
        fs_group: Some(given.fs_group.unwrap_or(rights.id)),
        // Without it, each start of a pod walks over all files of a large volume.
        fs_group_change_policy: Some("OnRootMismatch"),
        seccomp_profile: Some(SeccompProfile {
            profile: "RuntimeDefault",
        }),
    }
}

fn toleration(given: berth_config::sections::Toleration) -> Toleration {
    Toleration {
        key: given.key,
        operator: given.operator,
        value: given.value,
        effect: given.effect,
        toleration_seconds: given.toleration_seconds,
    }
}

/// Replicas on different nodes: where it can be done, or always.
fn affinity(component: &Component<'_>) -> Affinity {
    let placement = component.placement();
    let wanted = placement.and_then(|placement| placement.anti_affinity.as_ref()?.value().copied());
    let term = |topology_key| PodAffinityTerm {
        label_selector: LabelSelector::from(component.selector()),
        topology_key,
    };
    let wish = |weight, topology_key| WeightedPodAffinityTerm {
        weight,
        pod_affinity_term: term(topology_key),
    };
    let zones = wish(50, "topology.kubernetes.io/zone");
    let apart = match wanted.unwrap_or(AntiAffinity::Soft) {
        AntiAffinity::Soft => PodAntiAffinity {
            preferred: vec![wish(100, "kubernetes.io/hostname"), zones],
            ..PodAntiAffinity::default()
        },
        AntiAffinity::Hard => PodAntiAffinity {
            preferred: vec![zones],
            required: vec![term("kubernetes.io/hostname")],
        },
    };
    Affinity {
        pod_anti_affinity: Some(apart),
    }
}
