use std::path::{Path, absolute};

use anyhow::Context;
use berth_config::document::Documents;
use berth_config::rules::{self, Target};
use berth_finding::Report;
use berth_plan::native::{Native, NativeOptions, native};
use berth_plan::output::OutputFile;
use serde_json::json;

use super::keeping::keeping;
use super::{Arguments, Format, folder, report};
use crate::console::Console;
use crate::secrets::source::Source;

/// Where files lie that are only printed.
const FOLDER: &str = "/etc/berth";
/// What is printed in the place of a file with secrets.
const HIDDEN: &str = "(secrets: written with --out alone, for their owner alone)\n";

/// Writes or prints what the products read on a host.
pub(super) fn run(arguments: &Arguments, documents: &Documents, console: &mut Console) -> anyhow::Result<()> {
    let checked = rules::check(documents, arguments.profile.into(), &Target::Local);
    let lie = lie(arguments)?;
    let options = NativeOptions {
        profile: arguments.profile.into(),
        folder: &lie,
    };
    let render = |source: &Source| native(documents, &options, source);
    let rendered = keeping(arguments.secrets.as_deref(), console, render, |rendered| {
        &rendered.made_once
    })?;
    let findings = checked.findings().iter().cloned();
    report(
        Report::new(findings.chain(rendered.findings.iter().cloned())),
        console,
    )?;
    write(arguments, &rendered, console)
}

/// The folder that the files will lie in, by its whole path.
fn lie(arguments: &Arguments) -> anyhow::Result<String> {
    let given = arguments.at.as_deref().or(arguments.out.as_deref());
    let given = given.unwrap_or(Path::new(FOLDER));
    let path = absolute(given).with_context(|| format!("finding the whole path of {}", given.display()))?;
    let text = path
        .to_str()
        .with_context(|| format!("{} is not UTF-8", path.display()))?;
    Ok(text.trim_end_matches('/').to_owned())
}

fn write(arguments: &Arguments, rendered: &Native, console: &mut Console) -> anyhow::Result<()> {
    let files = &rendered.files;
    if let Some(folder) = &arguments.out {
        folder::write(folder, files).with_context(|| format!("writing files to {}", folder.display()))?;
        console.talk(&format!("{} files in {}", files.len(), folder.display()));
        return Ok(());
    }
    let text = match arguments.output {
        Format::Yaml => files.iter().map(section).collect(),
        Format::Json => {
            let files: Vec<_> = files.iter().map(entry).collect();
            serde_json::to_string_pretty(&json!({ "files": files }))?
        }
    };
    console.result(&text).context("printing the files")
}

fn section(file: &OutputFile) -> String {
    let text = if file.is_secret { HIDDEN } else { &file.text };
    format!("==> {} <==\n{text}\n", file.name)
}

fn entry(file: &OutputFile) -> serde_json::Value {
    let mode = if file.is_secret { "0600" } else { "0644" };
    let text = (!file.is_secret).then_some(file.text.as_str());
    json!({ "path": file.name, "mode": mode, "text": text })
}
