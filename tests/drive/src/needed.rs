//! Tests whose real part is a program that may not be installed.

use std::env;
use std::path::PathBuf;
use std::process::Command;

/// Where a program is; without it, says that the test is skipped.
///
/// # Panics
/// Where `CI` is set: there nothing may be skipped.
#[expect(clippy::print_stdout, reason = "the one place that says a test was skipped")]
pub fn needed(program: &str) -> Option<PathBuf> {
    let found = find(program);
    if found.is_none() {
        assert!(
            env::var_os("CI").is_none(),
            "{program} is not installed, and CI skips no test"
        );
        println!("SKIPPED: {program} is not installed");
    }
    found
}

/// The folder or the program that this variable of the environment names: what no package carries, so that whoever wants the check
/// brings it. Without it, says that the test is skipped, in CI too.
///
/// # Panics
/// Where the variable names what isn't there.
#[expect(clippy::print_stdout, reason = "the one place that says a test was skipped")]
pub fn brought(variable: &str, what: &str) -> Option<PathBuf> {
    let Some(path) = env::var_os(variable).map(PathBuf::from) else {
        println!("SKIPPED: {what}: set {variable} to where it lies; no package carries it");
        return None;
    };
    assert!(
        path.exists(),
        "{variable} is {}, which isn't there",
        path.display()
    );
    Some(path)
}

/// Whether this process may do what only root may; without that, says that the test is skipped.
///
/// # Panics
/// Where `CI` is set: there nothing may be skipped.
#[expect(clippy::print_stdout, reason = "the one place that says a test was skipped")]
pub fn is_root(what: &str) -> bool {
    let root = Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|id| id.stdout == b"0\n");
    if !root {
        assert!(
            env::var_os("CI").is_none(),
            "{what} needs root, and CI skips no test"
        );
        println!("SKIPPED: {what} needs root");
    }
    root
}

/// Where a program is, if it's on the path or among the folders of system programs.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let system = ["/usr/sbin", "/sbin"].map(PathBuf::from);
    env::split_paths(&path)
        .chain(system)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}
