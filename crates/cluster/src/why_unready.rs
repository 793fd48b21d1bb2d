use berth_plan::object::ObjectKey;
use berth_plan::readiness::Readiness;
use serde_json::Value as Json;

use crate::Cluster;
use crate::kinds::GroupKind;
use crate::list::Selector;
use crate::refused::Refused;

impl Cluster {
    /// Why an object is not ready, as its pods and its events tell it: `Pod n/a-1: ImagePullBackOff: …`. What says
    /// the same is said once.
    ///
    /// # Errors
    /// Whatever keeps the server from answering.
    pub async fn why_unready(&self, key: &ObjectKey) -> Result<Vec<String>, Refused> {
        let Some(object) = self.get(key).await? else {
            return Ok(vec![format!("{key} doesn't exist")]);
        };
        let mut found = Vec::new();
        if let Some(labels) = selector(&object) {
            let kind = GroupKind {
                group: String::new(),
                kind: "Pod".to_owned(),
            };
            let pods = self.list(&kind, Some(self.namespace_of(key)), &labels).await?;
            found.extend(pods.iter().filter_map(unready));
        }
        for event in self.events(key).await? {
            if event.warning {
                found.push(format!("{}: {}", event.reason, event.message));
            }
        }
        let mut said = Vec::new();
        for line in found {
            if !said.contains(&line) {
                said.push(line);
            }
        }
        Ok(said)
    }
}

/// The pods of a workload, by the labels that it looks for.
fn selector(workload: &Json) -> Option<Selector> {
    let labels = workload.pointer("/spec/selector/matchLabels")?.as_object()?;
    let labels = labels
        .iter()
        .filter_map(|(key, value)| Some(format!("{key}={}", value.as_str()?)));
    let labels = labels.collect::<Vec<_>>().join(",");
    (!labels.is_empty()).then(|| Selector {
        labels,
        fields: String::new(),
    })
}

fn unready(pod: &Json) -> Option<String> {
    let key = ObjectKey::of(pod)?;
    match Readiness::of(pod) {
        Readiness::InProgress { why } | Readiness::Failed { why } => Some(format!("{key}: {why}")),
        Readiness::Ready | Readiness::Terminating => None,
    }
}
