//! What all commands have in common: where they print, how they end, and what they never print.

use std::fs::{self, File};
use std::io::Read as _;
use std::process::{Command, Stdio};

use berth_drive::needed;

use crate::scene::{Run, Scene, document, quiet};

/// The commands, as the help lists them.
fn commands() -> Vec<String> {
    let help = Scene::new().berth(&["--help"]).result();
    let (_, list) = help.split_once("Commands:\n").unwrap();
    let lines = list.lines().take_while(|line| !line.is_empty());
    let commands: Vec<_> = lines
        .map(|line| line.split_whitespace().next().unwrap().to_owned())
        .collect();
    assert!(commands.len() >= 8, "{help}");
    commands
}

const CODES: &str = "\
Exit codes:
    0  done; nothing to do
    1  it failed
    2  only with --exit-code: there are changes or findings
    3  done in part: what failed is listed, running it again continues
    4  the declaration is invalid
   64  wrong usage
  130  interrupted: what isn't done is listed, running it again continues
";

#[test]
fn every_help_is_a_result_and_ends_in_the_one_table_of_exit_codes() {
    assert!(Scene::new().berth(&["--help"]).result().ends_with(CODES));
    for command in commands() {
        let help = Scene::new().berth(&[&command, "--help"]).result();
        assert!(help.contains(&format!("Usage: berth {command}")), "{help}");
        assert!(help.ends_with(CODES), "{help}");
    }
}

#[test]
fn every_option_says_what_it_does() {
    for command in commands() {
        let help = Scene::new().berth(&[&command, "-h"]).result();
        let options = help.lines().filter(|line| line.trim_start().starts_with('-'));
        for option in options {
            let (_, meaning) = option.trim_start().split_once("  ").unwrap_or_default();
            let says = meaning.trim().chars().next().is_some_and(char::is_alphabetic);
            assert!(says, "{command}: {option}");
        }
    }
}

#[test]
fn wrong_usage_exits_64_on_the_standard_error_and_helps() {
    let scene = Scene::new();
    for arguments in [
        &[][..],
        &["chekc"],
        &["check", "--profil", "prod"],
        &["check", "-o", "xml"],
        &["check", "--profile", "test"],
        &["size", "--dedupe", "2"],
        &["show", "-o", "table"],
    ] {
        let run = scene.berth(arguments);
        assert_eq!((run.code, run.stdout.as_str()), (Some(64), ""), "{run}");
        assert!(
            run.stderr.contains("--help") || run.stderr.contains("Usage:"),
            "{run}"
        );
    }
    scene.berth(&["chekc"]).refused(64, &["'check'"]);
}

#[test]
fn results_go_to_the_standard_output_and_talk_does_not() {
    let scene = Scene::with(&quiet("local"));
    for arguments in [
        &["--version"][..],
        &["check", "--kubernetes", "1.31"],
        &["check", "-o", "json"],
        &["check", "-o", "sarif"],
        &["show"],
        &["size"],
        &["schema"],
        &["explain"],
        &["init", "docker", "--out", "-"],
        &["completions", "bash"],
    ] {
        let run = scene.berth(arguments);
        assert!(
            run.code == Some(0) && !run.stdout.is_empty() && run.stdout.ends_with('\n'),
            "{arguments:?}: {run}"
        );
        assert_eq!(run.stderr, "", "{arguments:?}");
    }
}

/// Runs the program on a terminal of its own, and gives what the terminal showed.
fn on_a_terminal(scene: &Scene, command: &str, environment: &[(&str, &str)]) -> Option<String> {
    let script = needed("script")?;
    let command = command.replace("berth", env!("CARGO_BIN_EXE_berth"));
    let output = Command::new(script)
        .args(["--quiet", "--return", "--command", &command, "/dev/null"])
        .current_dir(scene.path())
        .stdin(Stdio::null())
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("TERM", "xterm")
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    Some(Run::of(&output).stdout)
}

const ESCAPE: char = '\u{1b}';

fn scene_with_a_mistake() -> Scene {
    let scene = Scene::new();
    scene.file("bad.yaml", document("DockerRegistry", "a", "{replicas: x}"));
    scene
}

#[test]
fn a_terminal_gets_colours_unless_it_asks_for_none() {
    let scene = scene_with_a_mistake();
    let Some(shown) = on_a_terminal(&scene, "berth check bad.yaml", &[]) else {
        return;
    };
    assert!(shown.contains(ESCAPE), "{shown}");
    for environment in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        for command in ["berth check bad.yaml", "berth check --wrong", "berth --help"] {
            let shown = on_a_terminal(&scene, command, &[environment]).unwrap();
            assert!(
                !shown.is_empty() && !shown.contains(ESCAPE),
                "{environment:?}: {shown:?}"
            );
        }
    }
}

#[test]
fn a_stream_that_is_no_terminal_gets_no_colours_whatever_the_other_is() {
    let scene = scene_with_a_mistake();
    for command in [
        "berth check --wrong 2> file",
        "berth --help > file",
        "berth check bad.yaml > file",
    ] {
        let Some(_) = on_a_terminal(&scene, command, &[]) else {
            return;
        };
        let text = fs::read_to_string(scene.path().join("file")).unwrap();
        assert!(!text.is_empty() && !text.contains(ESCAPE), "{command}: {text:?}");
    }
}

#[test]
fn pipes_get_no_colours() {
    let scene = scene_with_a_mistake();
    for arguments in [
        &["check", "bad.yaml"][..],
        &["check", "--wrong"],
        &["--help"],
        &["explain", "DR-017"],
    ] {
        let mut command = scene.command(arguments);
        let run = Run::of(&command.env("TERM", "xterm").output().unwrap());
        assert!(!run.to_string().contains(ESCAPE), "{run}");
    }
}

#[test]
fn a_document_can_t_move_the_cursor() {
    let text = document(
        "DockerRegistry",
        "a",
        "{\"\\e[31mred\\x07\": 1, replicas: \"\\e[2J\", log: {level: \"\\e]0;t\\a\"}}",
    );
    let scene = Scene::with(&text);
    scene.file("raw.yaml", document("DockerRegistry", "a", "{r\u{1b}[31m: 1}"));
    scene.file("es\u{1b}[31mc.yaml", quiet("a"));
    for arguments in [
        &["check"][..],
        &["check", "-o", "json"],
        &["check", "-o", "sarif"],
        &["check", "raw.yaml"],
        &["check", "es\u{1b}[31mc.yaml"],
        &["check", "es\u{1b}[31mabsent.yaml"],
        &["show", "es\u{1b}[31mc.yaml", "raw.yaml"],
        &["explain", "\u{1b}[31m"],
        &["serve", "--registry", "\u{1b}[31m"],
    ] {
        let run = scene.berth(arguments);
        assert!(
            !run.to_string().contains([ESCAPE, '\u{7}']),
            "{arguments:?}: {run}"
        );
    }
}

#[test]
fn a_reader_that_stops_early_is_no_failure() {
    let scene = Scene::new();
    for _ in 0..20 {
        scene.file("docs/a.yaml", quiet("a"));
    }
    for arguments in [
        &["explain"][..],
        &["schema"],
        &["completions", "zsh"],
        &["show", "docs"],
        &["check", "docs", "--kubernetes", "1.31"],
    ] {
        let mut child = scene
            .command(arguments)
            .stdout(Stdio::piped())
            .stderr(File::create(scene.path().join("stderr")).unwrap())
            .spawn()
            .unwrap();
        // Nothing is read: the pipe is closed before or while the program writes.
        drop(child.stdout.take());
        let status = child.wait().unwrap();
        let stderr = fs::read_to_string(scene.path().join("stderr")).unwrap();
        assert_eq!((status.code(), stderr.as_str()), (Some(0), ""), "{arguments:?}");
    }
}

#[test]
fn explain_into_head_does_not_fail() {
    let Some(bash) = needed("bash") else { return };
    let line = format!(
        "set -o pipefail; {} explain | head -1",
        env!("CARGO_BIN_EXE_berth")
    );
    let output = Command::new(bash).args(["-c", &line]).output().unwrap();
    let run = Run::of(&output);
    assert_eq!(
        (run.code, run.stdout.lines().count(), run.stderr.as_str()),
        (Some(0), 1, ""),
        "{run}"
    );
}

#[test]
fn a_full_disk_is_a_failure() {
    let Ok(full) = File::options().write(true).open("/dev/full") else {
        return;
    };
    let scene = Scene::new();
    let mut child = scene
        .command(&["schema"])
        .stdout(full)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1));
    assert!(stderr.contains("No space left"), "{stderr}");
}
