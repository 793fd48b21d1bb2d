//! `berth restore`: lists what was deleted and can be taken back, and takes it back.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use serde_json::Value;

use super::apply::parse_duration;
use crate::cli::TableFormat;
use crate::console::Console;
use crate::control::{self, Request};
use crate::exit::{Exit, Refusal};

/// Without a name it lists what can be taken back. A manifest comes back with the tags that went with it, and with what it
/// needs; a tag that points elsewhere by now stays.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The registry's root folder, the one that holds `docker/registry/v2`
    root: PathBuf,
    /// What to take back, such as team/app:v1 or team/app@sha256:...
    name: Option<String>,
    /// How long deletes can be taken back, such as 24h; a process that serves the folder has its own
    #[arg(long, value_name = "DURATION", default_value = "24h", value_parser = parse_duration)]
    grace: Duration,
    /// How the result is printed
    #[arg(long, short, value_enum, default_value_t)]
    output: TableFormat,
}

pub(crate) fn run(arguments: &Arguments, console: &mut Console) -> anyhow::Result<Exit> {
    let request = match &arguments.name {
        None => Request::Deletions,
        Some(name) => {
            let (repository, reference) = name
                .split_once('@')
                .or_else(|| name.rsplit_once(':'))
                .ok_or_else(|| {
                    Refusal::Usage(format!("`{name}` names no tag and no digest: say team/app:v1"))
                })?;
            Request::Restore {
                repository: repository.to_owned(),
                reference: reference.to_owned(),
            }
        }
    };
    let answer = control::ask(&arguments.root, arguments.grace, request, |_| {})?;
    console.result(&match arguments.output {
        TableFormat::Table => to_table(&answer),
        TableFormat::Json => serde_json::to_string_pretty(&answer)?,
        TableFormat::Yaml => berth_config::show::to_yaml(&answer),
    })?;
    Ok(Exit::Done)
}

fn to_table(answer: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let Some(deletions) = answer.as_array() else {
        let tags: Vec<String> = answer["tags"]
            .as_array()
            .into_iter()
            .flatten()
            .map(text)
            .collect();
        return format!(
            "{}@{} is back{}\n",
            text(&answer["repository"]),
            text(&answer["digest"]),
            if tags.is_empty() {
                String::new()
            } else {
                format!(", with {}", tags.join(", "))
            }
        );
    };
    if deletions.is_empty() {
        return "nothing was deleted within the grace\n".to_owned();
    }
    let mut table = String::new();
    for one in deletions {
        let mark = if one["what"] == "tag" { ':' } else { '@' };
        let _ = writeln!(
            table,
            "{}  {:8}  {}{mark}{}  by {}",
            text(&one["deletedAt"]),
            text(&one["what"]),
            text(&one["repository"]),
            text(&one["reference"]),
            text(&one["deletedBy"])
        );
    }
    table
}
