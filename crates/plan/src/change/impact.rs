use std::fmt;

use serde_json::Value as Json;

use super::difference::FieldChange;
use super::labels::{is_made_once, kind};
use super::plan_of_changes::Action;

/// What comes of a change beside the object itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Impact {
    /// Pods are made anew.
    Restart(Restart),
    /// The number of pods changes.
    Scale {
        /// How many there are.
        before: i64,
        /// How many there will be.
        after: i64,
    },
    /// Pods stop for good.
    Stop {
        /// How many.
        pods: i64,
    },
    /// Data comes, grows, or is lost.
    Data(String),
}

/// How pods are made anew.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Restart {
    /// How many.
    pub pods: i64,
    /// Whether nothing answers meanwhile.
    pub is_down: bool,
}

/// What comes of an action; `after` is the object as it will be.
pub(super) fn impacts(action: &Action, live: Option<&Json>, after: Option<&Json>) -> Vec<Impact> {
    let object = after.or(live).unwrap_or(&Json::Null);
    match kind(object) {
        "Deployment" | "StatefulSet" => of_workload(action, live, object),
        "PersistentVolumeClaim" => of_claim(action, live, object),
        "Secret" if is_made_once(object) => of_made_once(action, live, object),
        "Namespace" if matches!(action, Action::Delete { .. }) => {
            vec![Impact::Data("all that it holds goes with it".to_owned())]
        }
        _ => Vec::new(),
    }
}

fn of_workload(action: &Action, live: Option<&Json>, after: &Json) -> Vec<Impact> {
    let pods = live.map_or(0, replicas);
    match action {
        Action::Update { fields } => of_updated_workload(fields, live, after),
        Action::Replace { .. } => {
            let mut impacts = vec![Impact::Restart(Restart { pods, is_down: true })];
            if claims(after).next().is_some() {
                impacts.push(Impact::Data("the volumes of its pods stay".to_owned()));
            }
            impacts
        }
        Action::Delete { .. } if pods > 0 => vec![Impact::Stop { pods }],
        Action::Create => {
            let many = replicas(after);
            claims(after)
                .map(|claim| Impact::Data(format!("{many} new volumes of {}", size(&claim["spec"]))))
                .collect()
        }
        _ => Vec::new(),
    }
}

fn of_updated_workload(fields: &[FieldChange], live: Option<&Json>, after: &Json) -> Vec<Impact> {
    let mut impacts = Vec::new();
    let (was, will) = (live.map_or(0, replicas), replicas(after));
    let waits_for_deletion = after["spec"]["updateStrategy"]["type"] == "OnDelete";
    if fields.iter().any(|field| field.path.starts_with("spec.template")) && !waits_for_deletion && was > 0 {
        let is_recreated = after["spec"]["strategy"]["type"] == "Recreate";
        // A pod of a StatefulSet goes before its successor comes.
        let is_alone = kind(after) == "StatefulSet" && was == 1;
        impacts.push(Impact::Restart(Restart {
            pods: was.min(will),
            is_down: is_recreated || is_alone,
        }));
    }
    if was != will {
        impacts.push(Impact::Scale {
            before: was,
            after: will,
        });
    }
    impacts
}

fn of_claim(action: &Action, live: Option<&Json>, after: &Json) -> Vec<Impact> {
    let will = size(&after["spec"]);
    let text = match action {
        Action::Create => format!("a new volume of {will}"),
        Action::Replace { .. } => {
            format!("all that is in it is lost; an empty volume of {will} takes its place")
        }
        Action::Delete { .. } => "all that is in it is lost, where its class says so".to_owned(),
        Action::Update { fields }
            if fields
                .iter()
                .any(|field| field.path.starts_with("spec.resources")) =>
        {
            let was = live.map_or_else(String::new, |live| size(&live["spec"]));
            format!("the volume grows from {was} to {will}")
        }
        _ => return Vec::new(),
    };
    vec![Impact::Data(text)]
}

fn of_made_once(action: &Action, live: Option<&Json>, after: &Json) -> Vec<Impact> {
    let keys = |object: &Json| -> Vec<String> {
        let data = object["data"].as_object();
        data.map(|data| data.keys().cloned().collect())
            .unwrap_or_default()
    };
    let text = match action {
        Action::Create => format!("made once, and never anew: {}", keys(after).join(", ")),
        Action::Update { .. } => {
            let there = live.map(keys).unwrap_or_default();
            let new: Vec<String> = keys(after)
                .into_iter()
                .filter(|key| !there.contains(key))
                .collect();
            if new.is_empty() {
                return Vec::new();
            }
            format!("made once, and never anew: {}", new.join(", "))
        }
        Action::Delete { .. } | Action::Replace { .. } => {
            "its values are lost: what they protect can't be read without them".to_owned()
        }
        Action::Keep { .. } | Action::Refused { .. } => return Vec::new(),
    };
    vec![Impact::Data(text)]
}

fn replicas(object: &Json) -> i64 {
    object["spec"]["replicas"].as_i64().unwrap_or(1)
}

fn claims(object: &Json) -> impl Iterator<Item = &Json> {
    object["spec"]["volumeClaimTemplates"]
        .as_array()
        .into_iter()
        .flatten()
}

fn size(spec: &Json) -> String {
    let size = &spec["resources"]["requests"]["storage"];
    size.as_str().unwrap_or("unknown size").to_owned()
}

fn pods(count: i64) -> String {
    format!("{count} pod{}", if count == 1 { "" } else { "s" })
}

/// `restarts 2 pods (rolling)`.
impl fmt::Display for Impact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Restart(Restart {
                pods: count,
                is_down: false,
            }) => write!(f, "restarts {} (rolling)", pods(*count)),
            Self::Restart(Restart {
                pods: count,
                is_down: true,
            }) => {
                write!(f, "downtime: stops {} before new ones start", pods(*count))
            }
            Self::Scale { before, after } => write!(f, "scales from {} to {after}", pods(*before)),
            Self::Stop { pods: count } => write!(f, "stops {}", pods(*count)),
            Self::Data(text) => write!(f, "data: {text}"),
        }
    }
}
