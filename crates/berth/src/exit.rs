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
    /// Only with `--exit-code`: there are changes or findings.
    Findings = 2,
    /// Done in part: what failed is listed, and running it again continues.
    Partly = 3,
    /// The declaration is invalid.
    Invalid = 4,
    /// Wrong usage.
    Usage = 64,
    /// Interrupted by SIGINT or SIGTERM: what is done and what isn't is listed, and running it again continues.
    Interrupted = 130,
}

/// The table as `--help` prints it.
pub(crate) const TABLE: &str = "\
Exit codes:
    0  done; nothing to do
    1  it failed
    2  only with --exit-code: there are changes or findings
    3  done in part: what failed is listed, running it again continues
    4  the declaration is invalid
   64  wrong usage
  130  interrupted: what isn't done is listed, running it again continues";

/// A failure that ends the program with a code of its own.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    /// The arguments ask for something that does not go together.
    #[error("{0}")]
    Usage(String),
    /// The declaration can't be honoured; the findings have been printed.
    #[error("{0}")]
    Invalid(String),
    /// It failed, and what there is to say of it has been printed.
    #[error("{0}")]
    Failed(String),
}

/// Prints what clap has to say: help and version are answers, all else is wrong usage.
pub(crate) fn usage(error: &clap::Error, console: &mut Console) -> anyhow::Result<Exit> {
    let text = |color: bool| {
        let text = error.render();
        if color {
            text.ansi().to_string()
        } else {
            text.to_string()
        }
    };
    if error.use_stderr() {
        console.talk(&text(console.talk_color()));
        return Ok(Exit::Usage);
    }
    console.result(&text(console.color()))?;
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
        // An argument or the name of a file may hold anything, and must not move the cursor.
        console.talk(&text.replace(|letter: char| letter.is_control() && letter != '\n', "\u{fffd}"));
        match error.downcast_ref() {
            Some(Refusal::Usage(_)) => Exit::Usage,
            Some(Refusal::Invalid(_)) => Exit::Invalid,
            Some(Refusal::Failed(_)) | None => Exit::Failed,
        }
    });
    ExitCode::from(exit as u8)
}

/// Whoever reads our output may stop early (`berth explain | head`); that is no failure.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<std::io::Error>()
        .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}
