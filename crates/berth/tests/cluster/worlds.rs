//! Bad input and bad worlds: each ends with the object, the cause and the next step, and a second run finishes.

mod gone;
mod refusing;

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use crate::scene::{Told, told};

/// Runs the program in a folder with a kubeconfig.
fn berth(folder: &Path, kubeconfig: &Path, words: &[&str]) -> Told {
    told(&command(folder, kubeconfig, words).output().unwrap())
}

fn command(folder: &Path, kubeconfig: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_berth"));
    command
        .args(words)
        .args([OsStr::new("--kubeconfig"), kubeconfig.as_os_str()])
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .env_remove("KUBECONFIG");
    command
}

/// What was told holds each of these.
fn says(told: &Told, words: &[&str]) {
    for word in words {
        assert!(
            told.out.contains(word) || told.err.contains(word),
            "{word:?} is not in\n{}\n{}",
            told.out,
            told.err
        );
    }
}
