//! What judges of manifests find in an object, and why it is so: each finding that stands is explained on the object
//! itself, by the annotation that its judge reads. A reason that isn't known is not made up: the judge then speaks.

mod facts;
mod reasons;

use crate::object::Object;
use facts::{Facts, Finding};
use reasons::reason;

/// What `kube-score` reads: the tests to leave out, in one list.
const KUBE_SCORE: &str = "kube-score/ignore";

/// Explains on an object what judges find in its pods.
pub(super) fn explain(object: &mut Object) {
    let Some(facts) = Facts::of(object) else { return };
    let explained: Vec<(Finding, String)> = facts
        .findings()
        .into_iter()
        .filter_map(|finding| Some((finding, reason(finding, &facts)?)))
        .collect();
    let mut ignored: Vec<String> = Vec::new();
    let annotations = &object.metadata().annotations;
    ignored.extend(annotations.get(KUBE_SCORE).cloned());
    for (finding, why) in &explained {
        if let Some(number) = finding.checkov() {
            let key = format!("checkov.io/skip{number}");
            object.annotate(key, format!("CKV_K8S_{number}={why}"));
        }
        if let Some(id) = finding.kube_score() {
            object.annotate(format!("kube-score.berth.dev/{id}"), why.clone());
            ignored.push(id.to_owned());
        }
    }
    if !ignored.is_empty() {
        object.annotate(KUBE_SCORE.to_owned(), ignored.join(","));
    }
}
