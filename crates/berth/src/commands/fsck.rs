//! `berth fsck`: every byte of a registry's folder against its digest, every link against its target.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::Context;
use berth_storage::fsck::{FsckOptions, FsckReport, fsck};
use clap::Args;
use serde_json::{Value, json};

use crate::cli::TableFormat;
use crate::console::Console;
use crate::exit::Exit;

/// Changes nothing, and works on a folder that Docker's registry wrote as well. Whatever isn't clean ends with 1.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The registry's root folder, the one that holds `docker/registry/v2`; no process may be serving it
    root: PathBuf,
    /// Check links alone, and don't read all bytes
    #[arg(long)]
    no_hash: bool,
    /// Take manifests that name content which is not there, as a registry with `validation.disabled` does
    #[arg(long)]
    allow_sparse: bool,
    /// How the result is printed
    #[arg(long, short, value_enum, default_value_t)]
    output: TableFormat,
}

pub(crate) fn run(arguments: &Arguments, console: &mut Console) -> anyhow::Result<Exit> {
    let options = FsckOptions {
        hash: !arguments.no_hash,
        allow_sparse: arguments.allow_sparse,
    };
    let root = &arguments.root;
    let report = fsck(root, options).with_context(|| format!("checking {}", root.display()))?;
    console.result(&match arguments.output {
        TableFormat::Table => to_table(&report),
        TableFormat::Json => serde_json::to_string_pretty(&to_json(&report))?,
        TableFormat::Yaml => berth_config::show::to_yaml(&to_json(&report)),
    })?;
    Ok(if report.is_clean() {
        Exit::Done
    } else {
        Exit::Failed
    })
}

fn to_table(report: &FsckReport) -> String {
    let mut text = String::new();
    for line in &report.lines {
        let weight = if line.what.is_harmless() { "note" } else { "error" };
        let _ = writeln!(
            text,
            "{weight}: {}: {}\n  next: {}",
            line.path.display(),
            line.what,
            line.what.what_next()
        );
    }
    let FsckReport {
        blobs,
        bytes,
        repositories,
        manifests,
        tags,
        ..
    } = report;
    let verdict = if report.is_clean() { "clean" } else { "NOT clean" };
    let _ = writeln!(
        text,
        "{verdict}: {repositories} repositories, {manifests} manifests, {tags} tags, {blobs} blobs, {bytes} bytes"
    );
    text
}

fn to_json(report: &FsckReport) -> Value {
    json!({
        "clean": report.is_clean(),
        "repositories": report.repositories,
        "manifests": report.manifests,
        "tags": report.tags,
        "blobs": report.blobs,
        "bytes": report.bytes,
        "faults": report.lines.iter().map(|line| json!({
            "path": line.path.to_string_lossy(),
            "harmless": line.what.is_harmless(),
            "message": line.what.to_string(),
            "help": line.what.what_next(),
        })).collect::<Value>(),
    })
}
