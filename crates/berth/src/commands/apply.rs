//! `berth apply`: makes a cluster what documents say, or what a plan file says.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use berth_config::value::Parse as _;
use berth_plan::change::{FILE_FORMAT, stale};
use clap::Args;
use serde_json::Value as Json;

use crate::cli::{ClusterArguments, Profile};
use crate::console::Console;
use crate::deploy::{self, Answer, How, Planned, Wish};
use crate::exit::{Exit, Refusal};
use crate::lifecycle::Interrupt;

const HELP: &str = "\
It plans, shows the plan, and asks. What is planned is done in order, stage by stage; what left the declaration goes last.
Volume claims and made-once secrets never go unless --also names them. A plan file is refused when its documents or the
cluster have moved since. Interrupted or failed in part, running it again continues.";

#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct Arguments {
    /// Documents as for the other commands, or one plan file
    #[arg(value_name = "PLANFILE | DOCS")]
    sources: Vec<PathBuf>,
    #[command(flatten)]
    cluster: ClusterArguments,
    #[command(flatten)]
    going: GoingArguments,
    /// Take over what others own
    #[arg(long)]
    adopt: bool,
    /// Delete or replace this volume claim or made-once Secret too, where it comes to that
    #[arg(long, value_name = "NAME")]
    also: Vec<String>,
    /// Make secrets anew that Berth made: admin, database, pull or token, or those of one document: token:NAME
    #[arg(long, value_name = "WHAT")]
    rotate: Vec<String>,
    /// How strict the rules are
    #[arg(long, value_enum, default_value_t)]
    profile: Profile,
}

/// How a plan is carried out.
#[derive(Clone, Debug, Args)]
pub(crate) struct GoingArguments {
    /// Don't ask
    #[arg(long, short)]
    pub(crate) yes: bool,
    /// How long each stage may take to become ready
    #[arg(long, value_name = "DURATION", default_value = "10m", value_parser = parse_duration)]
    pub(crate) timeout: Duration,
    /// Don't wait for readiness
    #[arg(long)]
    pub(crate) no_wait: bool,
}

/// A length of time as documents write it.
pub(super) fn parse_duration(text: &str) -> Result<Duration, String> {
    let parsed = berth_config::value::Duration::parse(text).map_err(|refused| refused.message)?;
    let nanoseconds = u64::try_from(parsed.nanoseconds()).map_err(|_| "it is too long".to_owned())?;
    Ok(Duration::from_nanos(nanoseconds))
}

impl GoingArguments {
    pub(crate) const fn how(&self, adopt: bool) -> How {
        How {
            timeout: self.timeout,
            waits: !self.no_wait,
            adopt,
        }
    }
}

pub(crate) fn run(arguments: &Arguments, console: &mut Console) -> anyhow::Result<Exit> {
    deploy::run(|interrupt| apply(arguments, interrupt, console))
}

async fn apply(
    arguments: &Arguments,
    mut interrupt: Interrupt,
    console: &mut Console,
) -> anyhow::Result<Exit> {
    let file = plan_file(&arguments.sources)?;
    let wish = wish(arguments, file.as_ref());
    let Some(planned) = interrupt.before(deploy::planned(&wish, console)).await else {
        return Ok(Exit::Interrupted);
    };
    let planned = planned?;
    deploy::refuse_another_s_inventory(&planned, &wish)?;
    if let Some(file) = &file {
        stale(file, &planned.file)
            .context("the plan is stale, and nothing was changed; `berth plan` makes a new one")?;
    }
    let how = arguments.going.how(wish.adopt);
    let yes = arguments.going.yes || file.is_some();
    go(planned, &how, yes, "apply this?", &mut interrupt, console).await
}

/// Shows the plan, asks, and carries it out.
pub(crate) async fn go(
    mut planned: Planned,
    how: &How,
    yes: bool,
    question: &str,
    interrupt: &mut Interrupt,
    console: &mut Console,
) -> anyhow::Result<Exit> {
    deploy::show(&planned, console)?;
    if planned.plan.refused().next().is_some() {
        let message = "the plan can't be carried out as things are; nothing was changed";
        return Err(Refusal::Failed(message.to_owned()).into());
    }
    if !yes && !planned.plan.is_empty() {
        if console.interactive() {
            match deploy::confirm(question, console, interrupt).await? {
                Answer::Yes => {}
                Answer::No => {
                    console.talk("nothing was changed");
                    return Ok(Exit::Failed);
                }
                Answer::Interrupted => return Ok(Exit::Interrupted),
            }
        } else if planned.plan.destroys() {
            let message =
                "something would be deleted or replaced, and nobody is there to ask; --yes allows it";
            return Err(Refusal::Usage(message.to_owned()).into());
        }
    }
    let (ending, outcomes) = deploy::carry_out(&mut planned, how, interrupt, console).await;
    deploy::tell(ending, &outcomes, console)
}

/// The plan file, where that is what was named.
fn plan_file(sources: &[PathBuf]) -> anyhow::Result<Option<Json>> {
    let [path] = sources else {
        return Ok(None);
    };
    if path.extension().is_none_or(|extension| extension != "json") || !path.is_file() {
        return Ok(None);
    }
    let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    // What is no JSON is judged with the documents.
    let json: Option<Json> = serde_json::from_str(&text).ok();
    let is_plan = |json: &Json| {
        json["format"]
            .as_str()
            .is_some_and(|format| format.starts_with(form()))
    };
    Ok(json.filter(is_plan))
}

/// What the forms of all plan files begin with.
fn form() -> &'static str {
    FILE_FORMAT.rsplit_once('/').map_or(FILE_FORMAT, |(form, _)| form)
}

fn wish(arguments: &Arguments, file: Option<&Json>) -> Wish {
    if let Some(file) = file {
        return Wish::of_file(file, &arguments.cluster);
    }
    Wish {
        profile: arguments.profile,
        adopt: arguments.adopt,
        also: arguments.also.clone(),
        rotate: arguments.rotate.clone(),
        ..Wish::of(&arguments.sources, &arguments.cluster)
    }
}
