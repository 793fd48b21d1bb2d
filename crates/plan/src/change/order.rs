use crate::object::Stage;

/// The stage of what left the declaration, told by its kind alone: it goes in the reverse order.
pub fn stage_of(kind: &str) -> Stage {
    match kind {
        "Namespace" | "CustomResourceDefinition" => Stage::Namespace,
        "ServiceAccount" | "Role" | "RoleBinding" | "ClusterRole" | "ClusterRoleBinding" => Stage::Access,
        "Secret" | "ConfigMap" => Stage::Configuration,
        "PersistentVolumeClaim" | "StorageClass" => Stage::Storage,
        "Service" => Stage::Service,
        "Ingress" | "HTTPRoute" | "Gateway" => Stage::Exposure,
        "NetworkPolicy" | "PodDisruptionBudget" | "HorizontalPodAutoscaler" => Stage::Policy,
        "ServiceMonitor" | "PrometheusRule" => Stage::Monitoring,
        _ => Stage::Workload,
    }
}

/// When what left goes, the first first: what runs before what it needs, and the bounds of what runs after it, lest it run
/// without any.
pub(super) const fn departure(stage: Stage) -> u8 {
    match stage {
        Stage::Monitoring => 0,
        Stage::Exposure => 1,
        Stage::Service => 2,
        Stage::Workload => 3,
        Stage::Migration => 4,
        Stage::Datastore => 5,
        Stage::Policy => 6,
        Stage::Storage => 7,
        Stage::Configuration => 8,
        Stage::Access => 9,
        Stage::Namespace => 10,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::{
        ConfigMap, CronJob, Deployment, Kind, Namespace, PersistentVolumeClaim, Role, Service,
    };

    #[test]
    fn kinds_go_at_the_stage_at_which_they_come() {
        for (kind, stage) in [
            (ConfigMap::KIND, ConfigMap::STAGE),
            (CronJob::KIND, CronJob::STAGE),
            (Deployment::KIND, Deployment::STAGE),
            (Namespace::KIND, Namespace::STAGE),
            (PersistentVolumeClaim::KIND, PersistentVolumeClaim::STAGE),
            (Role::KIND, Role::STAGE),
            (Service::KIND, Service::STAGE),
        ] {
            assert_eq!(stage_of(kind), stage, "{kind}");
        }
    }
}
