//! The `berth` program: one file a command, and the only place where the parts are put together.

mod assemble;
mod cli;
mod commands;
mod console;
mod control;
mod deploy;
mod documents;
mod examine;
mod exit;
mod lifecycle;
mod secrets;
mod telemetry;
mod world;

fn main() -> std::process::ExitCode {
    let mut console = console::Console::of_process();
    let outcome = match cli::Cli::of_process() {
        Ok(cli) => commands::run(cli, &mut console),
        Err(error) => exit::usage(&error, &mut console),
    };
    exit::code(outcome, &mut console)
}
