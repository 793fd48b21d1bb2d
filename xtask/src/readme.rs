//! `cargo xtask readme`: the README's marked blocks run as printed, in a copy of the tracked files.
//!
//! A block runs when the line `<!-- run -->` stands before it. One that serves is left running until the last block
//! has ended.

use std::fs::{self, File};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};

use crate::program;

const MARK: &str = "<!-- run -->";
const LISTENING: &str = "listening on http";
/// A block that serves may have to build Berth first.
const PATIENCE: Duration = Duration::from_secs(20 * 60);

pub(crate) fn run() -> Result<()> {
    let readme = fs::read_to_string(program::workspace().join("README.md")).context("reading README.md")?;
    let blocks = marked_blocks(&readme)?;
    ensure!(!blocks.is_empty(), "README.md has no block marked {MARK}");
    let copy = tempfile::Builder::new()
        .prefix("readme-")
        .tempdir_in(program::target())?;
    copy_tracked_files(copy.path())?;
    let mut serving: Vec<Serving> = Vec::new();
    for block in blocks {
        println!("{}", block.trim_end());
        let mut shell = shell(&block, copy.path());
        if block.contains(" serve") {
            serving.push(Serving::start(
                &mut shell,
                &copy.path().join(format!("serving-{}.log", serving.len())),
            )?);
        } else {
            program::run(&mut shell).with_context(|| format!("README.md: {block}"))?;
        }
    }
    serving.into_iter().try_for_each(Serving::stop)
}

/// The marked blocks of shell lines, in their order.
fn marked_blocks(readme: &str) -> Result<Vec<String>> {
    let mut blocks = Vec::new();
    let mut lines = readme.lines();
    while let Some(line) = lines.next() {
        if line.trim() != MARK {
            continue;
        }
        let fence = lines.find(|line| !line.trim().is_empty()).unwrap_or_default();
        ensure!(
            fence.trim() == "```sh",
            "{MARK} stands before {fence:?}, not before a block of sh"
        );
        let block: Vec<_> = lines.by_ref().take_while(|line| line.trim() != "```").collect();
        blocks.push(block.join("\n") + "\n");
    }
    Ok(blocks)
}

fn copy_tracked_files(to: &Path) -> Result<()> {
    let from = program::workspace();
    let listed = Command::new("git")
        .args(["ls-files", "-z"])
        .current_dir(&from)
        .output()
        .context("starting git")?;
    ensure!(
        listed.status.success(),
        "git ls-files: {}",
        String::from_utf8_lossy(&listed.stderr)
    );
    for name in String::from_utf8(listed.stdout)?.split_terminator('\0') {
        let (source, target) = (from.join(name), to.join(name));
        // A file that was removed and not yet committed is still listed.
        if source.is_file() {
            fs::create_dir_all(target.parent().context("a file without a folder")?)?;
            fs::copy(&source, &target).with_context(|| format!("copying {name}"))?;
        }
    }
    Ok(())
}

/// The block as a person would run it; what is built is kept beside the workspace's own builds.
fn shell(block: &str, folder: &Path) -> Command {
    let mut command = Command::new("bash");
    command
        .args(["-euo", "pipefail", "-c", block])
        .current_dir(folder)
        .stdin(Stdio::null());
    command.env("CARGO_TARGET_DIR", program::target());
    command
}

/// A block that serves, with all the processes that it started.
struct Serving {
    shell: Child,
}

impl Serving {
    fn start(command: &mut Command, log: &Path) -> Result<Self> {
        let file = File::create(log)?;
        command.stdout(file.try_clone()?).stderr(file).process_group(0);
        let mut serving = Self {
            shell: command.spawn().context("starting bash")?,
        };
        let start = Instant::now();
        loop {
            let text = fs::read_to_string(log)?;
            if text.contains(LISTENING) {
                println!("{text}");
                return Ok(serving);
            }
            if let Some(status) = serving.shell.try_wait()? {
                bail!("the block that serves ended with {status}: {text}");
            }
            ensure!(
                start.elapsed() < PATIENCE,
                "the block that serves doesn't listen: {text}"
            );
            sleep(Duration::from_millis(100));
        }
    }

    fn stop(mut self) -> Result<()> {
        self.ask_to_stop()?;
        self.shell.wait().context("waiting for the block that serves")?;
        Ok(())
    }

    fn ask_to_stop(&self) -> Result<()> {
        let group = format!("-{}", self.shell.id());
        program::run(
            Command::new("kill")
                .args(["-TERM", "--", &group])
                .stderr(Stdio::null()),
        )
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        if matches!(self.shell.try_wait(), Ok(None)) {
            let _ = self.ask_to_stop();
            let _ = self.shell.wait();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_marked_blocks_run() {
        let readme =
            "a\n```sh\nno\n```\n<!-- run -->\n```sh\nyes 1\nyes 2\n```\n\n<!-- run -->\n\n```sh\nthen\n```\n";
        assert_eq!(marked_blocks(readme).unwrap(), ["yes 1\nyes 2\n", "then\n"]);
    }

    #[test]
    fn a_mark_before_anything_else_is_an_error() {
        assert!(marked_blocks("<!-- run -->\n```yaml\na: b\n```\n").is_err());
    }
}
