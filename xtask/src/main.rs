//! The project's own tasks: `cargo xtask test`, `ci`, `generate`, `bench`, `soak`, `fuzz`, `readme`.
//!
//! One task a file. A task runs other programs and times them; it must not know how Berth works inside.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a task runner talks to the person who started it"
)]

mod ci;
mod counts;
mod deny;
mod packages;
mod program;
mod stage;
mod test;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The project's own tasks.
#[derive(Parser)]
#[command(name = "cargo xtask", version)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Install what the tests need, then run every test and doc test
    Test(test::Options),
    /// Everything a change must pass: format, lints, generated files, dependencies, tests
    Ci(ci::Options),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().task {
        Task::Test(options) => test::run(&options),
        Task::Ci(options) => ci::run(&options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
