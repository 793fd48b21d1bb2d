//! `cargo xtask test`: from a fresh clone to every test run.

use std::io::{self, BufReader};
use std::process::Stdio;

use anyhow::{Context as _, Result, bail};
use berth_drive::kubernetes::{self, Version};

use crate::counts::{self, Counts};
use crate::stage::Stages;
use crate::{image, packages, program, programs, python};

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Don't install Debian packages; tests whose programs are missing are skipped
    #[arg(long)]
    no_install: bool,
    /// Run the tests on clusters on the oldest and the newest Kubernetes too
    #[arg(long)]
    every_kubernetes: bool,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let mut stages = Stages::default();
    if !options.no_install {
        stages.run("the programs that tests need", || {
            packages::install(packages::FOR_TESTS)
        });
        stages.run("the Python packages that tests ask", python::install);
        stages.run("the programs that Go builds", || {
            programs::build(programs::FOR_TESTS)
        });
        if options.every_kubernetes {
            stages.run("every Kubernetes", || {
                let recipes = Version::ALL.map(Version::recipe);
                programs::build(&recipes.each_ref().map(String::as_str))
            });
        }
    }
    let counts = every_test(&mut stages, options.every_kubernetes);
    let outcome = stages.finish();
    close(&counts);
    outcome
}

/// Builds and runs all tests of the workspace, doc tests too.
pub(crate) fn every_test(stages: &mut Stages, every_kubernetes: bool) -> Counts {
    let mut counts = Counts::default();
    stages.run("Berth's own image", || image::run(&image::Options::default()));
    let built = stages.run("building the tests", || {
        program::run(program::cargo().args(["test", "--workspace", "--all-targets", "--no-run"]))
    });
    if built.is_some() {
        stages.run("tests and doc tests", || {
            counts = cargo_test(every_kubernetes)?;
            if counts.failed > 0 {
                bail!("{} tests failed", counts.failed);
            }
            Ok(())
        });
    }
    counts
}

/// Says what was skipped, and closes with the counts on a line of their own.
pub(crate) fn close(counts: &Counts) {
    for reason in &counts.skipped {
        println!("SKIPPED: {reason}");
    }
    println!("{counts}");
}

fn cargo_test(every_kubernetes: bool) -> Result<Counts> {
    let mut command = program::cargo();
    if every_kubernetes {
        command.env(kubernetes::EVERY, "1");
    }
    command
        .args(["test", "--workspace", "--no-fail-fast", "--", "--show-output"])
        .stdout(Stdio::piped());
    let mut child = command.spawn().context("starting cargo test")?;
    let output = child.stdout.take().context("cargo test has no output")?;
    let counts = counts::follow(BufReader::new(output), io::stdout())?;
    let status = child.wait().context("waiting for cargo test")?;
    if !status.success() && counts.failed == 0 {
        bail!("cargo test ended with {status} though no test failed");
    }
    Ok(counts)
}
