use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;

use super::{Labels, Metadata, Volume, VolumeMount};

/// What pods are made from.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct PodTemplate {
    /// Labels and annotations of the pods.
    pub metadata: Metadata,
    /// What the pods are.
    pub spec: PodSpec,
}

/// What a pod is.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PodSpec {
    /// The account it runs under.
    pub service_account_name: Option<String>,
    /// Whether it gets the account's token.
    pub automount_service_account_token: Option<bool>,
    /// Whether it is told of the namespace's Services by variables.
    pub enable_service_links: Option<bool>,
    /// The rights of all its processes.
    pub security_context: PodSecurityContext,
    /// How long it may take to stop.
    pub termination_grace_period_seconds: Option<i64>,
    /// After how long it has failed, in seconds.
    pub active_deadline_seconds: Option<i64>,
    /// Whether containers that ended are started again.
    pub restart_policy: Option<&'static str>,
    /// Its priority.
    pub priority_class_name: Option<String>,
    /// Labels that the node must have.
    #[serde(skip_serializing_if = "Labels::is_empty")]
    pub node_selector: Labels,
    /// Taints that are tolerated.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tolerations: Vec<Toleration>,
    /// Near whom it runs, and near whom it doesn't.
    pub affinity: Option<Affinity>,
    /// Secrets to pull its images with.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub image_pull_secrets: Vec<LocalReference>,
    /// What runs to its end, one after the other, before the rest starts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub init_containers: Vec<Container>,
    /// What runs.
    pub containers: Vec<Container>,
    /// What containers can mount.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub volumes: Vec<Volume>,
}

/// An object of the same namespace by its name.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct LocalReference {
    /// The name.
    pub name: String,
}

/// A program of a pod.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Container {
    /// Its name in the pod.
    pub name: String,
    /// The image.
    pub image: String,
    /// Whether the node's copy of the image will do.
    pub image_pull_policy: Option<&'static str>,
    /// The program; the image's own without it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub command: Vec<String>,
    /// Its arguments.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<String>,
    /// The environment.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub env: Vec<EnvVar>,
    /// Where it listens.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<ContainerPort>,
    /// Whether it has started.
    pub startup_probe: Option<Probe>,
    /// Whether it may be sent requests.
    pub readiness_probe: Option<Probe>,
    /// Whether it goes on to live.
    pub liveness_probe: Option<Probe>,
    /// What it may use.
    pub resources: ResourceRequirements,
    /// The rights of its processes.
    pub security_context: SecurityContext,
    /// What it sees of the pod's volumes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub volume_mounts: Vec<VolumeMount>,
}

/// A variable of the environment.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EnvVar {
    /// The name.
    pub name: String,
    /// The value, where it is no secret.
    pub value: Option<String>,
    /// Where the value lies.
    pub value_from: Option<EnvSource>,
}

/// Where the value of a variable lies.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EnvSource {
    /// In a Secret.
    pub secret_key_ref: Option<KeySelector>,
    /// In the pod itself.
    pub field_ref: Option<FieldSelector>,
}

/// A field of the pod itself.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FieldSelector {
    /// Its path, such as `metadata.name`.
    pub field_path: &'static str,
}

/// A key of a Secret or ConfigMap of the same namespace.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct KeySelector {
    /// The object.
    pub name: String,
    /// The key.
    pub key: String,
}

/// A port that a container listens on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ContainerPort {
    /// Its name in the pod.
    pub name: Cow<'static, str>,
    /// The number.
    pub container_port: u16,
    /// `TCP`.
    pub protocol: &'static str,
}

/// A question that is asked again and again.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Probe {
    /// Whether this command ends well.
    pub exec: Option<Exec>,
    /// Whether this path answers.
    pub http_get: Option<HttpGet>,
    /// Whether this port accepts connections.
    pub tcp_socket: Option<TcpSocket>,
    /// How often, in seconds.
    pub period_seconds: Option<u32>,
    /// How long an answer may take, in seconds.
    pub timeout_seconds: Option<u32>,
    /// How many failures in a row count.
    pub failure_threshold: Option<u32>,
}

/// A command that must end well.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Exec {
    /// The program and its arguments.
    pub command: Vec<String>,
}

/// A path that must answer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct HttpGet {
    /// The path.
    pub path: String,
    /// The port by its name.
    pub port: &'static str,
    /// `HTTP` or `HTTPS`.
    pub scheme: &'static str,
}

/// A port that must accept connections.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct TcpSocket {
    /// The port by its name.
    pub port: &'static str,
}

/// What a container may use, and what is kept for it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct ResourceRequirements {
    /// The most it may use.
    pub limits: BTreeMap<&'static str, String>,
    /// What is kept for it.
    pub requests: BTreeMap<&'static str, String>,
}

/// The rights of all processes of a pod.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PodSecurityContext {
    /// Whether root is refused.
    pub run_as_non_root: Option<bool>,
    /// The user.
    pub run_as_user: Option<i64>,
    /// The group.
    pub run_as_group: Option<i64>,
    /// The group that volumes are given to.
    pub fs_group: Option<i64>,
    /// When volumes are given to it.
    pub fs_group_change_policy: Option<&'static str>,
    /// Which system calls are allowed.
    pub seccomp_profile: Option<SeccompProfile>,
}

/// The rights of a container's processes.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SecurityContext {
    /// Whether it has all of the node's rights.
    pub privileged: Option<bool>,
    /// Whether root is refused.
    pub run_as_non_root: Option<bool>,
    /// The user.
    pub run_as_user: Option<i64>,
    /// The group.
    pub run_as_group: Option<i64>,
    /// Which system calls are allowed.
    pub seccomp_profile: Option<SeccompProfile>,
    /// What `AppArmor` allows, from Kubernetes 1.30 on.
    pub app_armor_profile: Option<AppArmorProfile>,
    /// Whether a process may get more rights than its parent.
    pub allow_privilege_escalation: Option<bool>,
    /// Whether the image can't be written to.
    pub read_only_root_filesystem: Option<bool>,
    /// What of root's rights it has.
    pub capabilities: Option<Capabilities>,
}

/// What of root's rights a process has.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Capabilities {
    /// What it has all the same.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub add: Vec<&'static str>,
    /// What it hasn't.
    pub drop: Vec<&'static str>,
}

/// What `AppArmor` allows.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct AppArmorProfile {
    /// The name of the profile.
    #[serde(rename = "type")]
    pub profile: &'static str,
}

/// Which system calls are allowed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct SeccompProfile {
    /// The name of the profile.
    #[serde(rename = "type")]
    pub profile: &'static str,
}

/// A taint that is tolerated.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Toleration {
    /// The key; all without it.
    pub key: Option<String>,
    /// `Exists` or `Equal`.
    pub operator: Option<String>,
    /// The value.
    pub value: Option<String>,
    /// What the taint does.
    pub effect: Option<String>,
    /// For how long it is tolerated.
    pub toleration_seconds: Option<i64>,
}

/// Near whom a pod runs, and near whom it doesn't.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Affinity {
    /// Near whom it doesn't run.
    pub pod_anti_affinity: Option<PodAntiAffinity>,
}

/// Near whom a pod doesn't run.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PodAntiAffinity {
    /// Where it can be done.
    #[serde(
        rename = "preferredDuringSchedulingIgnoredDuringExecution",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub preferred: Vec<WeightedPodAffinityTerm>,
    /// Always.
    #[serde(
        rename = "requiredDuringSchedulingIgnoredDuringExecution",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub required: Vec<PodAffinityTerm>,
}

/// A wish and its weight.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WeightedPodAffinityTerm {
    /// From 1 to 100.
    pub weight: u8,
    /// The wish.
    pub pod_affinity_term: PodAffinityTerm,
}

/// Pods, and what "near" means.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PodAffinityTerm {
    /// The pods.
    pub label_selector: LabelSelector,
    /// The label of nodes that are near each other.
    pub topology_key: &'static str,
}

/// Objects by their labels.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LabelSelector {
    /// The labels; all objects without any.
    #[serde(skip_serializing_if = "Labels::is_empty")]
    pub match_labels: Labels,
}

impl EnvVar {
    /// A value that is no secret.
    pub fn plain(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            value: Some(value.into()),
            value_from: None,
        }
    }

    /// A key of a Secret.
    pub fn secret(name: impl Into<String>, at: KeySelector) -> Self {
        Self {
            name: name.into(),
            value: None,
            value_from: Some(EnvSource {
                secret_key_ref: Some(at),
                field_ref: None,
            }),
        }
    }

    /// A field of the pod itself.
    pub fn field(name: impl Into<String>, field_path: &'static str) -> Self {
        Self {
            name: name.into(),
            value: None,
            value_from: Some(EnvSource {
                secret_key_ref: None,
                field_ref: Some(FieldSelector { field_path }),
            }),
        }
    }
}

impl KeySelector {
    /// A key of an object.
    pub fn of(name: &str, key: &str) -> Self {
        Self {
            name: name.to_owned(),
            key: key.to_owned(),
        }
    }
}

impl ContainerPort {
    /// A TCP port.
    pub const fn tcp(name: &'static str, port: u16) -> Self {
        Self {
            name: Cow::Borrowed(name),
            container_port: port,
            protocol: "TCP",
        }
    }
}

impl From<Labels> for LabelSelector {
    fn from(match_labels: Labels) -> Self {
        Self { match_labels }
    }
}
