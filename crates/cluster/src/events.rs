use berth_plan::object::ObjectKey;
use serde_json::Value as Json;

use crate::Cluster;
use crate::kinds::GroupKind;
use crate::list::Selector;
use crate::refused::Refused;

/// Something that happened to an object.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Event {
    /// Whether it is a warning.
    pub warning: bool,
    /// In one word, such as `FailedScheduling`.
    pub reason: String,
    /// In words.
    pub message: String,
    /// How often it happened.
    pub count: u64,
    /// When it last did, as the cluster writes times.
    pub last: String,
}

impl Cluster {
    /// What happened to an object lately, the latest last.
    ///
    /// # Errors
    /// Whatever keeps the server from answering.
    pub async fn events(&self, key: &ObjectKey) -> Result<Vec<Event>, Refused> {
        let kind = GroupKind {
            group: String::new(),
            kind: "Event".to_owned(),
        };
        let selector = Selector {
            labels: String::new(),
            fields: format!(
                "involvedObject.kind={},involvedObject.name={}",
                key.kind, key.name
            ),
        };
        // Events about what belongs to the whole cluster lie in the namespace `default`.
        let namespace = key.namespace.as_deref().unwrap_or("default");
        let found = self.list(&kind, Some(namespace), &selector).await?;
        let mut events: Vec<_> = found.iter().map(Event::of).collect();
        events.sort_by(|a, b| a.last.cmp(&b.last));
        Ok(events)
    }
}

impl Event {
    fn of(event: &Json) -> Self {
        let text = |field: &str| event[field].as_str().unwrap_or_default().to_owned();
        let count = event["count"]
            .as_u64()
            .or_else(|| event.pointer("/series/count")?.as_u64());
        Self {
            warning: event["type"] == "Warning",
            reason: text("reason"),
            message: text("message"),
            count: count.unwrap_or(1),
            last: last_time(event).to_owned(),
        }
    }
}

/// When an event last happened, in either API's form; empty where it doesn't say.
pub fn last_time(event: &Json) -> &str {
    let places = [
        "/series/lastObservedTime",
        "/lastTimestamp",
        "/eventTime",
        "/metadata/creationTimestamp",
    ];
    let found = places.iter().find_map(|place| event.pointer(place)?.as_str());
    found.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_event_of_either_api_tells_when_it_last_happened() {
        let old = json!({"type": "Warning", "reason": "BackOff", "message": "m", "count": 7,
            "lastTimestamp": "2026-01-02T00:00:00Z", "eventTime": null});
        let new = json!({"type": "Normal", "reason": "Scheduled", "message": "m",
            "eventTime": "2026-01-01T00:00:00.000000Z", "lastTimestamp": null});
        let old = Event::of(&old);
        assert_eq!(
            (old.warning, old.count, old.last.as_str()),
            (true, 7, "2026-01-02T00:00:00Z")
        );
        let new = Event::of(&new);
        assert_eq!(
            (new.warning, new.count, new.last.as_str()),
            (false, 1, "2026-01-01T00:00:00.000000Z")
        );
    }
}
