//! Real Nix, as the tests call it.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The text of a file of the repository.
pub(crate) fn text_of(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("reading {path}: {error}"))
}

/// Whether Nix is here. Without it a test prints why and returns; in CI it fails.
#[expect(clippy::print_stdout, reason = "a test says why it did nothing")]
pub(crate) fn nix_is_here() -> bool {
    let here = Command::new("nix-instantiate").arg("--version").output().is_ok();
    assert!(
        here || std::env::var_os("CI").is_none(),
        "CI needs nix-instantiate (Debian: nix-bin)"
    );
    if !here {
        println!("SKIPPED: nix-instantiate is missing (Debian: nix-bin)");
    }
    here
}

/// Evaluates a Nix expression in the repository's root, or gives what Nix said against it.
///
/// What a caller of `nix-instantiate` needs to know, as measured with Nix 2.8 in a bare container:
/// - `--eval --strict --json` prints the whole value as JSON on one line. It streams: after an error standard output
///   may hold half a value, so only the exit status says whether there is one.
/// - Nix opens its store even to evaluate. As root it makes `/nix` for that; as anybody else, without `/nix`, it fails
///   with "could not set permissions" or "creating directory". `NIX_REMOTE=dummy://` (or `--store dummy://`)
///   evaluates without any store. That suffices for the builders, for imports, `builtins.toFile` and paths in strings,
///   but not for what fetches or builds, so a user's own store goes first wherever it opens.
/// - No `NIX_PATH`, channel, `HOME`, daemon or network is needed. As root, Nix warns of a missing group `nixbld` on
///   standard error, also when it succeeds.
/// - Floats come out with six digits, and 1.0 as 1.
pub(crate) fn evaluate(expression: &str) -> Result<Value, String> {
    let output = Command::new("nix-instantiate")
        .args(["--eval", "--strict", "--json", "--expr", expression])
        .env("NIX_REMOTE", "dummy://")
        .env_remove("NIX_PATH")
        .current_dir(root())
        .output()
        .map_err(|error| format!("nix-instantiate doesn't start: {error}"))?;
    if output.status.success() {
        serde_json::from_slice(&output.stdout).map_err(|error| format!("nix printed no JSON: {error}"))
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

/// Evaluates an expression that has to have a value.
pub(crate) fn value_of(expression: &str) -> Value {
    evaluate(expression).unwrap_or_else(|error| panic!("{error}\nwhile evaluating:\n{expression}"))
}

/// The repository's root, where `./nix` is.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
