//! `berth show`: what documents mean, every default filled in, secrets redacted.

use berth_config::show::{show, to_yaml};
use clap::{Args, ValueEnum};

use crate::cli::DocumentArguments;
use crate::console::Console;
use crate::documents;
use crate::exit::Exit;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    documents: DocumentArguments,
    /// YAML is a stream of documents, JSON a list
    #[arg(long, short, value_enum, default_value_t)]
    output: Format,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    #[default]
    Yaml,
    Json,
}

pub(crate) fn run(arguments: &Arguments, console: &mut Console) -> anyhow::Result<Exit> {
    let documents = documents::load_valid(&arguments.documents.documents, console)?;
    let resolved: Vec<_> = documents.documents.iter().map(show).collect();
    let text = match arguments.output {
        Format::Json => serde_json::to_string_pretty(&resolved)?,
        Format::Yaml => resolved.iter().map(to_yaml).collect::<Vec<_>>().join("---\n"),
    };
    console.result(&text)?;
    Ok(Exit::Done)
}
