//! How each registry and policy of a declaration stands: ready, drifted and by whom, what ran last, which
//! certificates run out.
//!
//! [`status`] is pure: what is live, what a plan would change, and the time come in.

mod certificates;
mod drift;
mod runs;
mod text;

use std::collections::BTreeMap;

use berth_config::document::{Document, Documents};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value as Json;

pub use certificates::Certificate;
pub use drift::Drift;
pub use runs::Run;
pub use text::to_text;

use crate::change::Plan;
use crate::object::{Object, ObjectKey, ObjectSet};
use crate::readiness::Readiness;
use crate::render::INSTANCE;

/// How a document stands on a cluster.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Standing {
    /// The document, as `Kind/name`.
    pub document: String,
    /// Whether all its objects are there and ready.
    pub ready: bool,
    /// What isn't, and why.
    pub waiting: Vec<String>,
    /// What differs from the declaration.
    pub drift: Vec<Drift>,
    /// What ran by the clock, and once.
    pub runs: Vec<Run>,
    /// Certificates that run out within 30 days (90 where they were made once), or have.
    pub certificates: Vec<Certificate>,
}

/// Tells how each document stands, in their order.
pub fn status(
    documents: &Documents,
    objects: &ObjectSet,
    live: &BTreeMap<ObjectKey, Json>,
    plan: &Plan,
    now: Timestamp,
) -> Vec<Standing> {
    let all = documents.documents.iter();
    let standings = all.map(|document| {
        let own: Vec<&Object> = objects.iter().filter(|object| is_of(object, document)).collect();
        let waiting = waiting(&own, live);
        Standing {
            document: document.title(),
            ready: waiting.is_empty() && !own.is_empty(),
            waiting: if own.is_empty() {
                vec!["nothing of it runs on a cluster yet".to_owned()]
            } else {
                waiting
            },
            drift: drift::of(&own, live, plan),
            runs: runs::of(&own, live),
            certificates: certificates::of(&own, live, now),
        }
    });
    standings.collect()
}

/// Whether an object is a document's: by its label, which holds the name that objects are named by.
fn is_of(object: &Object, document: &Document) -> bool {
    if object.metadata().labels.get(INSTANCE) != Some(&document.base_name) {
        return false;
    }
    match document.spec.workload() {
        Some(workload) => {
            let namespace = object.metadata().namespace.as_deref();
            namespace.is_none_or(|namespace| namespace == workload.namespace.text())
        }
        None => true,
    }
}

fn waiting(own: &[&Object], live: &BTreeMap<ObjectKey, Json>) -> Vec<String> {
    let waiting = own.iter().filter_map(|object| {
        let key = object.key();
        let why = match live.get(&key).map(Readiness::of) {
            None => "isn't in the cluster".to_owned(),
            Some(Readiness::Ready) => return None,
            Some(Readiness::InProgress { why }) => why,
            Some(Readiness::Failed { why }) => format!("failed: {why}"),
            Some(Readiness::Terminating) => "is being deleted".to_owned(),
        };
        Some(format!("{key}: {why}"))
    });
    waiting.collect()
}
