//! One file a command, each with its `Arguments` and its `run`.

pub(crate) mod apply;
pub(crate) mod check;
pub(crate) mod collect_garbage;
pub(crate) mod completions;
pub(crate) mod destroy;
pub(crate) mod diagnose;
pub(crate) mod explain;
pub(crate) mod fsck;
pub(crate) mod gc;
pub(crate) mod init;
pub(crate) mod plan;
pub(crate) mod render;
pub(crate) mod restore;
pub(crate) mod schema;
pub(crate) mod serve;
pub(crate) mod show;
pub(crate) mod size;
pub(crate) mod status;

use crate::cli::{Cli, Command};
use crate::console::Console;
use crate::exit::Exit;

pub(crate) fn run(cli: Cli, console: &mut Console) -> anyhow::Result<Exit> {
    match cli.command {
        Command::Check(arguments) => check::run(&arguments, console),
        Command::CollectGarbage(arguments) => collect_garbage::run(&arguments, console),
        Command::Show(arguments) => show::run(&arguments, console),
        Command::Size(arguments) => size::run(&arguments, console),
        Command::Render(arguments) => render::run(&arguments, console),
        Command::Plan(arguments) => plan::run(&arguments, console),
        Command::Apply(arguments) => apply::run(&arguments, console),
        Command::Status(arguments) => status::run(&arguments, console),
        Command::Diagnose(arguments) => diagnose::run(&arguments, console),
        Command::Destroy(arguments) => destroy::run(&arguments, console),
        Command::Serve(arguments) => serve::run(&arguments, console),
        Command::Fsck(arguments) => fsck::run(&arguments, console),
        Command::Gc(arguments) => gc::run(&arguments, console),
        Command::Restore(arguments) => restore::run(&arguments, console),
        Command::Init(arguments) => init::run(&arguments, console),
        Command::Schema(arguments) => schema::run(&arguments, console),
        Command::Explain(arguments) => explain::run(&arguments, console),
        Command::Completions(arguments) => completions::run(&arguments, console),
    }
}
