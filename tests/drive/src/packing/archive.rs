//! buildah builds an image, and it becomes an archive whose bytes depend on nothing but what is in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::needed::find;
use crate::tar::tar;

/// One build.
pub struct Build<'a> {
    /// The Containerfile, with nothing to run in it.
    pub containerfile: &'a Path,
    /// The folder it copies from.
    pub context: &'a Path,
    /// Its arguments.
    pub arguments: &'a [(&'a str, &'a str)],
    /// The image's whole name.
    pub name: &'a str,
    /// The OCI archive to write.
    pub archive: &'a Path,
}

/// Builds the image. Every time in it is the epoch, so that the same files make the same bytes.
///
/// # Errors
/// Where buildah is missing or fails; then there is no archive.
pub fn build_image(build: &Build<'_>) -> Result<()> {
    let scratch = build.archive.with_extension("building");
    if scratch.exists() {
        fs::remove_dir_all(&scratch)?;
    }
    fs::create_dir_all(&scratch).with_context(|| format!("making {}", scratch.display()))?;
    let outcome = run(build, &scratch);
    fs::remove_dir_all(&scratch).with_context(|| format!("removing {}", scratch.display()))?;
    outcome.with_context(|| format!("building {}", build.name))
}

fn run(build: &Build<'_>, scratch: &Path) -> Result<()> {
    let policy = scratch.join("policy.json");
    fs::write(&policy, r#"{"default": [{"type": "insecureAcceptAnything"}]}"#)?;
    let mut bud = buildah(scratch)?;
    bud.args(["bud", "--quiet", "--isolation", "chroot", "--format", "oci"]);
    bud.args(["--timestamp", "0", "--signature-policy"]).arg(&policy);
    for (name, value) in build.arguments {
        bud.arg("--build-arg").arg(format!("{name}={value}"));
    }
    bud.args(["--tag", build.name, "--file"]).arg(build.containerfile);
    finish(bud.arg(build.context))?;
    let layout = scratch.join("layout");
    let mut push = buildah(scratch)?;
    push.args(["push", "--quiet", "--signature-policy"]).arg(&policy);
    finish(push.args([build.name, &format!("oci:{}:{}", layout.display(), build.name)]))?;
    let whole = scratch.join("archive");
    fs::write(&whole, archive_of(&layout)?)?;
    fs::rename(&whole, build.archive)?;
    Ok(())
}

/// An OCI layout as an archive; the files in the order of their paths.
fn archive_of(layout: &Path) -> Result<Vec<u8>> {
    let mut files = Vec::new();
    for folder in ["", "blobs/sha256"] {
        let mut paths: Vec<PathBuf> = fs::read_dir(layout.join(folder))?
            .map(|entry| Ok(entry?.path()))
            .collect::<Result<_>>()?;
        paths.retain(|path| path.is_file());
        paths.sort();
        for path in paths {
            let place = path.strip_prefix(layout)?.display().to_string();
            files.push((place, fs::read(&path)?));
        }
    }
    let files: Vec<_> = files
        .iter()
        .map(|(place, bytes)| (place.as_str(), bytes.as_slice()))
        .collect();
    Ok(tar(&files))
}

fn buildah(scratch: &Path) -> Result<Command> {
    let program = find("buildah").context("buildah is not installed")?;
    let mut command = Command::new(program);
    command.arg("--root").arg(scratch.join("root"));
    command.arg("--runroot").arg(scratch.join("runroot"));
    command.args(["--storage-driver", "vfs"]);
    Ok(command)
}

fn finish(command: &mut Command) -> Result<()> {
    let output = command.output().context("starting buildah")?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("buildah ended with {}: {}", output.status, said.trim());
    }
    Ok(())
}
