use serde_json::{Map, Value, json};

use crate::{Catalog, Finding, Level, Location, Place, Report};

/// The report as a SARIF 2.1.0 log with one run. `catalog` describes the codes that occur, `version`
/// is that of the program.
pub fn to_sarif(report: &Report, catalog: &Catalog, version: &str) -> Value {
    let results: Vec<Value> = report.findings().iter().map(result).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "berth", "version": version, "rules": rules(report, catalog)}},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn rules(report: &Report, catalog: &Catalog) -> Vec<Value> {
    let mut codes: Vec<_> = report.findings().iter().map(|finding| finding.code).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
        .into_iter()
        .map(|code| match catalog.lookup(code.as_str()) {
            Some(rule) => json!({
                "id": code,
                "shortDescription": {"text": rule.summary},
                "fullDescription": {"text": rule.explain},
                "defaultConfiguration": {"level": level(rule.level)},
            }),
            None => json!({"id": code}),
        })
        .collect()
}

fn result(finding: &Finding) -> Value {
    let text = match &finding.help {
        Some(help) => format!("{}\n{help}", finding.message),
        None => finding.message.clone(),
    };
    let mut result = Map::new();
    result.insert("ruleId".to_owned(), finding.code.as_str().into());
    result.insert("level".to_owned(), level(finding.level).into());
    result.insert("message".to_owned(), json!({"text": text}));
    if let Some(found) = &finding.location {
        result.insert("locations".to_owned(), json!([location(found)]));
    }
    Value::Object(result)
}

const fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "note",
    }
}

fn location(location: &Location) -> Value {
    let artifact = json!({"uri": uri(&location.file)});
    match &location.place {
        Place::Whole => json!({"physicalLocation": {"artifactLocation": artifact}}),
        Place::Span(span) => json!({"physicalLocation": {
            "artifactLocation": artifact,
            "region": {
                "startLine": span.line,
                "startColumn": span.column,
                "endLine": span.end_line,
                "endColumn": span.end_column,
            },
        }}),
        Place::Attribute(path) => json!({
            "physicalLocation": {"artifactLocation": artifact},
            "logicalLocations": [{"fullyQualifiedName": path, "kind": "member"}],
        }),
    }
}

/// A relative file name as a URI reference: what RFC 3986 doesn't allow in a path is escaped.
fn uri(file: &str) -> String {
    use std::fmt::Write;
    let mut uri = String::with_capacity(file.len());
    for byte in file.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' => {
                uri.push(char::from(byte));
            }
            _ => {
                // Writing to a string doesn't fail.
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Rule;

    #[test]
    fn a_log_names_the_version_the_rules_and_the_places() {
        let catalog = Catalog::new([Rule::error("K-014", "unknown field", "spelling")]);
        let log = to_sarif(&crate::render::example(), &catalog, "1.2.3");
        assert_eq!(log["version"], "2.1.0");
        let run = &log["runs"][0];
        assert_eq!(run["tool"]["driver"]["version"], "1.2.3");
        assert_eq!(
            run["tool"]["driver"]["rules"][2]["shortDescription"]["text"],
            "unknown field"
        );
        let place = &run["results"][2]["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "berth.yaml");
        assert_eq!(place["region"]["startLine"], 5);
        assert_eq!(run["results"][0]["level"], "note");
    }

    #[test]
    fn a_file_name_with_a_space_is_a_valid_uri() {
        assert_eq!(uri("my docs/a#b.yaml"), "my%20docs/a%23b.yaml");
    }
}
