//! From the arguments of a command to sources: files, folders, the standard input, or what is found nearby.

mod discover;
mod nix;
mod read;

use std::path::PathBuf;

use berth_config::document::{self, Documents, Format, Source};
use berth_config::rules::{self, Profile, Target};
use berth_finding::{Code, Finding, Level, Location, Report};

use crate::console::Console;
use crate::exit::Refusal;
use read::ReadError;

/// The example that `berth serve` runs where there is no document.
pub(crate) const QUICKSTART: &str = include_str!("../../../examples/quickstart.yaml");

/// Reads the documents that `arguments` name, or those found in this folder or one above it.
///
/// `None` when nothing was named and nothing was found. A file that can't be read is a finding among the others.
pub(crate) fn find(arguments: &[PathBuf]) -> Option<Documents> {
    let paths = if arguments.is_empty() {
        vec![discover::nearest(&std::env::current_dir().ok()?)?]
    } else {
        arguments.to_vec()
    };
    let (mut sources, mut unreadable) = (Vec::new(), Vec::new());
    for result in paths.iter().flat_map(|path| read::path(path)) {
        match result {
            Ok(source) => sources.push(source),
            Err(error) => unreadable.push(finding(&error)),
        }
    }
    let mut documents = document::read(&sources);
    documents.findings.extend(unreadable);
    Some(documents)
}

/// The same for a command that has nothing to do without documents.
pub(crate) fn load(arguments: &[PathBuf]) -> Result<Documents, Refusal> {
    find(arguments).ok_or_else(|| {
        let names = "berth.yaml, berth.json, berth.nix or berth/";
        Refusal::Usage(format!(
            "no document named, and no {names} here or above; `berth init` writes a starter"
        ))
    })
}

/// The same for a command that works with what documents mean: errors are told, and refuse.
pub(crate) fn load_valid(arguments: &[PathBuf], console: &mut Console) -> anyhow::Result<Documents> {
    let documents = load(arguments)?;
    let checked = rules::check(&documents, Profile::Dev, &Target::Local);
    let errors = checked
        .findings()
        .iter()
        .filter(|finding| finding.level == Level::Error);
    let report = Report::new(errors.cloned());
    if report.is_empty() {
        return Ok(documents);
    }
    console.talk(&berth_finding::to_text(&report, false));
    Err(Refusal::Invalid("the declaration is invalid".to_owned()).into())
}

/// The built-in example.
pub(crate) fn quickstart() -> Documents {
    document::read(&[Source {
        name: "quickstart.yaml (built in)".to_owned(),
        bytes: QUICKSTART.as_bytes().to_vec(),
        format: Format::Yaml,
    }])
}

fn finding(error: &ReadError) -> Finding {
    Finding::new(Code::new("DOC-001"), Level::Error, error.to_string())
        .help(error.help())
        .at(Location::whole(error.path()))
}
