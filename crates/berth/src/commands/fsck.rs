//! `berth fsck`: every byte of a registry's folder against its digest, every link against its target.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;

use crate::console::Console;
use crate::exit::Exit;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The registry's root folder, the one that holds `docker/registry/v2`
    root: PathBuf,
}
