//! `berth schema`: the JSON Schema of the documents, for editors.

use clap::Args;

use crate::console::Console;
use crate::exit::Exit;

#[derive(Debug, Args)]
pub(crate) struct Arguments {}

pub(crate) fn run(_: &Arguments, console: &mut Console) -> anyhow::Result<Exit> {
    console.result(&serde_json::to_string_pretty(&berth_config::schema())?)?;
    Ok(Exit::Done)
}
