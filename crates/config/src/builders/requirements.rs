//! The resource estimate of the module's stable API. `berth size` shows it beside the real sums; this is the only
//! place that calculates it in Rust (`nix/checks.nix` is its twin, and a test compares them).

use serde::Serialize;
use serde_json::Value;

/// What a registry needs, as a rule of thumb a replica.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StorageRequirements {
    /// Millicores.
    pub total_cpu: i64,
    /// MiB.
    pub total_memory: i64,
    /// Images a day.
    pub estimated_throughput: i64,
}

const IMAGES_A_DAY: i64 = 100;

/// Estimates what the registry `config` (a builder's result) needs: 500 millicores and 512 MiB a replica for Harbor,
/// 100 and 256 for the others, 100 images a day a replica.
///
/// Replicas are `replicas`, else `coreReplicas`, else 1; a value that is no integer counts as not given. Sums stop at
/// the largest 64-bit integer.
///
/// ```
/// use berth_config::builders::{calculate_storage_requirements, harbor_registry};
/// use serde_json::json;
///
/// let needs = calculate_storage_requirements(&harbor_registry("hub", json!({"coreReplicas": 3})));
/// assert_eq!((needs.total_cpu, needs.total_memory), (1500, 1536));
/// assert_eq!(needs.estimated_throughput, 300);
/// ```
pub fn calculate_storage_requirements(config: &Value) -> StorageRequirements {
    let replicas = ["replicas", "coreReplicas"]
        .into_iter()
        .find_map(|field| config.get(field)?.as_i64())
        .unwrap_or(1);
    let (cpu, memory) = match config.get("framework").and_then(Value::as_str) {
        Some("harbor") => (500, 512),
        _ => (100, 256),
    };
    StorageRequirements {
        total_cpu: replicas.saturating_mul(cpu),
        total_memory: replicas.saturating_mul(memory),
        estimated_throughput: replicas.saturating_mul(IMAGES_A_DAY),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::calculate_storage_requirements;

    fn cpu_and_memory(config: &serde_json::Value) -> (i64, i64) {
        let needs = calculate_storage_requirements(config);
        (needs.total_cpu, needs.total_memory)
    }

    #[test]
    fn replicas_go_before_core_replicas() {
        assert_eq!(
            cpu_and_memory(&json!({"replicas": 2, "coreReplicas": 5})),
            (200, 512)
        );
        assert_eq!(
            cpu_and_memory(&json!({"replicas": null, "coreReplicas": 5})),
            (500, 1280)
        );
    }

    #[test]
    fn without_replicas_there_is_one() {
        assert_eq!(cpu_and_memory(&json!({"framework": "harbor"})), (500, 512));
        assert_eq!(
            cpu_and_memory(&json!({"framework": "nexus", "replicas": "3"})),
            (100, 256)
        );
    }

    #[test]
    fn the_largest_replica_count_does_not_overflow() {
        assert_eq!(
            cpu_and_memory(&json!({"replicas": i64::MAX})),
            (i64::MAX, i64::MAX)
        );
    }

    #[test]
    fn the_json_has_the_names_of_the_stable_api() {
        let needs = serde_json::to_value(calculate_storage_requirements(&json!({}))).unwrap();
        assert_eq!(
            needs,
            json!({"totalCpu": 100, "totalMemory": 256, "estimatedThroughput": 100})
        );
    }
}
