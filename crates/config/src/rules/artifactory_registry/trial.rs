//! What the tests of this family have in common.

use berth_finding::Level;

use crate::rules::testing::{cluster, document, report};
use crate::rules::{Profile, testing};

const KIND: &str = "ArtifactoryRegistry";

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

/// The level at which a code fires first, under `--profile prod`.
pub(super) fn level_in_prod(code: &str, spec: &str) -> Option<Level> {
    level_under(code, spec, Profile::Prod)
}

fn level_under(code: &str, spec: &str, profile: Profile) -> Option<Level> {
    let report = report(&document(KIND, spec), profile, &cluster());
    let found = report.findings().iter().find(|found| found.code.as_str() == code);
    found.map(|found| found.level)
}
