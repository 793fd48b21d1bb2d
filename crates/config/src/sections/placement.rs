use indexmap::IndexMap;

use crate::section::section;
use crate::value::{AntiAffinity, Cidr, KubernetesSubdomain, Written};

section! {
    /// Where pods run.
    pub struct Placement {
        /// Labels that the node must have.
        extension node_selector as "nodeSelector": IndexMap<String, String>;
        /// Taints that are tolerated.
        extension tolerations: Vec<Toleration>;
        /// Whether replicas are kept apart.
        extension anti_affinity as "antiAffinity": Option<Written<AntiAffinity>>;
        /// The PriorityClass.
        extension priority_class_name as "priorityClassName": Option<String>;
    }
}

section! {
    /// A taint that is tolerated, as Kubernetes names the fields.
    pub struct Toleration {
        /// The key of the taint; all without it.
        extension key: Option<String>;
        /// Exists or Equal.
        extension operator: Option<String>;
        /// The value of the taint.
        extension value: Option<String>;
        /// NoSchedule, PreferNoSchedule or NoExecute.
        extension effect: Option<String>;
        /// For how long NoExecute is tolerated.
        extension toleration_seconds as "tolerationSeconds": Option<i64>, range 0 to 2_147_483_647;
    }
}

section! {
    /// The account under which pods run.
    pub struct ServiceAccount {
        /// Its name; one of its own without it.
        extension name: Option<Written<KubernetesSubdomain>>;
        /// Whether Berth makes it.
        extension create: bool = true;
        /// Annotations, such as a role of the cloud.
        extension annotations: IndexMap<String, String>;
    }
}

section! {
    /// The rights of the processes.
    pub struct SecurityContext {
        /// The user.
        extension run_as_user as "runAsUser": Option<i64>, range 0 to 4_294_967_295;
        /// The group.
        extension run_as_group as "runAsGroup": Option<i64>, range 0 to 4_294_967_295;
        /// The group that volumes are given to.
        extension fs_group as "fsGroup": Option<i64>, range 0 to 4_294_967_295;
        /// Whether the image can't be written to.
        extension read_only_root_filesystem as "readOnlyRootFilesystem": Option<bool>;
    }
}

section! {
    /// How many replicas there are, by load.
    pub struct Autoscaling {
        /// Whether a HorizontalPodAutoscaler decides.
        extension enabled: bool = true;
        /// The fewest.
        extension min_replicas as "minReplicas": i64 = 1, range 1 to 1000, code "K-023";
        /// The most.
        extension max_replicas as "maxReplicas": i64 = 3, range 1 to 1000, code "K-023";
        /// The share of the requested cpu that is aimed at, in percent.
        extension target_cpu as "targetCPUUtilizationPercentage": Option<i64>, range 1 to 1000, code "K-023";
        /// The share of the requested memory that is aimed at, in percent.
        extension target_memory as "targetMemoryUtilizationPercentage": Option<i64>, range 1 to 1000, code "K-023";
    }
}

section! {
    /// How many replicas may be away when nodes are drained.
    pub struct PodDisruptionBudget {
        /// Whether there is a budget.
        extension enabled: bool = true;
        /// The fewest that stay, a number in quotes or a share such as `50%`.
        extension min_available as "minAvailable": Option<String>;
        /// The most that are away, a number in quotes or a share such as `50%`.
        extension max_unavailable as "maxUnavailable": Option<String>;
    }
}

section! {
    /// Who may talk to the pods, and with whom they may talk.
    pub struct NetworkPolicy {
        /// Whether there is one.
        extension enabled: bool = true;
        /// Namespaces whose pods may come in; all without it.
        extension from_namespaces as "fromNamespaces": Vec<String>;
        /// Addresses that the pods may reach.
        extension egress_cidrs as "egressCIDRs": Vec<Written<Cidr>>;
        /// Whether the pods may ask the cluster's DNS.
        extension dns: bool = true;
    }
}

section! {
    /// Who pays.
    pub struct Cost {
        /// The cost centre.
        extension cost_center as "costCenter": Option<String>;
        /// The registry as the bill names it.
        extension registry_name as "registryName": Option<String>;
        /// Whether it is charged to those who use it.
        extension chargeback: Option<bool>;
        /// Who answers for it.
        extension owner: Option<String>;
    }
}
