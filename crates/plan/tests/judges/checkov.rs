//! `checkov`, with all its checks of Kubernetes.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use berth_drive::python;
use serde_json::Value;
use tempfile::TempDir;

use crate::explained::{Finding, counted, for_checkov, write_as_rendered, write_unexplained};

/// A folder of its own; `checkov` passes over those whose names begin with a dot.
fn folder() -> TempDir {
    tempfile::Builder::new().prefix("judged-").tempdir().unwrap()
}

/// What `checkov` finds in the files of a folder, and how many checks were passed.
fn judge(program: &Path, folder: &Path) -> (BTreeSet<Finding>, u64) {
    let output = Command::new(program)
        .args(["--framework", "kubernetes", "--output", "json", "--compact"])
        // It asks nobody for anything.
        .args(["--skip-download", "--directory"])
        .arg(folder)
        .output()
        .unwrap();
    let said: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    assert_eq!(said["summary"]["parsing_errors"], 0);
    let failed = said["results"]["failed_checks"].as_array().unwrap();
    let found = failed.iter().map(|check| {
        let file = check["file_path"].as_str().unwrap().trim_start_matches('/');
        let sample = file.trim_end_matches(".yaml").to_owned();
        (
            sample,
            key(check["resource"].as_str().unwrap()),
            check["check_id"].as_str().unwrap().to_owned(),
        )
    });
    (found.collect(), said["summary"]["passed"].as_u64().unwrap())
}

/// `Deployment.team.registry` as an object is named here: `Deployment team/registry`.
fn key(resource: &str) -> String {
    let mut words = resource.splitn(3, '.');
    let mut next = || words.next().unwrap_or_default();
    let (kind, namespace, name) = (next(), next(), next());
    format!("{kind} {namespace}/{name}")
}

#[test]
fn checkov_finds_nothing_that_is_not_explained() {
    let Some(program) = python("checkov", "checkov") else {
        return;
    };
    let folder = folder();
    write_as_rendered(folder.path());
    let (found, passed) = judge(&program, folder.path());
    assert!(found.is_empty(), "{found:#?}");
    println!("checkov: {passed} checks passed");
}

#[test]
fn each_explanation_to_checkov_is_of_something_that_it_finds() {
    let Some(program) = python("checkov", "checkov") else {
        return;
    };
    let folder = folder();
    write_unexplained(folder.path());
    let (found, _) = judge(&program, folder.path());
    let explained = for_checkov();
    let apart: Vec<_> = found.symmetric_difference(&explained).collect();
    assert!(
        apart.is_empty(),
        "found and not explained, or the reverse: {apart:#?}"
    );
    println!(
        "explained to checkov, {} in all:\n{}",
        explained.len(),
        counted(&explained)
    );
}
