//! The table of extension fields: what Berth knows beyond the builders' documentation.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::Kind;
use crate::section::{Layer, Shape, ValueType};

/// All extension fields of all kinds as Markdown: one table a kind, with path, type and meaning.
/// What registries have in common stands in a table of its own.
pub fn extension_table() -> String {
    let all: Vec<(Kind, Vec<Row>)> = Kind::ALL.iter().map(|kind| (*kind, rows(*kind))).collect();
    let common = common(&all);
    let mut text = String::from(
        "# Extension fields\n\nFields beside the builders' own, named as the products name them. Each is \
         absent unless it is given. Made by `cargo xtask generate` from the types.\n",
    );
    table(&mut text, "Every registry", common.iter());
    for (kind, rows) in &all {
        let own = rows
            .iter()
            .filter(|row| !kind.is_registry() || !common.contains(*row));
        table(&mut text, kind.as_str(), own);
    }
    text
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    path: String,
    value: String,
    meaning: String,
}

fn rows(kind: Kind) -> Vec<Row> {
    let mut rows = Vec::new();
    collect(kind.shape(), "", false, &mut rows);
    rows
}

fn collect(shape: &Shape, prefix: &str, within: bool, rows: &mut Vec<Row>) {
    for field in shape.fields {
        let path = if prefix.is_empty() {
            field.name.to_owned()
        } else {
            format!("{prefix}.{}", field.name)
        };
        let is_extension = within || field.layer == Layer::Extension;
        if is_extension {
            rows.push(Row {
                path: path.clone(),
                value: name(&field.value),
                meaning: field.meaning(),
            });
        }
        match &field.value {
            ValueType::Section(shape) => collect(shape, &path, is_extension, rows),
            ValueType::List(ValueType::Section(shape)) => {
                collect(shape, &format!("{path}[]"), is_extension, rows);
            }
            _ => {}
        }
    }
}

/// What all four registries have.
fn common(all: &[(Kind, Vec<Row>)]) -> BTreeSet<Row> {
    let mut sets = all
        .iter()
        .filter(|(kind, _)| kind.is_registry())
        .map(|(_, rows)| rows.iter().cloned().collect::<BTreeSet<_>>());
    let first = sets.next().unwrap_or_default();
    sets.fold(first, |common, set| common.intersection(&set).cloned().collect())
}

fn table<'a>(text: &mut String, title: &str, rows: impl Iterator<Item = &'a Row>) {
    // Writing to a string doesn't fail.
    let _ = write!(
        text,
        "\n## {title}\n\n| field | type | meaning |\n|---|---|---|\n"
    );
    for Row { path, value, meaning } in rows {
        let _ = writeln!(text, "| `{path}` | {value} | {} |", meaning.replace('|', "\\|"));
    }
}

fn name(value: &ValueType) -> String {
    match value {
        ValueType::Boolean => "true or false".to_owned(),
        ValueType::Integer => "whole number".to_owned(),
        ValueType::Text {
            choices: [], what, ..
        } => what.replace('|', "\\|"),
        ValueType::Text { choices, .. } => choices.join(", "),
        ValueType::Secret => "secret".to_owned(),
        ValueType::Private => "text, never shown".to_owned(),
        ValueType::Exemption => "exemption".to_owned(),
        ValueType::List(value) => format!("list: {}", name(value)),
        ValueType::Map(value) => format!("map: {}", name(value)),
        ValueType::Section(_) => "fields".to_owned(),
        ValueType::Free => "anything".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_extension_fields_and_no_core_fields() {
        let table = extension_table();
        assert!(
            table.contains("| `storage.s3.regionendpoint` | text |"),
            "{table}"
        );
        assert!(table.contains("| `exposure.ingress.host` |"));
        assert!(table.contains("| `notifications.endpoints[].url` |"));
        assert!(!table.contains("| `storage.s3.bucket` |"));
        assert_eq!(table.matches("| `exposure.ingress.host` |").count(), 1);
    }
}
