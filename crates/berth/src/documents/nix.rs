mod message;

use std::io;
use std::path::Path;
use std::process::Command;

/// Why a `.nix` file has no value.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NixError {
    #[error("`nix-instantiate` is not on the PATH")]
    Missing,
    #[error("starting nix-instantiate: {0}")]
    Start(#[source] io::Error),
    #[error("{0}")]
    Evaluation(String),
}

impl NixError {
    /// What to do next.
    pub(crate) fn help(&self) -> &'static str {
        match self {
            Self::Missing => "install Nix (Debian: `apt install nix-bin`), or write the document as YAML",
            Self::Start(_) => "see that nix-instantiate can be run by this user",
            Self::Evaluation(_) => {
                "`nix-instantiate --eval --strict --json FILE` shows it with the source lines"
            }
        }
    }
}

/// Evaluates a `.nix` file to JSON by the user's own Nix.
///
/// Nix opens its store even to evaluate. A user's own store goes first; where there is none the evaluation
/// does without, which is enough for everything but fetching and building.
pub(super) fn evaluate(path: &Path) -> Result<Vec<u8>, NixError> {
    let mut command = Command::new("nix-instantiate");
    command.args(["--eval", "--strict", "--json"]).arg(absolute(path));
    if std::env::var_os("NIX_REMOTE").is_none() && !Path::new("/nix/store").exists() {
        command.env("NIX_REMOTE", "dummy://");
    }
    let output = command.output().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => NixError::Missing,
        _ => NixError::Start(error),
    })?;
    if output.status.success() {
        Ok(output.stdout)
    } else {
        Err(NixError::Evaluation(message::told(&String::from_utf8_lossy(
            &output.stderr,
        ))))
    }
}

/// A path that begins with `-` would be taken for an option.
fn absolute(path: &Path) -> std::path::PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}
