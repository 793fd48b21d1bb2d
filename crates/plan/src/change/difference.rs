use berth_config::value::{Parse as _, Quantity};
use serde_json::{Map, Value as Json};

use super::lines::{Line, lines};
use super::merge_keys::keyed;
use super::normal::normalised;
use super::path::Path;
use super::secrecy::{Secrecy, masked};

/// A field that changes.
#[derive(Clone, PartialEq, Debug)]
pub struct FieldChange {
    /// Where it stands: `spec.containers[registry].image`.
    pub path: String,
    /// What may be shown of it.
    pub shown: Shown,
}

/// What may be shown of a field that changes.
#[derive(Clone, PartialEq, Debug)]
pub enum Shown {
    /// It comes, with this value.
    Added(Json),
    /// It goes; this was its value.
    Removed(Json),
    /// It becomes another.
    Changed {
        /// What it was.
        before: Json,
        /// What it will be.
        after: Json,
    },
    /// A text of several lines becomes another.
    Lines(Vec<Line>),
    /// Its value is secret, or may be.
    Hidden(Presence),
}

/// What happens to a field whose value isn't shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Presence {
    /// It comes.
    Added,
    /// It goes.
    Removed,
    /// It becomes another.
    Changed,
}

/// Fields whose values are quantities: `1000m` and `1` are the same.
const QUANTITIES: [&str; 7] = [
    "limits",
    "requests",
    "capacity",
    "hard",
    "sizeLimit",
    "averageValue",
    "storage",
];

/// The fields in which two states of an object differ, in the order of their paths. Secrets are told, not shown.
pub fn difference(live: &Json, after: &Json) -> Vec<FieldChange> {
    compared(live, after, Secrecy::of(after))
}

pub(super) fn compared(live: &Json, after: &Json, secrecy: Secrecy) -> Vec<FieldChange> {
    let mut comparison = Comparison {
        secrecy,
        of_declared_alone: false,
        changes: Vec::new(),
    };
    comparison.values(&Path::default(), &normalised(live), &normalised(after));
    comparison.changes
}

/// The same where only what `declared` says counts: what it leaves out is left to the server.
pub(super) fn of_declared(live: &Json, declared: &Json, secrecy: Secrecy) -> Vec<FieldChange> {
    let mut comparison = Comparison {
        secrecy,
        of_declared_alone: true,
        changes: Vec::new(),
    };
    comparison.values(&Path::default(), &normalised(live), &normalised(declared));
    comparison.changes
}

struct Comparison {
    secrecy: Secrecy,
    of_declared_alone: bool,
    changes: Vec<FieldChange>,
}

impl Comparison {
    fn values(&mut self, path: &Path, before: &Json, after: &Json) {
        if before == after {
            return;
        }
        match (before, after) {
            (Json::Object(before), Json::Object(after)) => self.maps(path, before, after),
            (Json::Array(before), Json::Array(after)) => self.lists(path, before, after),
            _ if is_same_quantity(path, before, after) => {}
            _ => self.tell(path, Some(before), Some(after)),
        }
    }

    fn maps(&mut self, path: &Path, before: &Map<String, Json>, after: &Map<String, Json>) {
        let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
        names.sort();
        names.dedup();
        for name in names {
            self.pair(&path.field(name), before.get(name), after.get(name));
        }
    }

    fn lists(&mut self, path: &Path, before: &[Json], after: &[Json]) {
        let field = path.last_field();
        if let (Some(before), Some(after)) = (keyed(field, before), keyed(field, after)) {
            let find = |items: &[(String, &Json)], key: &str| {
                let found = items.iter().find(|(there, _)| there == key);
                found.map(|(_, item)| (*item).clone())
            };
            for (key, item) in &before {
                self.pair(&path.item(key), Some(item), find(&after, key).as_ref());
            }
            for (key, item) in after.iter().filter(|(key, _)| find(&before, key).is_none()) {
                self.pair(&path.item(key), None, Some(item));
            }
            return;
        }
        let is_plain = |items: &[Json]| items.iter().all(|item| !item.is_object() && !item.is_array());
        if is_plain(before) && is_plain(after) {
            let (before, after) = (Json::Array(before.to_vec()), Json::Array(after.to_vec()));
            self.tell(path, Some(&before), Some(&after));
            return;
        }
        for index in 0..before.len().max(after.len()) {
            self.pair(
                &path.item(&index.to_string()),
                before.get(index),
                after.get(index),
            );
        }
    }

    fn pair(&mut self, path: &Path, before: Option<&Json>, after: Option<&Json>) {
        match (before, after) {
            (Some(before), Some(after)) => self.values(path, before, after),
            (Some(_), None) if self.of_declared_alone => {}
            (None | Some(_), None) | (None, Some(_)) => self.tell(path, before, after),
        }
    }

    fn tell(&mut self, path: &Path, before: Option<&Json>, after: Option<&Json>) {
        let (whole, comes) = match (before, after) {
            (None, Some(whole)) => (whole, true),
            (Some(whole), None) => (whole, false),
            _ => return self.leaf(path, before, after),
        };
        // What comes or goes whole is told leaf by leaf: each has a secrecy of its own.
        let Some(parts) = parts(path, whole) else {
            return self.leaf(path, before, after);
        };
        for (path, part) in parts {
            let (before, after) = if comes {
                (None, Some(part))
            } else {
                (Some(part), None)
            };
            self.tell(&path, before, after);
        }
    }

    fn leaf(&mut self, path: &Path, before: Option<&Json>, after: Option<&Json>) {
        if let Some(shown) = self.shown(path, before, after) {
            let path = path.to_string();
            self.changes.push(FieldChange { path, shown });
        }
    }

    fn shown(&self, path: &Path, before: Option<&Json>, after: Option<&Json>) -> Option<Shown> {
        let presence = match (before, after) {
            (None, Some(_)) => Presence::Added,
            (Some(_), None) => Presence::Removed,
            (Some(_), Some(_)) => Presence::Changed,
            (None, None) => return None,
        };
        let hides = self.secrecy.hides(path) || (self.secrecy.hides_before() && before.is_some());
        if hides {
            return Some(Shown::Hidden(presence));
        }
        if let Some(lines) = text_lines(before, after) {
            return Some(Shown::Lines(lines));
        }
        let before = before.map(without_secrets);
        let after = after.map(without_secrets);
        Some(match (before, after) {
            // What differs is what is masked.
            (Some(before), Some(after)) if before == after => Shown::Hidden(Presence::Changed),
            (Some(before), Some(after)) => Shown::Changed { before, after },
            (Some(before), None) => Shown::Removed(before),
            (_, after) => Shown::Added(after.unwrap_or_default()),
        })
    }
}

/// What a map, or a list of maps, is made of; `None` for what is shown whole.
fn parts<'a>(path: &Path, whole: &'a Json) -> Option<Vec<(Path, &'a Json)>> {
    match whole {
        Json::Object(fields) if !fields.is_empty() => {
            let parts = fields.iter().map(|(name, value)| (path.field(name), value));
            Some(parts.collect())
        }
        Json::Array(items) if items.iter().any(Json::is_object) => {
            if let Some(keyed) = keyed(path.last_field(), items) {
                return Some(
                    keyed
                        .into_iter()
                        .map(|(key, item)| (path.item(&key), item))
                        .collect(),
                );
            }
            let items = items.iter().enumerate();
            Some(
                items
                    .map(|(index, item)| (path.item(&index.to_string()), item))
                    .collect(),
            )
        }
        _ => None,
    }
}

/// The lines of a text that changes, comes or goes, where it has several.
fn text_lines(before: Option<&Json>, after: Option<&Json>) -> Option<Vec<Line>> {
    let text = |value: Option<&Json>| match value {
        None => Some(String::new()),
        Some(Json::String(text)) => Some(text.clone()),
        Some(_) => None,
    };
    let (before, after) = (text(before)?, text(after)?);
    if !before.trim_end().contains('\n') && !after.trim_end().contains('\n') {
        return None;
    }
    let masked = lines(&before, &after).into_iter().map(|line| match line {
        Line::Same(text) => Line::Same(masked(&text)),
        Line::Removed(text) => Line::Removed(masked(&text)),
        Line::Added(text) => Line::Added(masked(&text)),
        omitted @ Line::Omitted(_) => omitted,
    });
    Some(masked.collect())
}

fn without_secrets(value: &Json) -> Json {
    match value {
        Json::String(text) => Json::String(masked(text)),
        Json::Array(items) => Json::Array(items.iter().map(without_secrets).collect()),
        Json::Object(fields) => {
            let fields = fields.iter();
            Json::Object(
                fields
                    .map(|(key, value)| (key.clone(), without_secrets(value)))
                    .collect(),
            )
        }
        value => value.clone(),
    }
}

fn is_same_quantity(path: &Path, before: &Json, after: &Json) -> bool {
    let names = path.names();
    if !names.iter().rev().take(2).any(|name| QUANTITIES.contains(name)) {
        return false;
    }
    let amount = |value: &Json| {
        let text = match value {
            Json::String(text) => text.clone(),
            Json::Number(number) => number.to_string(),
            _ => return None,
        };
        Quantity::parse(&text).ok().map(Quantity::millicores)
    };
    amount(before).is_some_and(|before| amount(after) == Some(before))
}

#[cfg(test)]
mod tests;
