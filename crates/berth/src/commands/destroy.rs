//! `berth destroy`: deletes what was applied.

use clap::Args;

use super::apply::{GoingArguments, go};
use crate::cli::{ClusterArguments, DocumentArguments};
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
        also: arguments.also.clone(),
        destroys: true,
        ..Wish::of(&arguments.documents.documents, &arguments.cluster)
    };
    let Some(planned) = interrupt.before(deploy::planned(&wish, console)).await else {
        return Ok(Exit::Interrupted);
    };
    let planned = planned?;
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
