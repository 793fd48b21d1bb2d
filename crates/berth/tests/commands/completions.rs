//! `berth completions`.

use std::process::Command;

use berth_drive::needed;

use crate::scene::Scene;

const SHELLS: [&str; 5] = ["bash", "zsh", "fish", "elvish", "powershell"];

#[test]
fn every_shell_gets_a_script_that_knows_the_commands() {
    for shell in SHELLS {
        let script = Scene::new().berth(&["completions", shell]).result();
        for word in [
            "berth",
            "check",
            "serve",
            "completions",
            "kubernetes",
            "allow-anonymous",
        ] {
            assert!(script.contains(word), "{word} for {shell}");
        }
    }
}

#[test]
fn each_shell_that_is_here_can_read_its_script() {
    for shell in ["bash", "zsh", "fish"] {
        // Bash is everywhere; the others are a bonus where somebody uses them.
        if shell != "bash" && Command::new(shell).arg("--version").output().is_err() {
            continue;
        }
        let Some(program) = needed(shell) else { return };
        let scene = Scene::new();
        let script = scene.file("script", scene.berth(&["completions", shell]).result());
        let parsed = Command::new(program).arg("-n").arg(&script).output().unwrap();
        assert!(parsed.status.success(), "{shell}: {parsed:?}");
    }
}

#[test]
fn bash_completes_a_command() {
    let Some(bash) = needed("bash") else { return };
    let scene = Scene::new();
    scene.file("script", scene.berth(&["completions", "bash"]).result());
    let typed =
        "source ./script; COMP_WORDS=(berth che); COMP_CWORD=1; _berth berth che berth; echo ${COMPREPLY[@]}";
    let output = Command::new(bash)
        .args(["-c", typed])
        .current_dir(scene.path())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "check\n", "{output:?}");
}

#[test]
fn another_shell_is_wrong_usage() {
    Scene::new()
        .berth(&["completions", "csh"])
        .refused(64, &["possible values: bash"]);
}
