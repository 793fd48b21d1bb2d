//! Bans, licences and sources of dependencies, by cargo-deny under `deny.toml`.
//!
//! Advisories are `cargo deny check advisories`, where their database can be fetched.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::program;

const VERSION: &str = "0.20.2";

pub(crate) fn check() -> Result<()> {
    let deny = cargo_deny()?;
    let mut command = Command::new(deny);
    command.current_dir(program::workspace());
    command.args([
        "--workspace",
        "--all-features",
        "--locked",
        "check",
        "--hide-inclusion-graph",
    ]);
    program::run(command.args(["bans", "licenses", "sources"]))
}

/// The cargo-deny that is on the path, else one built under `target/`: without optimisation that takes a minute.
fn cargo_deny() -> Result<PathBuf> {
    if let Some(found) = program::find("cargo-deny") {
        return Ok(found);
    }
    let tools = program::target().join("tools");
    let built = tools.join("bin/cargo-deny");
    if !built.is_file() {
        let mut install = program::cargo();
        install.args([
            "install",
            "--quiet",
            "--locked",
            "--profile",
            "dev",
            "--version",
            VERSION,
            "cargo-deny",
        ]);
        install
            .arg("--root")
            .arg(&tools)
            .arg("--target-dir")
            .arg(tools.join("build"));
        program::run(install.env("CARGO_PROFILE_DEV_DEBUG", "0"))?;
    }
    Ok(built)
}
