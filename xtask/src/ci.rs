//! `cargo xtask ci`: everything a change must pass.

use anyhow::Result;

use crate::counts::Counts;
use crate::stage::Stages;
use crate::{deny, generate, packages, program, test};

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Stop before the tests
    #[arg(long)]
    no_tests: bool,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let mut stages = Stages::default();
    stages.run("format", || {
        program::run(program::cargo().args(["fmt", "--all", "--check"]))
    });
    stages.run("the programs that tests need", || {
        packages::install(packages::FOR_TESTS)
    });
    stages.run("the layers", || {
        program::run(program::cargo().args(["test", "-q", "--workspace", "--test", "layers"]))
    });
    stages.run("generated files", generate::check);
    stages.run("lints", || {
        program::run(program::cargo().args([
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ]))
    });
    stages.run("documentation", || {
        let mut doc = program::cargo();
        doc.args([
            "doc",
            "--quiet",
            "--workspace",
            "--no-deps",
            "--document-private-items",
        ]);
        program::run(doc.env("RUSTDOCFLAGS", "-D warnings"))
    });
    stages.run("bans, licences and sources of dependencies", deny::check);
    let counts = if options.no_tests {
        Counts::default()
    } else {
        test::every_test(&mut stages)
    };
    let outcome = stages.finish();
    if !options.no_tests {
        test::close(&counts);
    }
    outcome
}
