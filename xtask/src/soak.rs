//! `cargo xtask soak`: the rounds of a story again and again.

use anyhow::Result;

use crate::program;

#[derive(clap::Subcommand)]
pub(crate) enum Soak {
    /// Crashes during pushes: everything acknowledged is there afterwards
    Kill {
        /// How many crashes
        #[arg(long, default_value_t = 200)]
        rounds: u32,
    },
}

pub(crate) fn run(soak: &Soak) -> Result<()> {
    let Soak::Kill { rounds } = soak;
    let mut command = program::cargo();
    command.args([
        "test",
        "--package",
        "berth",
        "--test",
        "stories",
        "kill::",
        "--",
        "--nocapture",
    ]);
    program::run(command.env("BERTH_KILL_ROUNDS", rounds.to_string()))
}
