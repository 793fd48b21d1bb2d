//! Golden files of what a host gets, one a sample: `BLESS=1` writes them anew; a change to one is a decision.

use std::fmt::Write as _;

use berth_plan::native::Native;

use crate::on_host;
use crate::scene::{Canaries, golden, samples};

const FOLDER: &str = "/etc/berth";

/// Findings as comments, then the files.
fn text(native: &Native) -> String {
    let mut text = String::new();
    for finding in &native.findings {
        let field = finding.field.as_deref().unwrap_or_default();
        let (level, code, message) = (finding.level, finding.code, &finding.message);
        writeln!(text, "# {level} {code} {field}: {message}").unwrap();
    }
    for file in &native.files {
        let mode = if file.is_secret { "0600" } else { "0644" };
        writeln!(text, "==> {} ({mode}) <==\n{}", file.name, file.text).unwrap();
    }
    text
}

#[test]
fn every_sample_becomes_what_its_golden_file_says() {
    golden("tests/golden/native", "txt", |documents| {
        text(&on_host(documents, FOLDER, &Canaries))
    });
}

#[test]
fn the_same_documents_become_the_same_bytes() {
    for (name, documents) in samples() {
        let once = text(&on_host(&documents, FOLDER, &Canaries));
        assert_eq!(once, text(&on_host(&documents, FOLDER, &Canaries)), "{name}");
    }
}
