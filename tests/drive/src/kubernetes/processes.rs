//! The processes of one cluster, in a folder of their own: each with a log, all of them stopped however this process
//! ends.
//!
//! A watching shell reads from a pipe that only this process holds. When the pipe closes (the value is dropped, a test
//! panicked, this process was killed), it stops every process by its recorded id and removes the folder.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

/// Stops a cluster: the one way for tests and for `cargo xtask cluster down`.
const STOP: &str = include_str!("stop.sh");
/// Lines of a log that an error shows.
const LINES: usize = 15;

/// What runs in a folder.
#[derive(Debug)]
pub(crate) struct Processes {
    folder: PathBuf,
    running: Vec<(String, Child)>,
    watch: Option<Child>,
}

impl Processes {
    /// Nothing yet, in a new folder.
    pub(crate) fn new(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder.join("logs")).with_context(|| format!("making {}", folder.display()))?;
        let script = folder.join("stop.sh");
        fs::write(&script, STOP)?;
        let watch = Command::new("sh")
            .args(["-c", WATCH, "watch"])
            .args([&script, folder])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .context("starting sh")?;
        Ok(Self {
            folder: folder.to_owned(),
            running: Vec::new(),
            watch: Some(watch),
        })
    }

    /// The folder that everything lies in.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Starts a program under a name; what it says goes to its log.
    pub(crate) fn start(&mut self, name: &str, command: &mut Command) -> Result<()> {
        let log = File::create(self.log(name))?;
        let mut child = command
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .process_group(0)
            .spawn()
            .with_context(|| format!("starting {}", command.get_program().display()))?;
        // For a moment a new process has no arguments, and nobody would know it for this cluster's.
        while !has_arguments(child.id()) && child.try_wait()?.is_none() {
            sleep(Duration::from_millis(1));
        }
        let mut ids = OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.folder.join("processes"))?;
        writeln!(ids, "{} {name}", child.id())?;
        self.running.push((name.to_owned(), child));
        Ok(())
    }

    /// Waits until something is so; fails when a process ends before, or when it takes too long.
    pub(crate) fn wait(
        &mut self,
        what: &str,
        patience: Duration,
        mut ready: impl FnMut() -> bool,
    ) -> Result<()> {
        let start = Instant::now();
        while !ready() {
            for (name, child) in &mut self.running {
                if let Some(status) = child.try_wait()? {
                    let tail = tail(&self.folder.join("logs").join(format!("{name}.log")));
                    bail!("{name} ended with {status} before {what}: {tail}");
                }
            }
            if start.elapsed() > patience {
                bail!(
                    "waited {} s in vain for {what}:\n{}",
                    patience.as_secs(),
                    self.tails()
                );
            }
            sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// The ends of all logs.
    pub(crate) fn tails(&self) -> String {
        let tails = self.running.iter().map(|(name, _)| {
            let log = self.log(name);
            format!("--- {} ---\n{}", log.display(), tail(&log))
        });
        tails.collect::<Vec<_>>().join("\n")
    }

    /// Prints the ends of all logs, and has them stay when the rest goes: a test failed.
    #[expect(
        clippy::print_stderr,
        reason = "a failed test's reader has nothing else to go by"
    )]
    pub(crate) fn show(&self) {
        let _ = fs::write(self.folder.join("keep"), "");
        eprintln!("{}", self.tails());
    }

    /// Ends the process that was started last under this name, at once.
    pub(crate) fn kill(&mut self, name: &str) -> Result<()> {
        let place = self.running.iter().rposition(|(started, _)| started == name);
        let place = place.with_context(|| format!("{name} isn't running"))?;
        let (_, mut child) = self.running.remove(place);
        child.kill().with_context(|| format!("killing {name}"))?;
        child.wait().with_context(|| format!("waiting for {name}"))?;
        Ok(())
    }

    /// Forgets the processes that ended by themselves, and gives their names.
    pub(crate) fn take_ended(&mut self) -> Vec<String> {
        let ended = |child: &mut Child| !matches!(child.try_wait(), Ok(None));
        let gone = self.running.extract_if(.., |(_, child)| ended(child));
        gone.map(|(name, _)| name).collect()
    }

    /// Leaves everything running when this value goes.
    pub(crate) fn leave(&mut self) -> Result<()> {
        if let Some(mut watch) = self.watch.take() {
            let mut pipe = watch.stdin.take().context("the watching shell has no pipe")?;
            pipe.write_all(b"leave\n")?;
            watch.wait()?;
        }
        Ok(())
    }

    fn log(&self, name: &str) -> PathBuf {
        self.folder.join("logs").join(format!("{name}.log"))
    }
}

impl Drop for Processes {
    fn drop(&mut self) {
        let Some(mut watch) = self.watch.take() else {
            return;
        };
        drop(watch.stdin.take());
        // Ended children stay in the table until they are waited for; the shell takes them for ended.
        let _ = watch.wait();
        for (_, child) in &mut self.running {
            let _ = child.try_wait();
        }
    }
}

/// Stops what a process left running in a folder.
pub(crate) fn stop(folder: &Path) -> Result<()> {
    let script = folder.join("stop.sh");
    if !script.is_file() {
        return Ok(());
    }
    let stopped = Command::new("sh").arg(&script).arg(folder).status()?;
    if !stopped.success() {
        bail!("stopping what runs in {} ended with {stopped}", folder.display());
    }
    Ok(())
}

/// `sh -c WATCH watch SCRIPT FOLDER`
const WATCH: &str = r#"trap '' INT TERM HUP; read -r word; [ "$word" = leave ] || exec sh "$1" "$2""#;

fn has_arguments(id: u32) -> bool {
    fs::read(format!("/proc/{id}/cmdline")).is_ok_and(|line| !line.is_empty())
}

fn tail(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<_> = text.lines().rev().take(LINES).collect();
    lines.into_iter().rev().collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sleeper(folder: &Path) -> Command {
        let mut command = Command::new("sh");
        // The folder stands in its arguments, as it does in those of every part of a cluster.
        command.args(["-c", "while :; do sleep 1; done"]).arg(folder);
        command
    }

    #[test]
    fn what_was_started_ends_with_the_value_even_in_a_panic() {
        let folder = tempfile::tempdir().unwrap().path().join("cluster");
        let mut id = 0;
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let mut processes = Processes::new(&folder).unwrap();
            processes.start("sleeper", &mut sleeper(&folder)).unwrap();
            id = processes.running[0].1.id();
            assert!(!has_arguments(id), "it runs");
        }));
        assert!(panicked.is_err());
        assert!(id > 0 && !has_arguments(id));
        assert!(!folder.exists());
    }

    #[test]
    fn what_was_left_runs_until_it_is_stopped() {
        let folder = tempfile::tempdir().unwrap().path().join("cluster");
        let mut processes = Processes::new(&folder).unwrap();
        processes.start("sleeper", &mut sleeper(&folder)).unwrap();
        let id = processes.running[0].1.id();
        processes.leave().unwrap();
        assert!(has_arguments(id));
        stop(&folder).unwrap();
        assert!(!has_arguments(id));
        assert!(!folder.exists());
    }

    #[test]
    fn a_process_that_ends_early_shows_the_end_of_its_log() {
        let folder = tempfile::tempdir().unwrap().path().join("cluster");
        let mut processes = Processes::new(&folder).unwrap();
        let mut command = Command::new("sh");
        processes
            .start("failing", command.args(["-c", "echo no such flag; exit 3"]))
            .unwrap();
        let error = processes.wait("it answers", Duration::from_secs(5), || false);
        let error = format!("{:#}", error.unwrap_err());
        assert!(error.contains("no such flag"), "{error}");
    }
}
