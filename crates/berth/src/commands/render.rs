//! `berth render`: what documents become on a cluster, as manifests, or on a host, as files.

mod folder;
mod keeping;
mod native;

use std::path::PathBuf;

use anyhow::Context;
use berth_config::document::Documents;
use berth_config::rules::{self, Target};
use berth_finding::Report;
use berth_plan::output;
use berth_plan::render::{KubernetesVersion, RenderOptions, Rendered, render};
use clap::{Args, ValueEnum};

use crate::cli::{DocumentArguments, Profile};
use crate::console::Console;
use crate::documents;
use crate::exit::{Exit, Refusal};
use crate::secrets::source::Source;
use keeping::keeping;

const HELP: &str = "\
Findings go to the standard error, manifests to the standard output or the folder. Secrets stand in Secret objects alone;
in a folder, those are files of mode 0600.

    berth render registry.yaml --secrets secrets.json | kubectl apply -f -

With --native, files are what the product itself reads: a folder for each registry.

    berth render registry.yaml --native --secrets secrets.json --out /etc/berth";

#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct Arguments {
    #[command(flatten)]
    documents: DocumentArguments,
    /// The version of the cluster
    #[arg(long, value_name = "VERSION", default_value = "1.31")]
    kubernetes: KubernetesVersion,
    /// Render what the product itself reads, to run it on a host without Kubernetes
    #[arg(long, conflicts_with = "kubernetes")]
    native: bool,
    /// Write a file for each object and a kustomization.yaml into this folder; with --native, the product's files
    #[arg(long, value_name = "DIR", conflicts_with = "output")]
    out: Option<PathBuf>,
    /// With --native: the folder that the files will lie in, where it isn't the one of --out
    #[arg(long, value_name = "DIR", requires = "native")]
    at: Option<PathBuf>,
    /// Keep secrets that nobody gave in this file: made at the first time, read ever after
    #[arg(long, value_name = "FILE")]
    secrets: Option<PathBuf>,
    /// YAML is a stream of objects, JSON a List
    #[arg(long, short, value_enum, default_value_t)]
    output: Format,
    /// How strict the rules are
    #[arg(long, value_enum, default_value_t)]
    profile: Profile,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    #[default]
    Yaml,
    Json,
}

pub(crate) fn run(arguments: &Arguments, console: &mut Console) -> anyhow::Result<Exit> {
    let documents = documents::load(&arguments.documents.documents)?;
    if arguments.native {
        native::run(arguments, &documents, console)?;
        return Ok(Exit::Done);
    }
    let target = Target::Cluster {
        kubernetes: Some(arguments.kubernetes.to_string()),
    };
    let checked = rules::check(&documents, arguments.profile.into(), &target);
    let rendered = rendered(arguments, &documents, console)?;
    let findings = checked.findings().iter().cloned();
    report(
        Report::new(findings.chain(rendered.findings.iter().cloned())),
        console,
    )?;
    write(arguments, &rendered, console)?;
    Ok(Exit::Done)
}

/// Tells what was found, and refuses where there are errors.
fn report(report: Report, console: &mut Console) -> anyhow::Result<()> {
    if !report.is_empty() {
        console.talk(&berth_finding::to_text(&report, false));
    }
    if report.has_errors() {
        let message = format!("the declaration can't be rendered: {}", report.summary());
        return Err(Refusal::Invalid(message).into());
    }
    Ok(())
}

fn rendered(arguments: &Arguments, documents: &Documents, console: &mut Console) -> anyhow::Result<Rendered> {
    let options = RenderOptions {
        kubernetes: arguments.kubernetes,
        profile: arguments.profile.into(),
    };
    let render = |source: &Source| render(documents, &options, source);
    keeping(arguments.secrets.as_deref(), console, render, |rendered| {
        &rendered.made_once
    })
}

fn write(arguments: &Arguments, rendered: &Rendered, console: &mut Console) -> anyhow::Result<()> {
    let objects = &rendered.objects;
    if let Some(folder) = &arguments.out {
        let files = output::to_folder(objects);
        folder::write(folder, &files).with_context(|| format!("writing objects to {}", folder.display()))?;
        console.talk(&format!("{} objects in {}", objects.len(), folder.display()));
        return Ok(());
    }
    let text = match arguments.output {
        Format::Yaml => output::to_yaml_stream(objects),
        Format::Json => serde_json::to_string_pretty(&output::to_json_list(objects))?,
    };
    console.result(&text).context("printing the objects")
}
