//! `cargo xtask ci`: everything a change must pass.

use anyhow::Result;

use crate::stage::Stages;
use crate::{deny, generate, packages, program, programs, python, readme, test};

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Stop before the tests and the README
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
    stages.run("the Python packages that tests ask", python::install);
    stages.run("the programs that Go builds", || {
        programs::build(programs::FOR_TESTS)
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
        // Private items are documented too, so that a link to one leads somewhere.
        program::run(doc.env("RUSTDOCFLAGS", "-D warnings -A rustdoc::private-intra-doc-links"))
    });
    stages.run("bans, licences and sources of dependencies", deny::check);
    if options.no_tests {
        return stages.finish();
    }
    let counts = test::every_test(&mut stages, false);
    stages.run("the README's blocks, in a release build", readme::run);
    let outcome = stages.finish();
    test::close(&counts);
    outcome
}
