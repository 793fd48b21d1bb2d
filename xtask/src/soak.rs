//! `cargo xtask soak`: the rounds of a story again and again.

use anyhow::Result;

use crate::program;

#[derive(clap::Subcommand)]
pub(crate) enum Soak {
    /// Crashes during pushes, pulls, deletes and sweeps: everything acknowledged is there afterwards
    Kill {
        /// How many crashes
        #[arg(long, default_value_t = 200)]
        rounds: u32,
    },
    /// A storm of pushes and deletes over a sweep that never rests: every tag pulls whole
    Sweep {
        /// How long
        #[arg(long, default_value_t = 300)]
        seconds: u32,
    },
}

pub(crate) fn run(soak: &Soak) -> Result<()> {
    let (filter, variable, value) = match soak {
        Soak::Kill { rounds } => ("kill", "BERTH_KILL_ROUNDS", rounds),
        Soak::Sweep { seconds } => ("storm::", "BERTH_STORM_SECONDS", seconds),
    };
    let mut command = program::cargo();
    command.args([
        "test",
        "--package",
        "berth",
        "--test",
        "stories",
        filter,
        "--",
        "--nocapture",
    ]);
    program::run(command.env(variable, value.to_string()))
}
