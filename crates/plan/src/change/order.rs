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
