//! Which document is meant where none is named.

use std::fs;

use crate::scene::{Run, Scene, quiet};

/// Runs `show` in a folder of the scene, and gives the names of what it found.
fn found(scene: &Scene, folder: &str) -> Vec<String> {
    let run = in_folder(scene, folder, &["show", "-o", "json"]);
    let shown = run.json();
    let shown = shown.as_array().unwrap_or_else(|| panic!("{run}")).iter();
    shown
        .map(|document| document["baseName"].as_str().unwrap().to_owned())
        .collect()
}

fn in_folder(scene: &Scene, folder: &str, arguments: &[&str]) -> Run {
    let folder = scene.path().join(folder);
    fs::create_dir_all(&folder).unwrap();
    Run::of(&scene.command(arguments).current_dir(folder).output().unwrap())
}

#[test]
fn the_document_here_goes_before_the_one_above() {
    let scene = Scene::with(&quiet("above"));
    assert_eq!(found(&scene, "a/b"), ["above"]);
    scene.file("a/berth.yaml", quiet("nearer"));
    assert_eq!(found(&scene, "a/b"), ["nearer"]);
    assert_eq!(found(&scene, "."), ["above"]);
}

#[test]
fn yaml_goes_before_json_and_a_file_before_the_folder() {
    let scene = Scene::new();
    scene.file("berth/a.yaml", quiet("folder"));
    assert_eq!(found(&scene, "."), ["folder"]);
    let json = r#"{"apiVersion": "berth.dev/v1", "kind": "DockerRegistry", "metadata": {"name": "json"}}"#;
    scene.file("berth.json", json);
    assert_eq!(found(&scene, "."), ["json"]);
    scene.file("berth.yaml", quiet("yaml"));
    assert_eq!(found(&scene, "."), ["yaml"]);
}

#[test]
fn nothing_is_looked_for_outside_of_the_repository() {
    let scene = Scene::with(&quiet("outside"));
    fs::create_dir_all(scene.path().join("inner/.git")).unwrap();
    let run = in_folder(&scene, "inner/a", &["check"]);
    assert_eq!(run.code, Some(64), "{run}");
}

#[test]
fn where_nothing_is_found_the_way_on_is_told() {
    for command in ["check", "show", "size"] {
        let run = Scene::new().berth(&[command]);
        assert_eq!(
            run.to_string(),
            "exit: 64\n--- stderr\nerror: no document named, and no berth.yaml, berth.json, berth.nix or berth/ \
             here or above; `berth init` writes a starter\n\n"
        );
    }
}
