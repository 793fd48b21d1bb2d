//! Every rule that the documents alone can judge has a test that is named after it.

use std::fs;
use std::path::Path;

use berth_config::rules::catalog;
use berth_finding::Phase;

/// The text of all source files below a folder.
fn sources(folder: &Path) -> String {
    let entries = fs::read_dir(folder).expect("the folder can be read");
    let mut text = String::new();
    for entry in entries {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            text += &sources(&path);
        } else {
            text += &fs::read_to_string(&path).expect("the source can be read");
        }
    }
    text
}

#[test]
fn every_static_rule_has_a_test_named_after_it() {
    let sources = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules"));
    let catalog = catalog();
    // Reading documents, resolving them for `serve` and what is not applied yet have tests of their own.
    let elsewhere = |code: &str| {
        ["DOC-", "NY-", "SV-"]
            .iter()
            .any(|family| code.starts_with(family))
    };
    let rules = catalog
        .rules()
        .iter()
        .filter(|rule| !elsewhere(rule.code.as_str()));
    let untested: Vec<&str> = rules
        .filter(|rule| rule.phase == Phase::Static)
        .map(|rule| rule.code.as_str())
        .filter(|code| {
            let name = code.to_ascii_lowercase().replace('-', "_");
            !sources.contains(&format!("    #[test]\n    fn {name}_"))
        })
        .collect();
    assert!(
        untested.is_empty(),
        "no test is named after {}",
        untested.join(", ")
    );
}
