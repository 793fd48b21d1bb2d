//! Stages of a long task: each is timed, a failed one doesn't hide the next, and a table closes the run.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// What ran so far.
#[derive(Default)]
pub(crate) struct Stages {
    done: Vec<Stage>,
}

struct Stage {
    name: &'static str,
    took: Duration,
    failure: Option<String>,
}

impl Stages {
    /// Runs one stage, and remembers how long it took and whether it failed.
    pub(crate) fn run<T>(&mut self, name: &'static str, work: impl FnOnce() -> Result<T>) -> Option<T> {
        println!("\n==> {name}");
        let start = Instant::now();
        let (value, failure) = match work() {
            Ok(value) => (Some(value), None),
            Err(error) => {
                let failure = format!("{error:#}");
                eprintln!("xtask: {name}: {failure}");
                (None, Some(failure))
            }
        };
        self.done.push(Stage {
            name,
            took: start.elapsed(),
            failure,
        });
        value
    }

    /// Prints the minutes of each stage, and fails if one of them failed.
    pub(crate) fn finish(self) -> Result<()> {
        println!("\n  minutes  stage");
        for stage in &self.done {
            let mark = stage.failure.as_ref().map_or("", |_| "  FAILED");
            println!("  {:7.1}  {}{mark}", minutes(stage.took), stage.name);
        }
        println!(
            "  {:7.1}  in all\n",
            minutes(self.done.iter().map(|stage| stage.took).sum())
        );
        let failed: Vec<_> = self
            .done
            .iter()
            .filter(|stage| stage.failure.is_some())
            .map(|stage| stage.name)
            .collect();
        if !failed.is_empty() {
            bail!("failed: {}", failed.join(", "));
        }
        Ok(())
    }
}

fn minutes(took: Duration) -> f64 {
    took.as_secs_f64() / 60.0
}
