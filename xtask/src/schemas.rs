//! The schemas of Kubernetes: a Python package carries those of each version. It lives in an environment of its own,
//! outside of the workspace, where tests look for it.

use std::path::PathBuf;
use std::process::Command;
use std::{env, fs};

use anyhow::{Context as _, Result, bail};

use crate::program;

/// The package, and the version that tests were written for.
const PACKAGE: &str = "kubernetes-validate==1.37.0";

/// Makes the environment, where it isn't there and Python is.
///
/// Under `CI` it is an error when it can't be made: there nothing may be skipped.
pub(crate) fn install() -> Result<()> {
    let folder = folder()?;
    if folder.join("installed").is_file() {
        println!("the schemas are there");
        return Ok(());
    }
    let Err(error) = make(&folder) else {
        return Ok(());
    };
    println!("missing: {PACKAGE}: {error:#}; skipped: judging objects by the schemas of Kubernetes");
    if env::var_os("CI").is_some() {
        bail!("the schemas are missing, and CI skips no test");
    }
    Ok(())
}

fn make(folder: &PathBuf) -> Result<()> {
    let python = program::find("python3").context("python3 is not installed")?;
    program::run(Command::new(python).args(["-m", "venv", "--clear"]).arg(folder))?;
    let pip = folder.join("bin/python");
    program::run(Command::new(pip).args(["-m", "pip", "install", "--quiet", PACKAGE]))?;
    fs::write(folder.join("installed"), PACKAGE)?;
    Ok(())
}

fn folder() -> Result<PathBuf> {
    let cache = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let home = || Some(PathBuf::from(env::var_os("HOME")?).join(".cache"));
    let cache = cache
        .or_else(home)
        .context("there is no HOME to keep a cache in")?;
    Ok(cache.join("berth/kubernetes-validate"))
}
