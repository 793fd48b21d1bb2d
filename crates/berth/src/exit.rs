//! How the program ends: one table of codes for all commands, and how a failure is told.

use std::process::ExitCode;

use crate::console::Console;

/// The exit codes of every command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done, or nothing to do.
    Done = 0,
    /// It failed.
    Failed = 1,
    /// Only with `--exit-code`: there are findings.
    Findings = 2,
    /// The declaration is invalid.
    Invalid = 4,
    /// Wrong usage.
    Usage = 64,
}

/// The table as `--help` prints it.
pub(crate) const TABLE: &str = "\
Exit codes:
    0  done; nothing to do
    1  it failed
    2  only with --exit-code: there are findings
    4  the declaration is invalid
   64  wrong usage";

/// A failure that ends the program with a code of its own.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    /// The arguments ask for something that does not go together.
    #[error("{0}")]
    Usage(String),
    /// The declaration can't be honoured; the findings have been printed.
    #[error("{0}")]
    Invalid(String),
}

/// Prints what clap has to say: help and version are answers, all else is wrong usage.
pub(crate) fn usage(error: &clap::Error, console: &mut Console) -> anyhow::Result<Exit> {
    let text = error.render();
    if error.use_stderr() {
        console.talk(&if console.color() {
            text.ansi().to_string()
        } else {
            text.to_string()
        });
        return Ok(Exit::Usage);
    }
    console.result(&if console.color() {
        text.ansi().to_string()
    } else {
        text.to_string()
    })?;
    Ok(Exit::Done)
}

/// Tells a failure, cause by cause, and turns the outcome into the process's code.
pub(crate) fn code(outcome: anyhow::Result<Exit>, console: &mut Console) -> ExitCode {
    let exit = outcome.unwrap_or_else(|error| {
        if is_closed_pipe(&error) {
            return Exit::Done;
        }
        let mut text = format!("error: {error}");
        for cause in error.chain().skip(1) {
            text.push_str("\n  because: ");
            text.push_str(&cause.to_string());
        }
        console.talk(&text);
        match error.downcast_ref() {
            Some(Refusal::Usage(_)) => Exit::Usage,
            Some(Refusal::Invalid(_)) => Exit::Invalid,
            None => Exit::Failed,
        }
    });
    ExitCode::from(exit as u8)
}

/// Whoever reads our output may stop early (`berth rules | head`); that is no failure.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<std::io::Error>()
        .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}
