use std::fmt::Write as _;

use serde_json::Value as Json;

use super::difference::{FieldChange, Shown};
use super::file::presence_word;
use super::impact::{Impact, Restart};
use super::lines::Line;
use super::plan_of_changes::{Action, Change, Plan};
use crate::object::Stage;

/// The colours of a terminal, or none.
#[derive(Clone, Copy)]
struct Palette {
    color: bool,
}

const GREEN: &str = "32";
const YELLOW: &str = "33";
const RED: &str = "31";
const BOLD: &str = "1";
const DIM: &str = "2";

/// The plan for a person: what is to be done and why, by stages; what stays as it is is only counted.
pub fn to_text(plan: &Plan, color: bool) -> String {
    let palette = Palette { color };
    let mut text = String::new();
    let mut head = "";
    let stays = |change: &&Change| matches!(change.action, Action::Keep { .. });
    let (last, first): (Vec<&Change>, Vec<&Change>) = plan.changes.iter().partition(stays);
    for change in first.into_iter().chain(last) {
        let own = heading(change);
        if own.is_empty() {
            continue;
        }
        if own != head {
            let _ = writeln!(text, "{}", palette.paint(own, BOLD));
            head = own;
        }
        one(change, palette, &mut text);
    }
    totals(plan, palette, &mut text);
    text
}

/// Under which head a change stands; empty for what isn't shown.
fn heading(change: &Change) -> &'static str {
    match &change.action {
        Action::Keep { because: None } => "",
        Action::Keep { .. } => "Stays though nothing declares it",
        Action::Delete { .. } => "Goes",
        _ => stage(change.stage),
    }
}

const fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Namespace => "Namespaces",
        Stage::Access => "Accounts and rights",
        Stage::Configuration => "Secrets and configuration",
        Stage::Storage => "Volumes",
        Stage::Datastore => "Datastores",
        Stage::Migration => "Migrations",
        Stage::Workload => "Workloads",
        Stage::Service => "Services",
        Stage::Exposure => "Ways in",
        Stage::Policy => "Bounds",
        Stage::Monitoring => "Monitoring",
    }
}

fn one(change: &Change, palette: Palette, text: &mut String) {
    let (symbol, paint) = match change.action {
        Action::Create => ("+", GREEN),
        Action::Update { .. } => ("~", YELLOW),
        Action::Replace { .. } => ("-/+", RED),
        Action::Delete { .. } => ("-", RED),
        Action::Keep { .. } => ("=", DIM),
        Action::Refused { .. } => ("!", RED),
    };
    let _ = writeln!(
        text,
        "  {} {}{}",
        palette.paint(symbol, paint),
        plain(&change.key.to_string()),
        why(change)
    );
    if let Action::Refused { help, .. } = &change.action {
        let _ = writeln!(text, "      help: {}", plain(help));
    }
    for impact in &change.impacts {
        let _ = writeln!(text, "      {}", palette.paint(&plain(&impact.to_string()), BOLD));
    }
    for note in &change.notes {
        let _ = writeln!(text, "      {}", plain(note));
    }
    if let Action::Update { fields } | Action::Replace { fields, .. } = &change.action {
        for field in fields {
            of_field(field, palette, text);
        }
    }
}

fn why(change: &Change) -> String {
    match &change.action {
        Action::Replace { because, .. } => format!(": replaced because {}", plain(because)),
        Action::Delete { because }
        | Action::Keep {
            because: Some(because),
        }
        | Action::Refused { because, .. } => {
            format!(": {}", plain(because))
        }
        Action::Create | Action::Update { .. } | Action::Keep { because: None } => String::new(),
    }
}

fn of_field(field: &FieldChange, palette: Palette, text: &mut String) {
    let path = plain(&field.path);
    let _ = match &field.shown {
        Shown::Added(after) => writeln!(
            text,
            "      {} {path}: {}",
            palette.paint("+", GREEN),
            value(after)
        ),
        Shown::Removed(before) => writeln!(
            text,
            "      {} {path}: {}",
            palette.paint("-", RED),
            value(before)
        ),
        Shown::Changed { before, after } => {
            let symbol = palette.paint("~", YELLOW);
            writeln!(
                text,
                "      {symbol} {path}: {} -> {}",
                value(before),
                value(after)
            )
        }
        Shown::Hidden(presence) => {
            let word = presence_word(*presence);
            writeln!(
                text,
                "      {} {path}: {word}, not shown",
                palette.paint("~", YELLOW)
            )
        }
        Shown::Lines(lines) => {
            let _ = writeln!(text, "      {} {path}:", palette.paint("~", YELLOW));
            for line in lines {
                let _ = writeln!(text, "        {}", of_line(line, palette));
            }
            Ok(())
        }
    };
}

fn of_line(line: &Line, palette: Palette) -> String {
    match line {
        Line::Same(line) => format!("  {}", plain(line)),
        Line::Removed(line) => palette.paint(&format!("- {}", plain(line)), RED),
        Line::Added(line) => palette.paint(&format!("+ {}", plain(line)), GREEN),
        Line::Omitted(count) => palette.paint(&format!("  ({count} lines as before)"), DIM),
    }
}

fn totals(plan: &Plan, palette: Palette, text: &mut String) {
    let totals = plan.totals();
    if plan.is_empty() {
        let _ = writeln!(text, "Nothing to do: {} as declared.", objects(totals.kept));
        return;
    }
    let parts = [
        (totals.created, "to create"),
        (totals.updated, "to update"),
        (totals.replaced, "to replace"),
        (totals.deleted, "to delete"),
        (totals.refused, "refused"),
    ];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    let line = format!("{}; {} as declared.", parts.join(", "), objects(totals.kept));
    let _ = writeln!(text, "{}", palette.paint(&line, BOLD));
    if let Some(line) = touched(plan) {
        let _ = writeln!(text, "{line}");
    }
}

/// What restarts and what data is touched, counted.
fn touched(plan: &Plan) -> Option<String> {
    let impacts = || plan.changes.iter().flat_map(|change| &change.impacts);
    let restarted: i64 = impacts()
        .map(|impact| match impact {
            Impact::Restart(Restart { pods, .. }) => *pods,
            _ => 0,
        })
        .sum();
    let is_down = impacts().any(|impact| matches!(impact, Impact::Restart(Restart { is_down: true, .. })));
    let data = impacts()
        .filter(|impact| matches!(impact, Impact::Data(_)))
        .count();
    let mut parts = Vec::new();
    if restarted > 0 {
        let how = if is_down { ", with downtime" } else { "" };
        parts.push(format!("restarts {restarted} pod{}{how}", plural(restarted)));
    }
    if data > 0 {
        parts.push(format!(
            "touches data of {data} object{}",
            plural(i64::try_from(data).unwrap_or(2))
        ));
    }
    (!parts.is_empty()).then(|| format!("It {}.", parts.join(" and ")))
}

fn objects(count: usize) -> String {
    format!("{count} object{}", if count == 1 { " is" } else { "s are" })
}

const fn plural(count: i64) -> &'static str {
    if count == 1 { "" } else { "s" }
}

fn value(json: &Json) -> String {
    plain(&json.to_string())
}

/// What a cluster says may hold anything, and must not move the cursor.
fn plain(text: &str) -> String {
    text.replace(char::is_control, "\u{fffd}")
}

impl Palette {
    fn paint(self, text: &str, code: &str) -> String {
        if self.color {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}
