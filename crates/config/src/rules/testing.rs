//! What the tests of rules have in common: a few lines of YAML in, the codes that fire out.

use berth_finding::{Level, Report};

use super::{Profile, Target, check};
use crate::document::{Format, Source, read};

/// A document of a kind, named `local`, with these fields in YAML flow or block style (block lines
/// without indentation).
pub(crate) fn document(kind: &str, spec: &str) -> String {
    let mut text = format!("apiVersion: berth.dev/v1\nkind: {kind}\nmetadata: {{name: local}}\nspec:\n");
    for line in spec.lines() {
        text.push_str("  ");
        text.push_str(line);
        text.push('\n');
    }
    text
}

/// Checks YAML text.
pub(crate) fn report(yaml: &str, profile: Profile, target: &Target) -> Report {
    let source = Source {
        name: "berth.yaml".to_owned(),
        bytes: yaml.into(),
        format: Format::Yaml,
    };
    check(&read(&[source]), profile, target)
}

/// The cluster that tests speak of.
pub(crate) fn cluster() -> Target {
    Target::Cluster {
        kubernetes: Some("1.29".to_owned()),
    }
}

/// The lines of the findings with this code, for a document on a cluster in the dev profile.
pub(crate) fn lines(code: &str, kind: &str, spec: &str) -> Vec<usize> {
    lines_in(code, &document(kind, spec))
}

/// The lines of the findings with this code, for whole documents on a cluster in the dev profile.
pub(crate) fn lines_in(code: &str, yaml: &str) -> Vec<usize> {
    let report = report(yaml, Profile::Dev, &cluster());
    let line = |finding: &berth_finding::Finding| match &finding.location.as_ref()?.place {
        berth_finding::Place::Span(span) => Some(span.line),
        _ => None,
    };
    report
        .findings()
        .iter()
        .filter(|found| found.code.as_str() == code)
        .filter_map(line)
        .collect()
}

/// Whether a code fires for a document of a kind with these fields, on a cluster in the dev profile.
pub(crate) fn fires(code: &str, kind: &str, spec: &str) -> bool {
    !lines(code, kind, spec).is_empty()
}

/// Each of these fields makes the code fire.
pub(crate) fn each_fires(code: &str, kind: &str, specs: &[&str]) {
    for spec in specs {
        assert!(fires(code, kind, spec), "{code} is silent on: {spec}");
    }
}

/// None of these fields makes the code fire.
pub(crate) fn none_fires(code: &str, kind: &str, specs: &[&str]) {
    for spec in specs {
        assert!(!fires(code, kind, spec), "{code} fires on: {spec}");
    }
}

/// Whether a code fires under `--profile prod`.
pub(crate) fn fires_in_prod(code: &str, kind: &str, spec: &str) -> bool {
    level_in(code, &document(kind, spec), Profile::Prod, &cluster()).is_some()
}

/// Whether a code fires among documents (kind and fields each), on a cluster in the dev profile.
pub(crate) fn fires_on_cluster(code: &str, documents: &[(&str, &str)]) -> bool {
    level_in(code, &installation(documents), Profile::Dev, &cluster()).is_some()
}

/// Whether a code fires among documents for this machine, in the dev profile.
pub(crate) fn fires_among(code: &str, documents: &[(&str, &str)]) -> bool {
    level_among(code, documents).is_some()
}

/// The level at which a code fires among documents for this machine, in the dev profile.
pub(crate) fn level_among(code: &str, documents: &[(&str, &str)]) -> Option<Level> {
    level_in(code, &installation(documents), Profile::Dev, &Target::Local)
}

/// The heaviest level at which a code fires.
pub(crate) fn level_in(code: &str, yaml: &str, profile: Profile, target: &Target) -> Option<Level> {
    let report = report(yaml, profile, target);
    let found = report
        .findings()
        .iter()
        .filter(|found| found.code.as_str() == code);
    found.map(|found| found.level).min()
}

/// Documents with names of their own: `doc0`, `doc1`, ...
fn installation(documents: &[(&str, &str)]) -> String {
    let documents = documents.iter().enumerate();
    let texts = documents.map(|(index, (kind, spec))| {
        document(kind, spec).replace("{name: local}", &format!("{{name: doc{index}}}"))
    });
    texts.collect::<Vec<_>>().join("---\n")
}
