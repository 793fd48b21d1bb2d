use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value as Json;

use crate::object::{Object, ObjectKey};

/// What ran by the clock, or once.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Run {
    /// The CronJob or the Job.
    pub job: String,
    /// When it last began; `None`: never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub began: Option<String>,
    /// When it last succeeded; `None`: never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub succeeded: Option<String>,
    /// How it stands, in one word.
    pub state: RunState,
}

/// How what runs stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum RunState {
    /// It has not begun yet.
    Waiting,
    /// It is suspended.
    Suspended,
    /// It runs now.
    Running,
    /// Its last run succeeded.
    Succeeded,
    /// Its last run did not.
    Failed,
}

impl RunState {
    /// In one word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Suspended => "suspended",
            Self::Running => "running",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
        }
    }
}

/// The runs among a document's objects.
pub(super) fn of(own: &[&Object], live: &BTreeMap<ObjectKey, Json>) -> Vec<Run> {
    let runs = own.iter().filter_map(|object| {
        let key = object.key();
        let live = live.get(&key)?;
        let text = |pointer: &str| live.pointer(pointer).and_then(Json::as_str).map(str::to_owned);
        match object.kind() {
            "CronJob" => Some(Run {
                job: key.to_string(),
                began: text("/status/lastScheduleTime"),
                succeeded: text("/status/lastSuccessfulTime"),
                state: by_the_clock(live),
            }),
            "Job" => Some(Run {
                job: key.to_string(),
                began: text("/status/startTime"),
                succeeded: text("/status/completionTime"),
                state: once(live),
            }),
            _ => None,
        }
    });
    runs.collect()
}

fn by_the_clock(live: &Json) -> RunState {
    let status = &live["status"];
    let time = |field: &str| status[field].as_str();
    if live["spec"]["suspend"] == true {
        RunState::Suspended
    } else if status["active"]
        .as_array()
        .is_some_and(|active| !active.is_empty())
    {
        RunState::Running
    } else {
        // Times in RFC 3339, UTC, compare as text.
        match (time("lastScheduleTime"), time("lastSuccessfulTime")) {
            (None, _) => RunState::Waiting,
            (Some(began), Some(succeeded)) if succeeded >= began => RunState::Succeeded,
            _ => RunState::Failed,
        }
    }
}

fn once(live: &Json) -> RunState {
    let has = |kind: &str| {
        let conditions = live["status"]["conditions"].as_array();
        conditions.is_some_and(|conditions| {
            conditions
                .iter()
                .any(|condition| condition["type"] == kind && condition["status"] == "True")
        })
    };
    if has("Complete") {
        RunState::Succeeded
    } else if has("Failed") {
        RunState::Failed
    } else if live["status"]["active"].as_u64().unwrap_or(0) > 0 {
        RunState::Running
    } else {
        RunState::Waiting
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_schedule_whose_last_run_did_not_succeed_has_failed() {
        let began = json!({"status": {"lastScheduleTime": "2026-01-02T00:00:00Z"}});
        assert_eq!(by_the_clock(&began), RunState::Failed);
        let late = json!({"status": {
            "lastScheduleTime": "2026-01-02T00:00:00Z", "lastSuccessfulTime": "2026-01-01T00:00:00Z",
        }});
        assert_eq!(by_the_clock(&late), RunState::Failed);
        let well = json!({"status": {
            "lastScheduleTime": "2026-01-02T00:00:00Z", "lastSuccessfulTime": "2026-01-02T00:01:00Z",
        }});
        assert_eq!(by_the_clock(&well), RunState::Succeeded);
        assert_eq!(by_the_clock(&json!({})), RunState::Waiting);
        assert_eq!(
            by_the_clock(&json!({"spec": {"suspend": true}})),
            RunState::Suspended
        );
    }
}
