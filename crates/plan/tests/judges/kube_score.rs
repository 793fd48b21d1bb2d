//! `kube-score`, with all tests that it runs of itself, and the one for system calls beside them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use berth_drive::program;
use serde_json::Value;

use crate::explained::{Finding, counted, for_kube_score, write_as_rendered, write_unexplained};

/// What isn't fully well: a grade below this one.
const WELL: i64 = 10;

/// What `kube-score` finds in the files of a folder; how many objects it judged.
fn judge(program: &Path, folder: &Path, version: &str) -> (BTreeSet<Finding>, usize) {
    let (mut found, mut judged) = (BTreeSet::new(), 0);
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let sample = path.file_stem().unwrap().to_string_lossy().into_owned();
        let output = Command::new(program)
            .args([
                "score",
                "--output-format",
                "json",
                "--kubernetes-version",
                version,
            ])
            .args(["--enable-optional-test", "container-seccomp-profile"])
            .arg(&path)
            .output()
            .unwrap();
        let said: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{sample}: {error}: {}", String::from_utf8_lossy(&output.stderr)));
        for object in said.as_array().into_iter().flatten() {
            judged += 1;
            let kind = object["type_meta"]["kind"].as_str().unwrap();
            let name = object["object_meta"]["name"].as_str().unwrap();
            let namespace = object["object_meta"]["namespace"].as_str();
            let key = namespace.map_or(format!("{kind} {name}"), |namespace| {
                format!("{kind} {namespace}/{name}")
            });
            for check in object["checks"].as_array().into_iter().flatten() {
                let is_well = check["skipped"] == true || check["grade"].as_i64().unwrap() >= WELL;
                if !is_well {
                    let id = check["check"]["id"].as_str().unwrap().to_owned();
                    found.insert((sample.clone(), key.clone(), id));
                }
            }
        }
    }
    (found, judged)
}

#[test]
fn kube_score_finds_nothing_that_is_not_explained() {
    let Some(program) = program("kube-score", "kube-score") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    write_as_rendered(folder.path());
    for version in ["v1.26", "v1.31", "v1.37"] {
        let (found, judged) = judge(&program, folder.path(), version);
        assert!(found.is_empty(), "{version}: {found:#?}");
        println!("kube-score: {judged} objects for {version}");
    }
}

#[test]
fn each_explanation_to_kube_score_is_of_something_that_it_finds() {
    let Some(program) = program("kube-score", "kube-score") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    write_unexplained(folder.path());
    let (found, _) = judge(&program, folder.path(), "v1.31");
    let explained = for_kube_score();
    let apart: Vec<_> = found.symmetric_difference(&explained).collect();
    assert!(
        apart.is_empty(),
        "found and not explained, or the reverse: {apart:#?}"
    );
    println!(
        "explained to kube-score, {} in all:\n{}",
        explained.len(),
        counted(&explained)
    );
}
