//! What the tests of this family have in common.

use berth_finding::Level;

use crate::rules::testing::{cluster, document, report};
use crate::rules::{Profile, testing};

const KIND: &str = "HarborRegistry";

/// Each of these fields makes the code fire.
pub(super) fn fires(code: &str, specs: &[&str]) {
    for spec in specs {
        assert!(testing::fires(code, KIND, spec), "{code} is silent on: {spec}");
    }
}

/// None of these fields makes the code fire.
pub(super) fn silent(code: &str, specs: &[&str]) {
    for spec in specs {
        assert!(!testing::fires(code, KIND, spec), "{code} fires on: {spec}");
    }
}

/// The level at which a code fires first, in the dev profile.
pub(super) fn level_of(code: &str, spec: &str) -> Option<Level> {
    level_under(code, spec, Profile::Dev)
}

fn level_under(code: &str, spec: &str, profile: Profile) -> Option<Level> {
    let report = report(&document(KIND, spec), profile, &cluster());
    let found = report.findings().iter().find(|found| found.code.as_str() == code);
    found.map(|found| found.level)
}

/// Whether a code fires for a registry and another document, of the kind and with the fields given.
pub(super) fn fires_with(code: &str, spec: &str, kind: &str, other: &str) -> bool {
    let yaml = format!("{}---\n{}", document(KIND, spec), document(kind, other));
    !testing::lines_in(code, &yaml).is_empty()
}
