//! `berth explain`: what a finding's code means, and the way out.

use berth_config::document::nearest;
use berth_finding::{Level, Rule};
use clap::Args;

use crate::console::Console;
use crate::exit::{Exit, Refusal};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// A code, such as DR-017; without it, all of them are listed
    code: Option<String>,
}

pub(crate) fn run(arguments: &Arguments, console: &mut Console) -> anyhow::Result<Exit> {
    let catalog = berth_plan::catalog();
    let Some(code) = &arguments.code else {
        let lines = catalog.rules().iter().map(|rule| {
            format!(
                "{:9}{:9}{}",
                rule.code.as_str(),
                rule.level.as_str(),
                rule.summary
            )
        });
        console.result(&lines.collect::<Vec<_>>().join("\n"))?;
        return Ok(Exit::Done);
    };
    let Some(rule) = catalog.lookup(code) else {
        let codes = catalog.rules().iter().map(|rule| rule.code.as_str());
        let hint = nearest(&code.to_uppercase(), codes).map_or_else(
            || "`berth explain` lists them".to_owned(),
            |near| format!("did you mean {near}?"),
        );
        return Err(Refusal::Usage(format!("there is no code {code}; {hint}")).into());
    };
    console.result(&page(rule))?;
    Ok(Exit::Done)
}

fn page(rule: &Rule) -> String {
    let prod = if rule.prod_level == rule.level {
        String::new()
    } else {
        format!(", {} under --profile prod", rule.prod_level)
    };
    format!(
        "{}: {}\n{}{prod}\n\n{}",
        rule.code,
        rule.summary,
        article(rule.level),
        rule.explain.trim()
    )
}

const fn article(level: Level) -> &'static str {
    match level {
        Level::Error => "an error",
        Level::Warning => "a warning",
        Level::Info => "a remark",
    }
}
