use serde_json::Value as Json;

use crate::Cluster;
use crate::refused::{Asked, Refused, Verb};

/// How full a volume is, as its node tells.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VolumeStats {
    /// The namespace of its claim.
    pub namespace: String,
    /// Its claim.
    pub claim: String,
    /// Bytes in use.
    pub used: u64,
    /// Bytes that fit.
    pub capacity: u64,
}

impl Cluster {
    /// How full the claimed volumes of a node are: the kubelet's summary, read through the API server.
    ///
    /// # Errors
    /// [`crate::Cause::Forbidden`] without the right to `nodes/proxy`, and whatever keeps the node from answering.
    pub async fn volumes_of(&self, node: &str) -> Result<Vec<VolumeStats>, Refused> {
        let asked = Asked::about(Verb::Get, format!("the volumes of node {node}"));
        let path = format!("/api/v1/nodes/{node}/proxy/stats/summary");
        Ok(volumes(&self.read(&asked, &path).await?))
    }
}

fn volumes(summary: &Json) -> Vec<VolumeStats> {
    let lists = |value: &Json, field: &str| value[field].as_array().cloned().unwrap_or_default();
    let pods = lists(summary, "pods");
    let volumes = pods.iter().flat_map(|pod| lists(pod, "volume"));
    let claimed = volumes.filter_map(|volume| {
        let claim = volume.get("pvcRef")?;
        Some(VolumeStats {
            namespace: claim["namespace"].as_str()?.to_owned(),
            claim: claim["name"].as_str()?.to_owned(),
            used: volume["usedBytes"].as_u64()?,
            capacity: volume["capacityBytes"].as_u64()?,
        })
    });
    claimed.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn volumes_without_a_claim_are_passed_over() {
        let summary = json!({"pods": [{"volume": [
            {"name": "tmp", "usedBytes": 1, "capacityBytes": 2},
            {"name": "data", "usedBytes": 3, "capacityBytes": 4, "pvcRef": {"name": "c", "namespace": "n"}},
        ]}, {"podRef": {}}]});
        let found = volumes(&summary);
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].claim.as_str(), found[0].used, found[0].capacity),
            ("c", 3, 4)
        );
    }
}
