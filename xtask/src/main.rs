//! The project's own tasks: `cargo xtask test`, `ci`, `programs`, `cluster`, `image`, `conformance`, `generate`, `bench`, `soak`, `fuzz`, `readme`.
//!
//! One task a file. A task runs other programs and times them; it must not know how Berth works inside.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a task runner talks to the person who started it"
)]

mod bench;
mod ci;
mod cluster;
mod conformance;
mod counts;
mod deny;
mod fuzz;
mod generate;
mod image;
mod packages;
mod program;
mod programs;
mod python;
mod readme;
mod soak;
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
    /// Build the programs that Go makes from modules, into a cache outside of the tree
    Programs(programs::Options),
    /// Berth's own image: a static program in an OCI archive
    Image(image::Options),
    /// A cluster of Kubernetes, by hand
    Cluster {
        #[command(subcommand)]
        cluster: cluster::Cluster,
    },
    /// The conformance suite of the distribution specification, every switch on, against `berth serve`
    Conformance,
    /// Write the files that are made from the types
    Generate(generate::Options),
    /// Berth beside its peers, measured in one run on this machine
    Bench {
        #[command(subcommand)]
        bench: bench::Bench,
    },
    /// A story's rounds, many more of them
    Soak {
        #[command(subcommand)]
        soak: soak::Soak,
    },
    /// libFuzzer over what comes from the wire, two targets at a time
    Fuzz(fuzz::Options),
    /// Run the README's marked blocks as printed
    Readme,
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().task {
        Task::Test(options) => test::run(&options),
        Task::Ci(options) => ci::run(&options),
        Task::Programs(options) => programs::run(&options),
        Task::Image(options) => image::run(&options),
        Task::Cluster { cluster } => cluster::run(&cluster),
        Task::Conformance => conformance::run(),
        Task::Generate(options) => generate::run(&options),
        Task::Bench { bench } => bench::run(&bench),
        Task::Soak { soak } => soak::run(&soak),
        Task::Fuzz(options) => fuzz::run(&options),
        Task::Readme => readme::run(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
