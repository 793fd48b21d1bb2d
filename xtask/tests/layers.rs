//! The shape of the workspace: which crate may know which, what pure crates must not touch, and how large files get.
#![expect(
    clippy::unwrap_used,
    reason = "a test that can't read the workspace has failed"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// What each crate may depend on among the workspace's own. An arrow that isn't here points up.
const ALLOWED: &[(&str, &[&str])] = &[
    ("berth-oci", &[]),
    ("berth-finding", &[]),
    ("berth-config", &["berth-oci", "berth-finding"]),
    (
        "berth-plan",
        &["berth-oci", "berth-finding", "berth-config", "berth-drive"],
    ),
    ("berth-cluster", &["berth-plan", "berth-drive"]),
    ("berth-storage", &["berth-oci"]),
    ("berth-registry", &["berth-oci", "berth-storage"]),
    (
        "berth",
        &[
            "berth-oci",
            "berth-finding",
            "berth-config",
            "berth-plan",
            "berth-cluster",
            "berth-storage",
            "berth-registry",
            "berth-drive",
        ],
    ),
    ("berth-drive", &[]),
    ("xtask", &["berth-config", "berth-drive", "berth-plan"]),
];

/// Crates that decide and never act: synchronous, no outside thing, no clock.
const PURE: &[&str] = &["oci", "finding", "config", "plan"];

/// What source of a pure crate must not say, and why.
const IMPURE: &[(&str, &str)] = &[
    ("async fn", "pure crates are synchronous"),
    (".await", "pure crates are synchronous"),
    ("tokio", "pure crates know no runtime"),
    (
        "std::fs",
        "pure crates read no file: text comes in as a parameter",
    ),
    ("TcpStream", "pure crates open no connection"),
    ("TcpListener", "pure crates open no connection"),
    ("UdpSocket", "pure crates open no connection"),
    ("ToSocketAddrs", "pure crates ask no name server"),
    ("std::process", "pure crates start no program"),
    ("std::env", "pure crates read no environment"),
    ("SystemTime", "time comes in as a parameter"),
    ("Instant::now", "time comes in as a parameter"),
];

/// Names that say nothing about what is inside.
const VAGUE: &[&str] = &[
    "utils", "util", "common", "misc", "manager", "types", "helpers", "helper", "mod",
];

const LONG: usize = 600;

#[test]
fn crates_depend_only_on_what_lies_below_them() {
    let allowed: BTreeMap<_, _> = ALLOWED.iter().copied().collect();
    for package in packages() {
        let name = text(&package["name"]);
        let below = allowed
            .get(name)
            .unwrap_or_else(|| panic!("{name} has no line in ALLOWED"));
        for dependency in package["dependencies"].as_array().unwrap() {
            let other = text(&dependency["name"]);
            let ours = dependency["path"].is_string();
            assert!(!ours || below.contains(&other), "{name} must not know {other}");
        }
    }
}

#[test]
fn pure_crates_do_not_depend_on_a_runtime() {
    for package in packages()
        .iter()
        .filter(|package| PURE.contains(&folder(package).as_str()))
    {
        for dependency in package["dependencies"].as_array().unwrap() {
            let other = text(&dependency["name"]);
            let kind = dependency["kind"].as_str().unwrap_or("normal");
            let runtime = ["tokio", "axum", "hyper", "reqwest", "ureq", "rusqlite"].contains(&other);
            assert!(
                kind == "dev" || !runtime,
                "{} is pure and must not know {other}",
                text(&package["name"])
            );
        }
    }
}

#[test]
fn pure_crates_touch_nothing_outside() {
    let mut faults = Vec::new();
    for name in PURE {
        for file in sources(&root().join("crates").join(name).join("src")) {
            for (number, line) in production_lines(&file) {
                let impure = IMPURE.iter().filter(|(word, _)| line.contains(word));
                faults
                    .extend(impure.map(|(word, why)| format!("{}:{number}: `{word}`: {why}", shown(&file))));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn only_the_http_folder_of_the_registry_knows_the_http_server() {
    let http = root().join("crates/registry/src/http");
    let mut faults = Vec::new();
    for file in sources(&root().join("crates")) {
        let in_http = file.starts_with(&http) || file == http.with_extension("rs");
        if in_http || !has_part(&file, "src") {
            continue;
        }
        for (number, line) in production_lines(&file) {
            let server = ["axum::", "hyper::", "hyper_util::"]
                .iter()
                .any(|word| line.contains(word));
            if server {
                faults.push(format!("{}:{number}: {}", shown(&file), line.trim()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn long_files_say_why() {
    let long = all_sources().into_iter().filter(|file| {
        let source = fs::read_to_string(file).unwrap();
        let reason = source.lines().take(30).any(|line| line.contains("Long because"));
        source.lines().count() > LONG && !reason
    });
    let long: Vec<_> = long.map(|file| shown(&file)).collect();
    assert!(
        long.is_empty(),
        "over {LONG} lines, and no \"Long because\" at the head: {}",
        long.join(", ")
    );
}

#[test]
fn file_names_say_what_is_inside() {
    let vague = all_sources().into_iter().filter(|file| {
        let stem = file.file_stem().unwrap().to_string_lossy().into_owned();
        let folder = file
            .parent()
            .and_then(Path::file_name)
            .unwrap()
            .to_string_lossy()
            .into_owned();
        VAGUE.contains(&stem.as_str()) || VAGUE.contains(&folder.as_str())
    });
    let vague: Vec<_> = vague.map(|file| shown(&file)).collect();
    assert!(vague.is_empty(), "names that say nothing: {}", vague.join(", "));
}

#[test]
fn every_crate_says_what_it_does() {
    for file in all_sources().iter().filter(|file| file.ends_with("src/lib.rs")) {
        let source = fs::read_to_string(file).unwrap();
        assert!(
            source.starts_with("//! "),
            "{} doesn't start with what the crate does",
            shown(file)
        );
    }
}

/// The lines of a file up to its unit tests, without comments; a file that is all tests has none.
fn production_lines(file: &Path) -> Vec<(usize, String)> {
    let all_tests = file.file_stem().is_some_and(|stem| stem == "tests");
    let in_tests = has_part(file, "tests");
    if all_tests || in_tests {
        return Vec::new();
    }
    let source = fs::read_to_string(file).unwrap();
    let lines = source
        .lines()
        .enumerate()
        .take_while(|(_, line)| !line.starts_with("#[cfg(test)]"));
    let code = lines.filter(|(_, line)| !line.trim_start().starts_with("//"));
    code.map(|(index, line)| (index + 1, line.to_owned())).collect()
}

fn all_sources() -> Vec<PathBuf> {
    ["crates", "xtask", "tests"]
        .iter()
        .flat_map(|folder| sources(&root().join(folder)))
        .collect()
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut files = Vec::new();
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() && path.file_name().is_some_and(|name| name != "target") {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

fn packages() -> Vec<Value> {
    let mut command = Command::new(env!("CARGO"));
    command
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(root());
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

/// The folder that a package lies in.
fn folder(package: &Value) -> String {
    let manifest = Path::new(text(&package["manifest_path"]));
    manifest
        .parent()
        .and_then(Path::file_name)
        .unwrap()
        .to_string_lossy()
        .into_owned()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Whether a folder of that name lies between the workspace and the file.
fn has_part(file: &Path, name: &str) -> bool {
    let file = file.strip_prefix(root()).unwrap();
    file.components().any(|part| part.as_os_str() == name)
}

fn shown(file: &Path) -> String {
    file.strip_prefix(root()).unwrap_or(file).display().to_string()
}
