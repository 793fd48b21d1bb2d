//! `berth gc`: frees the bytes that nothing needs, while the registry serves, or where none does.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use serde_json::Value;

use super::apply::parse_duration;
use crate::cli::TableFormat;
use crate::console::Console;
use crate::control::{self, Request};
use crate::exit::Exit;

/// What nothing needs is condemned by one run, and removed by a later one, once it has been so for a whole grace. Tags, and
/// images without a tag, are never removed. A `berth serve` on the folder does it beside serving.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The registry's root folder, the one that holds `docker/registry/v2`
    root: PathBuf,
    /// Tell what would go, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// How long what nothing needs is kept, such as 24h; a process that serves the folder has its own
    #[arg(long, value_name = "DURATION", default_value = "24h", value_parser = parse_duration)]
    grace: Duration,
    /// How the result is printed
    #[arg(long, short, value_enum, default_value_t)]
    output: TableFormat,
}

pub(crate) fn run(arguments: &Arguments, console: &mut Console) -> anyhow::Result<Exit> {
    let request = Request::Sweep {
        dry_run: arguments.dry_run,
    };
    console.talk(if arguments.dry_run {
        "looking for what nothing needs"
    } else {
        "freeing what nothing needs"
    });
    let (tell, told) = std::sync::mpsc::channel();
    let (root, grace) = (arguments.root.clone(), arguments.grace);
    let worker = std::thread::spawn(move || {
        control::ask(&root, grace, request, move |value| {
            // Nobody hears it once the command was interrupted.
            let _ = tell.send(value);
        })
    });
    for value in told {
        console.glimpse(&format!(
            "{} unneeded, {} due, {} removed, {} bytes freed",
            value["unneeded"], value["due"], value["removedBlobs"], value["freedBytes"]
        ));
    }
    let report = worker
        .join()
        .unwrap_or_else(|_| Err(anyhow::anyhow!("the sweep ended by a fault of its own")))?;
    console.result(&match arguments.output {
        TableFormat::Table => to_table(&report),
        TableFormat::Json => serde_json::to_string_pretty(&report)?,
        TableFormat::Yaml => berth_config::show::to_yaml(&report),
    })?;
    Ok(Exit::Done)
}

fn to_table(report: &Value) -> String {
    let mut lines = vec![format!(
        "{} unneeded ({} bytes), {} of them for a whole grace",
        report["unneeded"], report["unneededBytes"], report["due"]
    )];
    if report["dryRun"] == false {
        lines.push(format!(
            "{} links and {} blobs removed, {} old uploads; {} bytes freed, {} more when their readers are done",
            report["removedEdges"],
            report["removedBlobs"],
            report["removedUploads"],
            report["freedBytes"],
            report["heldBytes"]
        ));
        lines.push(format!(
            "{} kept for a client that was told of them, {} needed again or by what can be taken back",
            report["leased"], report["needed"]
        ));
    }
    if report["allLeased"] == true {
        lines.push("the process before was killed: everything is kept for one grace".to_owned());
    }
    for name in report["frozen"].as_array().into_iter().flatten() {
        lines.push(format!(
            "{}: nothing is removed, for a manifest can't be read; `berth fsck` names it",
            name.as_str().unwrap_or_default()
        ));
    }
    lines.join("\n") + "\n"
}
