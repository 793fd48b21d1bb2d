//! `berth init`.

use std::fs;
use std::process::{Command, Stdio};

use berth_drive::needed;

use crate::scene::{Run, Scene, repository};

const KINDS: [(&str, &str, &str); 4] = [
    ("docker", "DockerRegistry", "docker-registry.yaml"),
    ("harbor", "HarborRegistry", "harbor.yaml"),
    ("nexus", "NexusRegistry", "nexus.yaml"),
    ("artifactory", "ArtifactoryRegistry", "artifactory.yaml"),
];

#[test]
fn each_starter_passes_check_in_both_profiles_here_and_for_a_cluster() {
    for (kind, title, _) in KINDS {
        let scene = Scene::new();
        scene
            .berth(&["init", kind])
            .refused(0, &["berth.yaml: a starter for", "next: berth check berth.yaml"]);
        let text = fs::read_to_string(scene.path().join("berth.yaml")).unwrap();
        assert!(
            text.starts_with('#') && text.contains(&format!("kind: {title}\n")),
            "{text}"
        );
        for arguments in [
            &["check"][..],
            &["check", "--profile", "prod"],
            &["check", "--kubernetes", "1.31"],
            &["check", "--kubernetes", "1.31", "--profile", "prod"],
        ] {
            let run = scene.berth(arguments);
            assert_eq!(run.code, Some(0), "{kind} {arguments:?}: {run}");
        }
    }
}

#[test]
fn the_starters_are_the_examples_of_the_repository() {
    for (kind, _, file) in KINDS {
        let example = fs::read_to_string(repository().join("examples").join(file)).unwrap();
        assert_eq!(
            Scene::new().berth(&["init", kind, "--out", "-"]).result(),
            example
        );
    }
}

#[test]
fn a_document_that_is_there_is_never_overwritten() {
    let scene = Scene::with("mine\n");
    scene
        .berth(&["init", "harbor"])
        .refused(1, &["berth.yaml", "--out"]);
    assert_eq!(
        fs::read_to_string(scene.path().join("berth.yaml")).unwrap(),
        "mine\n"
    );
    scene
        .berth(&["init", "harbor", "--out", "harbor.yaml"])
        .refused(0, &["harbor.yaml"]);
}

#[test]
fn without_a_kind_and_without_a_terminal_it_is_wrong_usage() {
    let scene = Scene::new();
    let run = scene.berth(&["init"]);
    insta::assert_snapshot!(run, @r"
    exit: 64
    --- stderr
    error: name a kind (docker, harbor, nexus or artifactory): nobody is here to answer questions
    ");
    assert!(!scene.path().join("berth.yaml").exists());
    scene
        .berth(&["init", "quay"])
        .refused(64, &["possible values: docker, harbor, nexus, artifactory"]);
}

/// Runs `init` on a terminal, with these answers, and gives what the terminal showed.
fn asked(scene: &Scene, answers: &str) -> Option<Run> {
    let script = needed("script")?;
    let command = format!("{} init", env!("CARGO_BIN_EXE_berth"));
    let answers = scene.file("answers", answers);
    let output = Command::new(script)
        .args([
            "--quiet",
            "--return",
            "--flush",
            "--command",
            &command,
            "/dev/null",
        ])
        .current_dir(scene.path())
        .stdin(Stdio::from(fs::File::open(answers).unwrap()))
        .env("TERM", "xterm")
        .output()
        .unwrap();
    Some(Run::of(&output))
}

#[test]
fn on_a_terminal_questions_lead_to_a_kind() {
    for (answers, kind) in [
        ("y\n", "ArtifactoryRegistry"),
        ("n\nyes\n", "NexusRegistry"),
        ("n\n\nY\n", "HarborRegistry"),
        ("n\nn\nn\ny\n", "HarborRegistry"),
        ("n\nn\nn\nn\nn\n", "DockerRegistry"),
    ] {
        let scene = Scene::new();
        let Some(run) = asked(&scene, answers) else { return };
        assert_eq!(run.code, Some(0), "{run}");
        let text = fs::read_to_string(scene.path().join("berth.yaml")).unwrap();
        assert!(text.contains(&format!("kind: {kind}\n")), "{answers:?}: {run}");
    }
}

/// Ctrl-D is no answer.
#[test]
fn an_end_of_input_is_not_taken_for_a_no() {
    let scene = Scene::new();
    let Some(run) = asked(&scene, "n\n\u{4}") else {
        return;
    };
    assert_ne!(run.code, Some(0), "{run}");
    assert!(!scene.path().join("berth.yaml").exists());
}
