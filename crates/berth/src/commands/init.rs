//! `berth init`: a commented starter document, and advice on which registry to choose.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Args, ValueEnum};

use crate::console::Console;
use crate::exit::{Exit, Refusal};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The kind of registry; without it, questions lead to one
    kind: Option<Kind>,
    /// Where to write it; `-` for the standard output
    #[arg(long, short, value_name = "FILE", default_value = "berth.yaml")]
    out: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// Docker Registry: simple and light, on one machine or a cluster
    Docker,
    /// Harbor: many projects, scanning, replication
    Harbor,
    /// Nexus: many formats beside images
    Nexus,
    /// Artifactory: the most formats, with a vendor behind it
    Artifactory,
}

impl Kind {
    const fn starter(self) -> &'static str {
        match self {
            Self::Docker => include_str!("../../../../examples/docker-registry.yaml"),
            Self::Harbor => include_str!("../../../../examples/harbor.yaml"),
            Self::Nexus => include_str!("../../../../examples/nexus.yaml"),
            Self::Artifactory => include_str!("../../../../examples/artifactory.yaml"),
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Docker => "Docker Registry",
            Self::Harbor => "Harbor",
            Self::Nexus => "Nexus",
            Self::Artifactory => "Artifactory",
        }
    }
}

/// The questions, in the order in which an answer settles most: a yes points at the kind.
const QUESTIONS: [(&str, Kind, &str); 5] = [
    (
        "Do you need the vendor's support, or formats beyond images, Maven, npm and Helm?",
        Kind::Artifactory,
        "the most formats, build integration and a vendor's support; much of it asks for a licence",
    ),
    (
        "Do you keep Maven, npm or Helm artifacts beside images, or run Sonatype's tools already?",
        Kind::Nexus,
        "images, Maven, npm and Helm in one place; one replica without a licence",
    ),
    (
        "Do several teams share it, each with projects, members and quotas of its own?",
        Kind::Harbor,
        "projects with members and quotas; it wants PostgreSQL, Redis and about 4 GB",
    ),
    (
        "Must images be scanned, with a web interface for it?",
        Kind::Harbor,
        "scanning by Trivy and a block on what it finds; it wants PostgreSQL, Redis and about 4 GB",
    ),
    (
        "Must it replicate with other registries, both ways?",
        Kind::Harbor,
        "replication by push and pull between registries; it wants PostgreSQL, Redis and about 4 GB",
    ),
];

pub(crate) fn run(arguments: &Arguments, console: &mut Console) -> anyhow::Result<Exit> {
    let kind = match arguments.kind {
        Some(kind) => kind,
        None => advise(console)?,
    };
    if arguments.out == Path::new("-") {
        console.result(kind.starter())?;
        return Ok(Exit::Done);
    }
    write_new(&arguments.out, kind.starter())?;
    let path = arguments.out.display();
    console.talk(&format!("{path}: a starter for {}", kind.title()));
    console.talk(&format!("next: berth check {path}"));
    Ok(Exit::Done)
}

fn advise(console: &mut Console) -> anyhow::Result<Kind> {
    if !console.interactive() {
        let kinds = "docker, harbor, nexus or artifactory";
        return Err(Refusal::Usage(format!(
            "name a kind ({kinds}): nobody is here to answer questions"
        ))
        .into());
    }
    for (question, kind, because) in QUESTIONS {
        if is_yes(&console.ask(&format!("{question} [y/N]"))?) {
            console.talk(&format!("{}: {because}.", kind.title()));
            return Ok(kind);
        }
    }
    console.talk("Docker Registry: simple, light, and all of what you need.");
    Ok(Kind::Docker)
}

fn is_yes(answer: &str) -> bool {
    matches!(answer.to_ascii_lowercase().as_str(), "y" | "yes")
}

/// A document that is there already is somebody's work.
fn write_new(path: &Path, text: &str) -> anyhow::Result<()> {
    let file = OpenOptions::new().write(true).create_new(true).open(path);
    let mut file = file.with_context(|| format!("creating {}; --out FILE writes another", path.display()))?;
    file.write_all(text.as_bytes())
        .with_context(|| format!("writing {}", path.display()))
}
