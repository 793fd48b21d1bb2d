use berth_plan::change::{Outcomes, to_text};

use super::Planned;
use super::carry_out::Ending;
use crate::console::Console;
use crate::exit::{Exit, Refusal};

/// The plan, under a line that says which cluster it is for.
pub(crate) fn show(planned: &Planned, console: &mut Console) -> anyhow::Result<()> {
    let head = format!(
        "{} (Kubernetes {}), inventory {}",
        planned.cluster.address(),
        planned.version.text,
        planned.inventory.key()
    );
    let text = to_text(&planned.plan, console.color());
    let content = planned.file["content"].as_str().unwrap_or_default();
    console.result(&format!("{head}\n\n{text}Content {content}\n"))?;
    Ok(())
}

/// How it ended: what is done and what isn't, where that isn't all of it.
pub(crate) fn tell(ending: Ending, outcomes: &Outcomes, console: &mut Console) -> anyhow::Result<Exit> {
    match ending {
        Ending::Whole => {
            console.talk(&format!("done: {}", counted(outcomes)));
            Ok(Exit::Done)
        }
        Ending::Interrupted => {
            console.talk(&format!("interrupted\n{outcomes}run it again: it continues"));
            Ok(Exit::Interrupted)
        }
        Ending::Failed if outcomes.any_done() => {
            console.talk(&format!("done in part\n{outcomes}run it again: it continues"));
            Ok(Exit::Partly)
        }
        Ending::Failed => {
            console.talk(&outcomes.to_string());
            Err(Refusal::Failed("nothing was done".to_owned()).into())
        }
    }
}

fn counted(outcomes: &Outcomes) -> String {
    match outcomes.all.len() {
        0 => "all is as declared".to_owned(),
        1 => "1 object".to_owned(),
        count => format!("{count} objects"),
    }
}
