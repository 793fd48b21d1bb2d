//! `berth completions`: what a shell needs to complete the rest.

use clap::Args;
use clap_complete::Shell;

use crate::cli::Cli;
use crate::console::Console;
use crate::exit::Exit;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The shell to complete in
    shell: Shell,
}

pub(crate) fn run(arguments: &Arguments, console: &mut Console) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::whole_command(), "berth", &mut script);
    console.result(&String::from_utf8(script)?)?;
    Ok(Exit::Done)
}
