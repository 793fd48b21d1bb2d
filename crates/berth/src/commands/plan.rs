//! `berth plan`: what would change in a cluster, and why.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;

use super::apply::parse_duration;
use crate::cli::{ClusterArguments, DocumentArguments, Format, Profile};
use crate::console::Console;
use crate::deploy::{self, Planned, Wish};
use crate::exit::{Exit, Refusal};
use crate::lifecycle::Interrupt;
use crate::secrets::kept::write_private;

const HELP: &str = "\
Each object is tried out by the server and compared with what is there. Nothing is changed. Values of secrets are never shown.

    berth plan registry.yaml --out plan.json && berth apply plan.json";

#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct Arguments {
    #[command(flatten)]
    documents: DocumentArguments,
    #[command(flatten)]
    cluster: ClusterArguments,
    /// Text for people, or the plan file
    #[arg(long, short, value_enum, default_value_t)]
    output: Format,
    /// Write the plan to this file too, for `berth apply FILE`
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// How long one answer of the cluster may take
    #[arg(long, value_name = "DURATION", default_value = "1m", value_parser = parse_duration)]
    timeout: Duration,
    /// End with 2 where there is something to do
    #[arg(long)]
    exit_code: bool,
    /// Plan to take over what others own
    #[arg(long)]
    adopt: bool,
    /// Plan to delete or replace this volume claim or made-once Secret too, where it comes to that
    #[arg(long, value_name = "NAME")]
    also: Vec<String>,
    /// Make secrets anew that Berth made: admin, database, pull or token, or those of one document: token:NAME
    #[arg(long, value_name = "WHAT")]
    rotate: Vec<String>,
    /// How strict the rules are
    #[arg(long, value_enum, default_value_t)]
    profile: Profile,
}

pub(crate) fn run(arguments: &Arguments, console: &mut Console) -> anyhow::Result<Exit> {
    deploy::run(|interrupt| plan(arguments, interrupt, console))
}

async fn plan(
    arguments: &Arguments,
    mut interrupt: Interrupt,
    console: &mut Console,
) -> anyhow::Result<Exit> {
    let wish = Wish {
        profile: arguments.profile,
        adopt: arguments.adopt,
        also: arguments.also.clone(),
        rotate: arguments.rotate.clone(),
        call_timeout: Some(arguments.timeout),
        ..Wish::of(&arguments.documents.documents, &arguments.cluster)
    };
    let Some(planned) = interrupt.before(deploy::planned(&wish, console)).await else {
        return Ok(Exit::Interrupted);
    };
    let planned = planned?;
    deploy::refuse_another_s_inventory(&planned, &wish)?;
    write(arguments, &planned, console)?;
    if planned.plan.refused().next().is_some() {
        let message = "the plan can't be carried out as things are";
        return Err(Refusal::Failed(message.to_owned()).into());
    }
    if arguments.exit_code && !planned.plan.is_empty() {
        return Ok(Exit::Findings);
    }
    Ok(Exit::Done)
}

fn write(arguments: &Arguments, planned: &Planned, console: &mut Console) -> anyhow::Result<()> {
    let json = serde_json::to_string_pretty(&planned.file)?;
    if let Some(path) = &arguments.out {
        let context = || format!("writing the plan to {}", path.display());
        write_private(path, format!("{json}\n").as_bytes()).with_context(context)?;
    }
    match arguments.output {
        Format::Text => deploy::show(planned, console),
        Format::Json => console.result(&json).context("printing the plan"),
    }
}
