//! `berth serve`: a registry in this process, from the same document that a cluster would get.

use berth_config::document::Documents;
use berth_config::rules::{self, Target};
use berth_config::serve::{self, ServeOptions, ServePlan};
use berth_config::value::{HostPort, Parse};
use berth_finding::{Level, Report};
use clap::Args;

use crate::assemble;
use crate::cli::{DocumentArguments, Profile};
use crate::console::Console;
use crate::documents::{self, QUICKSTART};
use crate::exit::{Exit, Refusal};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    documents: DocumentArguments,
    /// The registry to serve, where the documents declare several
    #[arg(long, value_name = "NAME")]
    registry: Option<String>,
    /// The address to listen on, such as 127.0.0.1:5000; port 0 takes a free one
    #[arg(long, value_name = "ADDR", value_parser = parse_address)]
    listen: Option<HostPort>,
    /// Let anybody in, also from outside this machine
    #[arg(long)]
    allow_anonymous: bool,
    /// Serve although a policy that protects can't be enforced yet
    #[arg(long)]
    ignore_unenforced: bool,
    /// How long what a client was told of stays, what nothing needs is kept, and deletes can be taken back, such as 24h
    #[arg(long, value_name = "DURATION", value_parser = super::apply::parse_duration)]
    grace: Option<std::time::Duration>,
    /// How strict the rules are
    #[arg(long, value_enum, default_value_t)]
    profile: Profile,
}

fn parse_address(text: &str) -> Result<HostPort, String> {
    HostPort::parse(text).map_err(|refused| match refused.help {
        Some(help) => format!("{}; {help}", refused.message),
        None => refused.message,
    })
}

pub(crate) fn run(arguments: &Arguments, console: &mut Console) -> anyhow::Result<Exit> {
    let documents = match documents::find(&arguments.documents.documents) {
        Some(documents) => documents,
        None => quickstart(console),
    };
    let plan = decide(arguments, &documents, console)?;
    assemble::run(&plan, console)
}

fn quickstart(console: &mut Console) -> Documents {
    console.talk("no document here or above; serving this example, built in:\n");
    console.talk(QUICKSTART);
    documents::quickstart()
}

/// Judges the documents, tells what was found, and gives the plan unless something refuses.
fn decide(arguments: &Arguments, documents: &Documents, console: &mut Console) -> anyhow::Result<ServePlan> {
    let options = ServeOptions {
        registry: arguments.registry.clone(),
        listen: arguments.listen.clone(),
        allow_anonymous: arguments.allow_anonymous,
        ignore_unenforced: arguments.ignore_unenforced,
        grace: arguments.grace,
    };
    let checked = rules::check(documents, arguments.profile.into(), &Target::Local);
    let (plan, refusals) = serve::plan(documents, &options);
    // Remarks are for `check`: a start that talks too much isn't read.
    let findings = checked
        .findings()
        .iter()
        .cloned()
        .chain(refusals)
        .filter(|finding| finding.level != Level::Info);
    let report = Report::new(findings);
    if !report.is_empty() {
        console.talk(&berth_finding::to_text(&report, false));
    }
    match plan {
        Some(plan) if !report.has_errors() => Ok(plan),
        _ => Err(Refusal::Invalid(format!("the declaration can't be served: {}", report.summary())).into()),
    }
}
