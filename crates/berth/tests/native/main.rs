//! One document on a laptop, on a host and in a pod; Harbor's own programs on what is rendered for a host.
#![expect(clippy::unwrap_used, reason = "a test that can't set its scene has failed")]

mod command;
mod harbor;
mod one_document;
mod pod;
mod script;

use std::path::Path;
use std::process::{Command, Output};

/// The program, with an environment that says nothing but what is given.
fn berth(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_berth"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HASH", HASH)
        .output()
        .unwrap()
}

/// A user's password as documents keep it: bcrypt of `correct horse`, made once for the tests.
const HASH: &str = "$2y$05$abcdefghijklmnopqrstuuHNbAKRhpaujgo33bRWs.NLUTJO3lOy2";
