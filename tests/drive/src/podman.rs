//! Packed images as containers, with the rights that a pod of Pod Security "restricted" has: podman and runc on the
//! machine's own network, so that a test can reach what listens.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::needed::{is_root, needed};
use crate::packing::PackedImage;

/// What every container gets. The limits are set because podman's own defaults may be above what this process may.
const RIGHTS: &[&str] = &[
    "--network=host",
    "--read-only",
    "--cap-drop=all",
    "--security-opt=no-new-privileges",
    "--ulimit=nofile=1024:1024",
    "--ulimit=nproc=1024:1024",
];

/// podman with storage of its own.
#[derive(Debug)]
pub struct Podman {
    program: PathBuf,
    runc: PathBuf,
    folder: PathBuf,
}

/// A container that runs until this value is dropped.
#[derive(Debug)]
pub struct Container<'a> {
    podman: &'a Podman,
    name: String,
    child: Child,
    log: PathBuf,
}

impl Podman {
    /// podman, keeping all it keeps in this folder; without it, or without root, says that the test is skipped.
    ///
    /// # Panics
    /// Where `CI` is set and something is missing.
    pub fn in_folder(folder: &Path) -> Option<Self> {
        let (program, runc) = (needed("podman")?, needed("runc")?);
        is_root("running containers").then(|| Self {
            program,
            runc,
            folder: folder.to_owned(),
        })
    }

    /// Takes an image into its storage.
    pub fn load(&self, image: &PackedImage) -> Result<()> {
        let policy = self.folder.join("policy.json");
        fs::write(&policy, r#"{"default": [{"type": "insecureAcceptAnything"}]}"#)?;
        let mut load = self.command(&["load", "--quiet", "--signature-policy"]);
        finish(load.arg(policy).arg("--input").arg(&image.archive))?;
        Ok(())
    }

    /// Runs a container to its end, and gives what it wrote on stdout.
    pub fn run(&self, image: &PackedImage, options: &[&str], words: &[&str]) -> Result<String> {
        let mut run = self.command(&["run", "--rm"]);
        finish(run.args(RIGHTS).args(options).arg(&image.name).args(words))
    }

    /// Starts a container whose outputs go into a file.
    pub fn start(
        &self,
        image: &PackedImage,
        name: &str,
        options: &[&str],
        words: &[&str],
    ) -> Result<Container<'_>> {
        let log = self.folder.join(format!("{name}.log"));
        let file = File::create(&log).with_context(|| format!("making {}", log.display()))?;
        let mut run = self.command(&["run", "--rm", "--name", name]);
        run.args(RIGHTS).args(options).arg(&image.name).args(words);
        run.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
        Ok(Container {
            child: run.spawn().context("starting podman")?,
            podman: self,
            name: name.to_owned(),
            log,
        })
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("--root").arg(self.folder.join("root"));
        command.arg("--runroot").arg(self.folder.join("runroot"));
        command.args(["--storage-driver=vfs", "--cgroup-manager=cgroupfs", "--runtime"]);
        command.arg(&self.runc).args(words);
        command
    }
}

impl Container<'_> {
    /// Runs a command in it, and gives what that wrote on stdout.
    pub fn exec(&self, words: &[&str]) -> Result<String> {
        finish(self.podman.command(&["exec", &self.name]).args(words))
    }

    /// Everything it has said.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Asks it to stop, waits, and says whether it ended well.
    pub fn stop(mut self) -> Result<bool> {
        finish(
            self.podman
                .command(&["kill", "--signal=TERM", &self.name])
                .stdin(Stdio::null()),
        )?;
        Ok(self.child.wait().context("waiting for podman")?.success())
    }
}

impl Drop for Container<'_> {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            let _ = finish(&mut self.podman.command(&["rm", "--force", "--time=5", &self.name]));
            let _ = self.child.wait();
        }
    }
}

fn finish(command: &mut Command) -> Result<String> {
    let output = command.output().context("starting podman")?;
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        bail!("podman ended with {}: {stdout}{}", output.status, stderr.trim());
    }
    Ok(stdout)
}
