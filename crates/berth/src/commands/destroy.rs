//! `berth destroy`: deletes what was applied.

use clap::Args;

use super::apply::{GoingArguments, go};
use crate::cli::{ClusterArguments, DocumentArguments, Profile};
use crate::console::Console;
use crate::deploy::{self, Wish};
use crate::exit::Exit;
use crate::lifecycle::Interrupt;

const HELP: &str = "\
It shows what goes and what stays, and asks. Volume claims and made-once secrets stay unless --also names them, and so do
namespaces that others use. The documents only say in which namespace the inventory is: --namespace says it as well.";

#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct Arguments {
    #[command(flatten)]
    documents: DocumentArguments,
    #[command(flatten)]
    cluster: ClusterArguments,
    #[command(flatten)]
    going: GoingArguments,
    /// Delete this volume claim or made-once Secret too: NAME, KIND/NAME or KIND/NAMESPACE/NAME
    #[arg(long, value_name = "NAME")]
    also: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments, console: &mut Console) -> anyhow::Result<Exit> {
    deploy::run(|interrupt| destroy(arguments, interrupt, console))
}

async fn destroy(
    arguments: &Arguments,
    mut interrupt: Interrupt,
    console: &mut Console,
) -> anyhow::Result<Exit> {
    let wish = Wish {
        sources: arguments.documents.documents.clone(),
        profile: Profile::Dev,
        cluster: arguments.cluster.clone(),
        adopt: false,
        also: arguments.also.clone(),
        rotate: Vec::new(),
        call_timeout: None,
        destroys: true,
    };
    let planned = tokio::select! {
        planned = deploy::planned(&wish, console) => planned?,
        () = interrupt.asked() => return Ok(Exit::Interrupted),
    };
    let how = arguments.going.how(false);
    let question = "delete what is listed as going?";
    go(
        planned,
        &how,
        arguments.going.yes,
        question,
        &mut interrupt,
        console,
    )
    .await
}
