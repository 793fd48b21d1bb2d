//! How a command asks a running `berth serve` for work on its data: over a socket in the data's own folder.
//!
//! Whoever may open it may write the data anyway: the folder `.berth` decides, and no credential has to be given to a
//! command or kept for it. Lines of JSON go both ways: one request, then progress, then one answer.

mod ask;
mod listen;
mod work;

use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) use ask::ask;
pub(crate) use listen::listen;

/// The socket, in `.berth`.
const SOCKET: &str = "control.sock";

/// What is asked for.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Request {
    /// Free what nothing needs.
    #[serde(rename_all = "camelCase")]
    Sweep { dry_run: bool },
    /// Tell what was deleted and can be taken back.
    Deletions,
    /// Take a delete back.
    Restore { repository: String, reference: String },
}

/// A line of what comes of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Reply {
    Progress(Value),
    Done(Value),
    Failed(String),
}

/// A path of the socket that is short enough for the system, however long the folder's is. The open folder must live as
/// long as the path is used.
fn short_path(folder: &std::fs::File) -> std::path::PathBuf {
    use std::os::fd::AsRawFd as _;
    Path::new("/proc/self/fd")
        .join(folder.as_raw_fd().to_string())
        .join(SOCKET)
}
