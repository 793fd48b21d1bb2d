//! The steps of rendered pods, run for real: what a build fetches with git, and the file of users that a pod puts together.

use std::fs;
use std::path::Path;
use std::process::Command;

use berth_drive::needed;
use serde_json::Value;

use crate::docker::{pod, team};
use crate::scene::{documents, rendered};

/// Runs a step's script in a folder that stands in the place of the pod's own.
fn run(step: &Value, folder: &Path, places: &[&str]) {
    let mut script = step["args"][0].as_str().unwrap().to_owned();
    for place in places {
        let there = folder.join(place.trim_start_matches('/'));
        fs::create_dir_all(&there).unwrap();
        script = script.replace(place, there.to_str().unwrap());
    }
    let mut command = Command::new("/bin/sh");
    command.args(["-c", &script]).env_clear();
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    for variable in step["env"].as_array().unwrap() {
        let (name, value) = (&variable["name"], &variable["value"]);
        let value = value.as_str().unwrap().replace("$$(", "$(");
        command.env(name.as_str().unwrap(), value);
    }
    // The folder of what passes is this one's.
    let output = command.env("HOME", folder).output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-c", "user.name=a", "-c", "user.email=a@example.com"])
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[test]
fn a_branch_a_tag_and_a_commit_are_fetched_short_or_whole() {
    if needed("git").is_none() {
        return;
    }
    let origin = tempfile::tempdir().unwrap();
    git(origin.path(), &["init", "-q", "-b", "main"]);
    let commit = |text: &str| {
        fs::write(origin.path().join("Dockerfile"), text).unwrap();
        git(origin.path(), &["add", "."]);
        git(origin.path(), &["commit", "-q", "-m", text]);
        git(origin.path(), &["rev-parse", "HEAD"])
    };
    let first = commit("first");
    git(origin.path(), &["tag", "v1"]);
    commit("second");
    let url = format!("file://{}", origin.path().display());
    for (revision, expected) in [
        ("main", "second"),
        ("v1", "first"),
        (first.as_str(), "first"),
        (&first[..8], "first"),
    ] {
        let text = format!(
            "apiVersion: berth.dev/v1\nkind: ImageBuildConfig\nmetadata: {{name: app}}\n\
             spec: {{context: {{repository: '{url}', commit: '{revision}'}}}}\n"
        );
        let rendered = rendered(&documents(&text), 31);
        let job = rendered
            .objects
            .iter()
            .find(|object| object.kind() == "Job")
            .unwrap()
            .to_json();
        let folder = tempfile::tempdir().unwrap();
        run(
            &job["spec"]["template"]["spec"]["initContainers"][0],
            folder.path(),
            &["/workspace"],
        );
        let fetched = folder.path().join("workspace/source/Dockerfile");
        assert_eq!(fs::read_to_string(fetched).unwrap(), expected, "{revision}");
    }
}

#[test]
fn a_pod_puts_together_the_file_of_users_that_the_registry_reads() {
    let rendered = team(
        "{auth: {scheme: basic, htpasswd: {users: {'a b': {env: HASH}, you: {secretKeyRef: {name: people, key: you}}}}}}",
    );
    let folder = tempfile::tempdir().unwrap();
    let secrets = folder.path().join("etc/registry/secrets");
    fs::create_dir_all(&secrets).unwrap();
    for (index, hash) in ["$2y$05$one", "$2y$05$two"].iter().enumerate() {
        fs::write(secrets.join(format!("user-{index}")), format!("{hash}\n")).unwrap();
    }
    let step = &pod(&rendered)["initContainers"][0];
    run(step, folder.path(), &["/etc/registry/secrets", "/run/registry"]);
    let users = fs::read_to_string(folder.path().join("run/registry/htpasswd")).unwrap();
    assert_eq!(users, "a b:$2y$05$one\nyou:$2y$05$two\n");
}
