//! `berth diagnose`: what is wrong with a registry that runs, and what to do next.

use anyhow::Context as _;
use berth_cluster::ConnectError;
use berth_finding::Report;
use clap::Args;

use crate::cli::{ClusterArguments, DocumentArguments, Format, Profile};
use crate::console::Console;
use crate::exit::Exit;
use crate::{deploy, documents, examine};

const HELP: &str = "\
Looks at pods, events, the ends of logs, endpoints, pull secrets (their form, never their values), volumes, and asks the
registry itself. Nothing is changed. Without a cluster, or with --local, the same for a `berth serve` of this machine.

    berth diagnose registry.yaml";

#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct Arguments {
    #[command(flatten)]
    documents: DocumentArguments,
    #[command(flatten)]
    cluster: ClusterArguments,
    /// Look at a `berth serve` of this machine
    #[arg(long, conflicts_with_all = ["kubeconfig", "context"])]
    local: bool,
    /// How findings are printed
    #[arg(long, short, value_enum, default_value_t)]
    output: Format,
    /// End with 2 where something is wrong
    #[arg(long)]
    exit_code: bool,
}

pub(crate) fn run(arguments: &Arguments, console: &mut Console) -> anyhow::Result<Exit> {
    let sources = &arguments.documents.documents;
    if arguments.local {
        let report = Report::new(examine::local(&documents::load(sources)?)?);
        return told(arguments, &report, console);
    }
    deploy::run(|mut interrupt| async move {
        match interrupt.before(of_cluster(arguments, console)).await {
            Some(report) => told(arguments, &report?, console),
            None => Ok(Exit::Interrupted),
        }
    })
}

fn told(arguments: &Arguments, report: &Report, console: &mut Console) -> anyhow::Result<Exit> {
    let text = match arguments.output {
        Format::Text if report.is_empty() => {
            console.talk("nothing is wrong");
            String::new()
        }
        Format::Text => berth_finding::to_text(report, console.color()),
        Format::Json => serde_json::to_string_pretty(&berth_finding::to_json(report))?,
    };
    console.result(&text).context("printing what is wrong")?;
    let is_told = arguments.exit_code && !report.is_empty();
    Ok(if is_told { Exit::Findings } else { Exit::Done })
}

async fn of_cluster(arguments: &Arguments, console: &mut Console) -> anyhow::Result<Report> {
    let sources = &arguments.documents.documents;
    let scene = match examine::scene(sources, &arguments.cluster, Profile::Dev).await {
        Ok(scene) => scene,
        Err(error) if is_without_cluster(&error) => {
            console.talk("no cluster is configured; looking at the `berth serve` of this machine");
            return Ok(Report::new(examine::local(&documents::load(sources)?)?));
        }
        Err(error) => return Err(error),
    };
    let seen = examine::gather(&scene, console).await;
    Ok(Report::new(berth_plan::diagnose::diagnose(
        &scene.documents,
        &scene.rendered,
        &seen,
    )))
}

fn is_without_cluster(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(ConnectError::NoCluster(_)))
}
