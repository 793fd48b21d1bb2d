//! What is explained on objects, and objects without any explanation.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use berth_plan::object::Object;
use berth_plan::output::to_yaml_stream;
use serde_json::{Value, json};

use crate::scene::{rendered, samples};

/// A sample, an object of it, and the check or test that is explained on it or that a judge has failed.
pub(crate) type Finding = (String, String, String);

/// The annotation that lists what `kube-score` leaves out.
const IGNORED: &str = "kube-score/ignore";
/// Where the reasons for that stand.
const REASONS: &str = "kube-score.berth.dev/";
/// Where a check of `checkov` is explained.
const SKIPPED: &str = "checkov.io/skip";

/// The samples rendered for Kubernetes 1.31.
pub(crate) fn renderings() -> Vec<(String, Vec<Object>)> {
    samples()
        .into_iter()
        .map(|(name, documents)| (name, rendered(&documents, 31).objects.iter().cloned().collect()))
        .filter(|(_, objects): &(String, Vec<Object>)| !objects.is_empty())
        .collect()
}

/// Writes a file a sample, as it is rendered.
pub(crate) fn write_as_rendered(folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    for (name, documents) in samples() {
        let objects = rendered(&documents, 31).objects;
        if !objects.is_empty() {
            fs::write(folder.join(format!("{name}.yaml")), to_yaml_stream(&objects)).unwrap();
        }
    }
}

/// Writes a file a sample with all explanations taken away. Pods are no part of that: they have none.
pub(crate) fn write_unexplained(folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    for (name, objects) in renderings() {
        let stripped = objects.iter().map(|object| {
            let mut json = object.to_json();
            if let Some(annotations) = json["metadata"]["annotations"].as_object_mut() {
                annotations.retain(|key, _| {
                    key != IGNORED && !key.starts_with(REASONS) && !key.starts_with(SKIPPED)
                });
            }
            // JSON is YAML.
            format!("---\n{json}\n")
        });
        fs::write(folder.join(format!("{name}.yaml")), stripped.collect::<String>()).unwrap();
    }
}

/// What is explained to `checkov`, by the number that it has there: `CKV_K8S_43`.
pub(crate) fn for_checkov() -> BTreeSet<Finding> {
    explained(|key, value| {
        key.strip_prefix(SKIPPED)?;
        let (id, why) = value.split_once('=')?;
        assert!(is_a_reason(why) && !why.contains('='), "{key}: {value}");
        Some(id.to_owned())
    })
}

/// What is explained to `kube-score`.
pub(crate) fn for_kube_score() -> BTreeSet<Finding> {
    explained(|key, why| {
        let id = key.strip_prefix(REASONS)?;
        assert!(is_a_reason(why), "{key}: {why}");
        Some(id.to_owned())
    })
}

fn explained(one: impl Fn(&str, &str) -> Option<String>) -> BTreeSet<Finding> {
    let mut found = BTreeSet::new();
    for (sample, objects) in renderings() {
        for object in objects {
            for (key, value) in &object.metadata().annotations {
                let id = one(key, value);
                found.extend(id.map(|id| (sample.clone(), object.key().to_string(), id)));
            }
        }
    }
    found
}

fn is_a_reason(why: &str) -> bool {
    why.split_whitespace().count() >= 5
}

/// How often each was explained, for people.
pub(crate) fn counted(explained: &BTreeSet<Finding>) -> String {
    let ids: BTreeSet<&str> = explained.iter().map(|(_, _, id)| id.as_str()).collect();
    let count = |id: &str| explained.iter().filter(|(_, _, of)| of == id).count();
    let lines = ids.iter().map(|id| format!("  {:3}  {id}\n", count(id)));
    lines.collect()
}

#[test]
fn what_kube_score_leaves_out_has_a_reason_each() {
    let mut ignored = BTreeSet::new();
    for (sample, objects) in renderings() {
        for object in objects {
            let list = object
                .metadata()
                .annotations
                .get(IGNORED)
                .cloned()
                .unwrap_or_default();
            let ids = list.split(',').filter(|id| !id.is_empty());
            ignored.extend(ids.map(|id| (sample.clone(), object.key().to_string(), id.to_owned())));
        }
    }
    assert!(!ignored.is_empty());
    assert_eq!(ignored, for_kube_score());
}

#[test]
fn what_the_user_tells_kube_score_stays() {
    let text =
        crate::scene::registry("{annotations: {kube-score/ignore: service-type}, auth: {enabled: false}}");
    let rendered = rendered(&crate::scene::documents(&text), 31);
    let deployment = rendered
        .objects
        .iter()
        .find(|object| object.kind() == "Deployment")
        .unwrap();
    let list = json!(deployment.metadata().annotations[IGNORED]);
    assert!(list.as_str().unwrap().starts_with("service-type,"), "{list}");
    let service = rendered
        .objects
        .iter()
        .find(|object| object.kind() == "Service")
        .unwrap();
    assert_eq!(
        Value::from(service.metadata().annotations[IGNORED].as_str()),
        "service-type"
    );
}
