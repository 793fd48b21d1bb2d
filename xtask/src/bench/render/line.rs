//! A program and its arguments, timed.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, bail};

/// A program and its arguments.
pub(super) struct Line {
    program: PathBuf,
    words: Vec<String>,
    /// How it ends when all is well.
    ends: i32,
}

impl Line {
    pub(super) fn new(program: &Path, words: &[&str]) -> Self {
        Self {
            program: program.to_owned(),
            words: words.iter().map(|word| (*word).to_owned()).collect(),
            ends: 0,
        }
    }

    /// `berth render` of documents.
    pub(super) fn render(berth: &Path, documents: &Path) -> Self {
        Self::new(berth, &["render", &documents.display().to_string()])
    }

    /// The same, with more arguments.
    pub(super) fn and(mut self, words: &[&str]) -> Self {
        self.words.extend(words.iter().map(|word| (*word).to_owned()));
        self
    }

    /// The same, which ends with another code when all is well.
    pub(super) fn ending(self, ends: i32) -> Self {
        Self { ends, ..self }
    }

    /// The same, run by another program.
    pub(super) fn within(&self, program: &Path, words: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(words).arg(&self.program).args(&self.words);
        furnished(command)
    }

    /// What it prints.
    pub(super) fn said(&self) -> Result<String> {
        Ok(String::from_utf8_lossy(&self.run()?.stdout).into_owned())
    }

    fn run(&self) -> Result<Output> {
        let mut command = Command::new(&self.program);
        command.args(&self.words);
        let output = furnished(command).output();
        let output = output.with_context(|| format!("starting {}", self.program.display()))?;
        if output.status.code() != Some(self.ends) {
            let words = self.words.join(" ");
            let said = [output.stdout, output.stderr].concat();
            let said = String::from_utf8_lossy(&said).into_owned();
            bail!(
                "{} {words} ended with {}: {said}",
                self.program.display(),
                output.status
            );
        }
        Ok(output)
    }
}

/// With what the documents ask the environment for.
fn furnished(mut command: Command) -> Command {
    command.stdin(Stdio::null());
    for name in ["HTTP_SECRET", "DATABASE_PASSWORD"] {
        command.env(name, "bench-only");
    }
    command
}

/// The milliseconds of each run, after one that warms up: all lines of one side, one after the other, and then all of the other side.
pub(super) fn side_by_side(runs: u32, ours: &[&Line], theirs: &[&Line]) -> Result<(Vec<f64>, Vec<f64>)> {
    let (mut left, mut right) = (Vec::new(), Vec::new());
    for run in 0..=runs {
        for (lines, times) in [(ours, &mut left), (theirs, &mut right)] {
            let start = Instant::now();
            for line in lines {
                line.run()?;
            }
            if run > 0 && !lines.is_empty() {
                times.push(start.elapsed().as_secs_f64() * 1000.0);
            }
        }
    }
    Ok((left, right))
}
