//! Python packages that tests ask: the schemas of Kubernetes, and a judge of manifests. Each lives in an environment of
//! its own, outside of the workspace, where tests look for it.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use anyhow::{Context as _, Result, bail};
use berth_drive::{PYTHON_ENVIRONMENTS, python_folder};

use crate::program;

/// Makes the environments that aren't there, where Python is.
///
/// Under `CI` it is an error when one can't be made: there nothing may be skipped.
pub(crate) fn install() -> Result<()> {
    let mut is_whole = true;
    for (name, package, judged) in PYTHON_ENVIRONMENTS {
        let folder = python_folder(name).context("there is no HOME to keep a cache in")?;
        if fs::read_to_string(folder.join("installed")).is_ok_and(|there| there == package) {
            println!("{package} is there");
        } else if let Err(error) = make(&folder, package) {
            println!("missing: {package}: {error:#}; skipped: {judged}");
            is_whole = false;
        }
    }
    if !is_whole && env::var_os("CI").is_some() {
        bail!("Python packages are missing, and CI skips no test");
    }
    Ok(())
}

fn make(folder: &Path, package: &str) -> Result<()> {
    let python = program::find("python3").context("python3 is not installed")?;
    program::run(Command::new(python).args(["-m", "venv", "--clear"]).arg(folder))?;
    let python = folder.join("bin/python");
    program::run(Command::new(python).args(["-m", "pip", "install", "--quiet", package]))?;
    fs::write(folder.join("installed"), package)?;
    Ok(())
}
