//! Golden files of what is rendered, one a sample: `BLESS=1` writes them anew; a change to one is a decision.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use berth_plan::output::to_yaml_stream;
use berth_plan::render::Rendered;

use crate::scene::{rendered, samples};

/// Findings as comments, then the objects.
fn text(rendered: &Rendered) -> String {
    let mut text = String::new();
    for finding in &rendered.findings {
        let field = finding.field.as_deref().unwrap_or_default();
        let (level, code, message) = (finding.level, finding.code, &finding.message);
        writeln!(text, "# {level} {code} {field}: {message}").unwrap();
    }
    text + &to_yaml_stream(&rendered.objects)
}

#[test]
fn every_sample_renders_as_its_golden_file_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut changed = Vec::new();
    for (name, documents) in samples() {
        let text = text(&rendered(&documents, 31));
        let path = folder.join(format!("{name}.yaml"));
        if fs::read_to_string(&path).is_ok_and(|there| there == text) {
            continue;
        }
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, text).unwrap();
        } else {
            changed.push(name);
        }
    }
    assert!(
        changed.is_empty(),
        "rendered otherwise than before: {}",
        changed.join(", ")
    );
}

#[test]
fn the_same_documents_render_to_the_same_bytes() {
    for (name, documents) in samples() {
        let once = to_yaml_stream(&rendered(&documents, 31).objects);
        let again = to_yaml_stream(&rendered(&documents, 31).objects);
        assert_eq!(once, again, "{name}");
    }
}
