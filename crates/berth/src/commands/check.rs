//! `berth check`: every fault and every rule, in one run; with `--cluster` the deployment checklist.

mod cluster;

use std::path::PathBuf;

use anyhow::Context;
use berth_config::rules::{self, Target};
use berth_finding::Report;
use clap::{Args, ValueEnum};

use crate::cli::{DocumentArguments, Profile};
use crate::console::Console;
use crate::documents;
use crate::exit::Exit;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    documents: DocumentArguments,
    /// How findings are printed
    #[arg(long, short, value_enum, default_value_t)]
    output: Format,
    /// How strict the rules are
    #[arg(long, value_enum, default_value_t)]
    profile: Profile,
    /// Judge for a cluster of this version, such as 1.31
    #[arg(long, value_name = "VERSION", value_parser = parse_version)]
    kubernetes: Option<String>,
    /// End with 2 when there are findings but no errors
    #[arg(long)]
    exit_code: bool,
    /// Answer the deployment checklist from a cluster: twelve items for each registry
    #[arg(long, conflicts_with = "kubernetes")]
    cluster: bool,
    /// A kubeconfig, in the place of $KUBECONFIG and ~/.kube/config
    #[arg(long, value_name = "FILE", requires = "cluster")]
    kubeconfig: Option<PathBuf>,
    /// A context of the kubeconfig
    #[arg(long, value_name = "NAME", requires = "cluster")]
    context: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    #[default]
    Text,
    Json,
    Sarif,
}

/// Whether a version is a known one is the rules' to say.
fn parse_version(text: &str) -> Result<String, String> {
    let mut parts = text.strip_prefix('v').unwrap_or(text).split('.');
    let mut is_number = || parts.next().is_some_and(|part| part.parse::<u32>().is_ok());
    if is_number() && is_number() {
        Ok(text.to_owned())
    } else {
        Err("no version of Kubernetes; such as 1.31".to_owned())
    }
}

pub(crate) fn run(arguments: &Arguments, console: &mut Console) -> anyhow::Result<Exit> {
    if arguments.cluster {
        return cluster::run(arguments, console);
    }
    let documents = documents::load(&arguments.documents.documents)?;
    let target = match &arguments.kubernetes {
        Some(version) => Target::Cluster {
            kubernetes: Some(version.clone()),
        },
        None => Target::Local,
    };
    let report = rules::check(&documents, arguments.profile.into(), &target);
    print(&report, arguments.output, console)?;
    if report.is_empty() && arguments.output == Format::Text {
        console.talk(&format!(
            "documents: {}, nothing to say",
            documents.documents.len()
        ));
    }
    Ok(match report.has_errors() {
        true => Exit::Invalid,
        false if arguments.exit_code && !report.is_empty() => Exit::Findings,
        false => Exit::Done,
    })
}

fn print(report: &Report, format: Format, console: &mut Console) -> anyhow::Result<()> {
    let text = match format {
        Format::Text => berth_finding::to_text(report, console.color()),
        Format::Json => serde_json::to_string_pretty(&berth_finding::to_json(report))?,
        Format::Sarif => {
            let sarif = berth_finding::to_sarif(report, &berth_plan::catalog(), env!("CARGO_PKG_VERSION"));
            serde_json::to_string_pretty(&sarif)?
        }
    };
    console.result(&text).context("printing the findings")
}
