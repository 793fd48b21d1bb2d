//! Kubernetes' own client: how tests put objects into a cluster and what they hold Berth's opinion against.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

const APPLY: [&str; 5] = ["apply", "--server-side", "--field-manager=test", "-f", "-"];

/// kubectl with a kubeconfig.
#[derive(Debug, Clone)]
pub struct Kubectl {
    program: PathBuf,
    kubeconfig: PathBuf,
}

impl Kubectl {
    pub(crate) fn new(program: &Path, kubeconfig: &Path) -> Self {
        Self {
            program: program.to_owned(),
            kubeconfig: kubeconfig.to_owned(),
        }
    }

    /// The folder that the program lies in.
    pub fn folder(&self) -> &Path {
        self.program.parent().unwrap_or(Path::new("/"))
    }

    /// Runs it, and gives what it says; an error holds what it complains of.
    pub fn run<S: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = S>) -> Result<String> {
        let mut command = self.command(words);
        let output = command.output().context("starting kubectl")?;
        text(&command, &output)
    }

    /// Runs it with `-o json`, and gives what it answers.
    pub fn json<S: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = S>) -> Result<Value> {
        let mut command = self.command(words);
        command.args(["-o", "json"]);
        let output = command.output().context("starting kubectl")?;
        serde_json::from_str(&text(&command, &output)?).context("reading kubectl's answer")
    }

    /// Applies objects (YAML or JSON) on the server's side, as the field manager `test`.
    pub fn apply(&self, objects: &str) -> Result<String> {
        feed(self.command(APPLY), objects)
    }

    /// The same, in a namespace.
    pub fn apply_in(&self, namespace: &str, objects: &str) -> Result<String> {
        let mut command = self.command(APPLY);
        command.args(["--namespace", namespace]);
        feed(command, objects)
    }

    /// The command, for a test that wants to run it itself.
    pub fn command<S: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new(&self.program);
        command.env("KUBECONFIG", &self.kubeconfig).args(words);
        command.stdin(Stdio::null());
        if let Some(folder) = self.kubeconfig.parent() {
            // What it caches lies beside the kubeconfig and goes with it.
            command.env("HOME", folder);
        }
        command
    }
}

fn feed(mut command: Command, objects: &str) -> Result<String> {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().context("starting kubectl")?;
    let mut pipe = child.stdin.take().context("kubectl has no input")?;
    pipe.write_all(objects.as_bytes())?;
    drop(pipe);
    text(&command, &child.wait_with_output()?)
}

fn text(command: &Command, output: &Output) -> Result<String> {
    if !output.status.success() {
        let words = command.get_args().map(OsStr::to_string_lossy);
        let words = words.collect::<Vec<_>>().join(" ");
        bail!("kubectl {words}: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
