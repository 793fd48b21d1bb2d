use anyhow::Context as _;

use crate::console::Console;
use crate::lifecycle::Interrupt;

/// What somebody answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Yes,
    No,
    /// The process was asked to stop instead.
    Interrupted,
}

/// Asks whether to go on.
pub(crate) async fn confirm(
    question: &str,
    console: &mut Console,
    interrupt: &mut Interrupt,
) -> anyhow::Result<Answer> {
    console.question(&format!("{question} [y/N]"));
    let answer = tokio::task::spawn_blocking(Console::answer);
    tokio::select! {
        answer = answer => {
            let answer = answer.context("asking")?.context("asking")?;
            let is_yes = matches!(answer.to_ascii_lowercase().as_str(), "y" | "yes");
            Ok(if is_yes { Answer::Yes } else { Answer::No })
        }
        () = interrupt.asked() => Ok(Answer::Interrupted),
    }
}
