//! `cargo xtask fuzz`: the property tests with many more cases.

use anyhow::Result;

use crate::program;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Cases of each property
    #[arg(long, default_value_t = 20_000)]
    cases: u32,
    /// Only tests whose names contain this
    #[arg(long, default_value = "")]
    only: String,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let mut command = program::cargo();
    command.args(["test", "--workspace", "--lib", "--tests", "--", &options.only]);
    program::run(command.env("PROPTEST_CASES", options.cases.to_string()))
}
