//! What every registry has, whichever product it is: written once, by [`registry_section!`].

use indexmap::IndexMap;

use crate::sections::{
    Autoscaling, Backup, Cost, Exposure, Metrics, NetworkPolicy, Persistence, Placement, PodDisruptionBudget,
    Resources, SecurityContext, ServiceAccount,
};
use crate::value::{HttpUrl, KubernetesLabel, Private, Written};

/// The fields that the four registries have in common, borrowed from one of them.
#[derive(Clone, Copy, Debug)]
pub struct Workload<'a> {
    /// `name`.
    pub name: &'a str,
    /// `version`.
    pub version: &'a str,
    /// `namespace`.
    pub namespace: &'a Written<KubernetesLabel>,
    /// `resources`.
    pub resources: &'a Resources,
    /// `labels`.
    pub labels: &'a IndexMap<String, String>,
    /// `annotations`.
    pub annotations: &'a IndexMap<String, String>,
    /// `externalURL`.
    pub external_url: Option<&'a Written<HttpUrl>>,
    /// `exposure`.
    pub exposure: Option<&'a Exposure>,
    /// `persistence`.
    pub persistence: Option<&'a Persistence>,
    /// `metrics`.
    pub metrics: Option<&'a Metrics>,
    /// `backup`.
    pub backup: Option<&'a Backup>,
    /// `autoscaling`.
    pub autoscaling: Option<&'a Autoscaling>,
    /// `podDisruptionBudget`.
    pub pod_disruption_budget: Option<&'a PodDisruptionBudget>,
    /// `networkPolicy`.
    pub network_policy: Option<&'a NetworkPolicy>,
    /// `placement`.
    pub placement: Option<&'a Placement>,
    /// `serviceAccount`.
    pub service_account: Option<&'a ServiceAccount>,
    /// `securityContext`.
    pub security_context: Option<&'a SecurityContext>,
    /// `timeZone`.
    pub time_zone: Option<&'a str>,
    /// `terminationGracePeriodSeconds`.
    pub termination_grace_period_seconds: Option<i64>,
    /// `imagePullSecrets`.
    pub image_pull_secrets: &'a [String],
    /// `podLabels`.
    pub pod_labels: &'a IndexMap<String, String>,
    /// `podAnnotations`.
    pub pod_annotations: &'a IndexMap<String, String>,
    /// `extraEnv`.
    pub extra_env: &'a IndexMap<String, Private>,
    /// `cost`.
    pub cost: Option<&'a Cost>,
}

/// A section with the fields that every registry has: the core ones `resources`, `labels` and
/// `annotations` (after its own) and the extensions that deploy it.
macro_rules! registry_section {
    (
        $(#[doc = $doc:literal])*
        pub struct $name:ident ($limits:expr, $requests:expr) { $($own:tt)* }
    ) => {
        $crate::section::section! {
            $(#[doc = $doc])*
            pub struct $name {
                $($own)*
                /// What the container may use; of several components, each without resources of its own.
                core resources: $crate::sections::Resources = $crate::sections::Resources::of($limits, $requests);
                /// Labels of all objects.
                core labels: indexmap::IndexMap<String, String>;
                /// Annotations of all objects.
                core annotations: indexmap::IndexMap<String, String>;
                /// The URL by which clients know the registry.
                extension external_url as "externalURL": Option<$crate::value::Written<$crate::value::HttpUrl>>;
                /// How clients outside the cluster reach it.
                extension exposure: Option<$crate::sections::Exposure>;
                /// The volume that holds the data.
                extension persistence: Option<$crate::sections::Persistence>;
                /// What it tells a monitoring system.
                extension metrics: Option<$crate::sections::Metrics>;
                /// Copies for the day the data is lost.
                extension backup: Option<$crate::sections::Backup>;
                /// How many replicas there are, by load.
                extension autoscaling: Option<$crate::sections::Autoscaling>;
                /// How many replicas may be away when nodes are drained.
                extension pod_disruption_budget as "podDisruptionBudget": Option<$crate::sections::PodDisruptionBudget>;
                /// Who may talk to the pods, and with whom they may talk.
                extension network_policy as "networkPolicy": Option<$crate::sections::NetworkPolicy>;
                /// Where pods run.
                extension placement: Option<$crate::sections::Placement>;
                /// The account under which pods run.
                extension service_account as "serviceAccount": Option<$crate::sections::ServiceAccount>;
                /// The rights of the processes.
                extension security_context as "securityContext": Option<$crate::sections::SecurityContext>;
                /// The time zone of all schedules, such as `Europe/Berlin`.
                extension time_zone as "timeZone": Option<String>;
                /// How long a pod may take to stop.
                extension termination_grace_period_seconds as "terminationGracePeriodSeconds": Option<i64>, range 0 to 86400;
                /// Pull secrets for the product's own images.
                extension image_pull_secrets as "imagePullSecrets": Vec<String>;
                /// More labels of the pods.
                extension pod_labels as "podLabels": indexmap::IndexMap<String, String>;
                /// More annotations of the pods.
                extension pod_annotations as "podAnnotations": indexmap::IndexMap<String, String>;
                /// More variables of the environment; no secrets.
                extension extra_env as "extraEnv": indexmap::IndexMap<String, $crate::value::Private>;
                /// Who pays.
                extension cost: Option<$crate::sections::Cost>;
            }
        }

        impl $name {
            /// The fields that all registries have.
            pub fn workload(&self) -> $crate::sections::Workload<'_> {
                $crate::sections::Workload {
                    name: &self.name,
                    version: &self.version,
                    namespace: &self.namespace,
                    resources: &self.resources,
                    labels: &self.labels,
                    annotations: &self.annotations,
                    external_url: self.external_url.as_ref(),
                    exposure: self.exposure.as_ref(),
                    persistence: self.persistence.as_ref(),
                    metrics: self.metrics.as_ref(),
                    backup: self.backup.as_ref(),
                    autoscaling: self.autoscaling.as_ref(),
                    pod_disruption_budget: self.pod_disruption_budget.as_ref(),
                    network_policy: self.network_policy.as_ref(),
                    placement: self.placement.as_ref(),
                    service_account: self.service_account.as_ref(),
                    security_context: self.security_context.as_ref(),
                    time_zone: self.time_zone.as_deref(),
                    termination_grace_period_seconds: self.termination_grace_period_seconds,
                    image_pull_secrets: &self.image_pull_secrets,
                    pod_labels: &self.pod_labels,
                    pod_annotations: &self.pod_annotations,
                    extra_env: &self.extra_env,
                    cost: self.cost.as_ref(),
                }
            }
        }
    };
}

pub(crate) use registry_section;
