//! The scene of a story: a folder of its own, and Berth running in it.

use std::path::Path;

use berth_drive::{Server, quickstart};
use tempfile::TempDir;

pub(crate) fn berth_program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_berth"))
}

/// A folder that is gone after the story.
pub(crate) fn folder() -> TempDir {
    tempfile::Builder::new().prefix("berth-story-").tempdir().unwrap()
}

/// Berth, on the folder's own data.
pub(crate) fn berth(folder: &Path) -> Server {
    Server::berth(berth_program(), folder, &quickstart(&folder.join("data"))).unwrap()
}

/// The same with deletes switched on, which a registry doesn't take otherwise.
pub(crate) fn berth_with_deletes(folder: &Path) -> Server {
    berth_with_grace(folder, "24h")
}

/// The same where what a client was told of stays for so long and no longer.
pub(crate) fn berth_with_grace(folder: &Path, grace: &str) -> Server {
    let document =
        quickstart(&folder.join("data")).replace("storage: {", "storage: {delete: {enabled: true}, ");
    Server::berth_with(berth_program(), folder, &document, &["--grace", grace]).unwrap()
}
