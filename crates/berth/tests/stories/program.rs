//! Running an outside program in a story.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

/// Runs a program to its end and gives what it wrote on stdout; the story fails when the program does.
pub(crate) fn run(program: &Path, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> String {
    let mut command = Command::new(program);
    command.args(arguments);
    finish(&mut command)
}

/// The same for a command that is set up already.
pub(crate) fn finish(command: &mut Command) -> String {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{command:?} ended with {}\n{stdout}\n{stderr}",
        output.status
    );
    stdout
}
