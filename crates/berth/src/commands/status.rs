//! `berth status`: how each registry and policy stands on the cluster.

use std::time::Duration;

use anyhow::Context as _;
use berth_plan::status::{Standing, status, to_text};
use clap::Args;

use crate::cli::{ClusterArguments, DocumentArguments, Format};
use crate::console::Console;
use crate::deploy::{self, Wish};
use crate::exit::Exit;
use crate::lifecycle::Interrupt;
use crate::world::SystemClock;

const HELP: &str = "\
Ready or what it waits for; which fields differ from the declaration, and who wrote them; what ran last; which certificates
end soon. Nothing is changed, and no secret is shown.

    berth status registry.yaml --watch";

/// How often a watched status is looked at.
const PAUSE: Duration = Duration::from_secs(2);

#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct Arguments {
    #[command(flatten)]
    documents: DocumentArguments,
    #[command(flatten)]
    cluster: ClusterArguments,
    /// How it is printed
    #[arg(long, short, value_enum, default_value_t)]
    output: Format,
    /// Print it again whenever it changes, until interrupted
    #[arg(long)]
    watch: bool,
    /// End with 2 where something isn't ready or has drifted
    #[arg(long)]
    exit_code: bool,
}

pub(crate) fn run(arguments: &Arguments, console: &mut Console) -> anyhow::Result<Exit> {
    deploy::run(|interrupt| told(arguments, interrupt, console))
}

async fn told(
    arguments: &Arguments,
    mut interrupt: Interrupt,
    console: &mut Console,
) -> anyhow::Result<Exit> {
    let mut last = Vec::new();
    loop {
        let Some(standings) = interrupt.before(standings(arguments)).await else {
            break;
        };
        let standings = standings?;
        if standings != last {
            print(&standings, arguments.output, console)?;
            last = standings;
        }
        if !arguments.watch {
            break;
        }
        if interrupt.before(tokio::time::sleep(PAUSE)).await.is_none() {
            break;
        }
    }
    let well = last
        .iter()
        .all(|standing| standing.ready && standing.drift.is_empty());
    Ok(if arguments.exit_code && !well {
        Exit::Findings
    } else {
        Exit::Done
    })
}

async fn standings(arguments: &Arguments) -> anyhow::Result<Vec<Standing>> {
    let wish = Wish {
        // Nothing is carried out: with it the plan tells which fields others have taken.
        adopt: true,
        ..Wish::of(&arguments.documents.documents, &arguments.cluster)
    };
    // What planning would say of the documents is for `plan` to say.
    let planned = deploy::planned(&wish, &mut Console::silent()).await?;
    Ok(status(
        &planned.documents,
        &planned.objects,
        &planned.live,
        &planned.plan,
        SystemClock::timestamp(),
    ))
}

fn print(standings: &[Standing], format: Format, console: &mut Console) -> anyhow::Result<()> {
    let text = match format {
        Format::Text => to_text(standings),
        Format::Json => serde_json::to_string_pretty(standings)?,
    };
    console.result(&text).context("printing the status")
}
