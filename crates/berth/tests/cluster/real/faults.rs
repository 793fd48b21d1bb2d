//! Faults planted where pods really run, one after the other, each told by `berth diagnose`; and nothing is told of a
//! registry that is well.

mod not_responding;
mod pulling;
mod storage;

use std::cell::RefCell;

use super::scene::{PATIENCE, Scene};

/// A registry with one user, whom the scene's environment gives her password.
const REGISTRY: &str = r#"
apiVersion: berth.dev/v1
kind: DockerRegistry
metadata: {name: team}
spec:
  namespace: "@"
  engine: ENGINE
  storage: {driver: filesystem, delete: {enabled: true}}
  persistence: {size: 1Gi}
  auth: {scheme: basic, htpasswd: {realm: team, users: {ann: {env: ANN_BCRYPT}}}}
  resources: {requests: {cpu: 10m, memory: 32Mi}}
---
"#;

/// Waits until `berth diagnose` tells of a fault: one finding with this code and these words, and a next step.
fn named(scene: &Scene, document: &str, code: &str, words: &str) {
    let said = RefCell::new(String::new());
    let is_named = || {
        let (_, report) = scene.berth(document, &["diagnose"]);
        let found = findings(&report)
            .iter()
            .any(|finding| finding.contains(code) && finding.contains(words) && finding.contains("help: "));
        said.replace(report);
        Ok(found)
    };
    let what = format!("{code} to be told with {words:?}");
    let waited = scene.node.wait(&what, PATIENCE, is_named);
    waited.unwrap_or_else(|error| panic!("{error:#}\nit says:\n{}\n{}", said.borrow(), scene.pods()));
}

/// The report, cut before each finding.
fn findings(report: &str) -> Vec<String> {
    let mut findings: Vec<String> = Vec::new();
    for line in report.lines() {
        let begins = ["error[", "warning[", "info["]
            .iter()
            .any(|word| line.starts_with(word));
        match findings.last_mut() {
            Some(last) if !begins => {
                last.push('\n');
                last.push_str(line);
            }
            _ => findings.push(line.to_owned()),
        }
    }
    findings
}

/// `berth diagnose` has nothing to tell; what is undone takes the kubelet and the Service a moment.
fn well(scene: &Scene, document: &str) {
    let said = RefCell::new(String::new());
    let is_well = || {
        let (code, report) = scene.berth(document, &["diagnose", "--exit-code"]);
        said.replace(report);
        Ok(code == Some(0))
    };
    let waited = scene.node.wait("nothing to be wrong", PATIENCE, is_well);
    waited.unwrap_or_else(|error| panic!("{error:#}\nit says:\n{}\n{}", said.borrow(), scene.pods()));
}

/// Applies the document over what was planted.
fn mend(scene: &Scene, document: &str) {
    let words = ["apply", "--yes", "--adopt", "--timeout", "5m"];
    let (code, said) = scene.berth(document, &words);
    assert_eq!(code, Some(0), "{said}\n{}", scene.pods());
}

/// Changes an object by hand.
fn patch(scene: &Scene, kind: &str, name: &str, patch: &str) {
    scene.kubectl(&["patch", kind, name, "--type", "strategic", "--patch", patch]);
}
