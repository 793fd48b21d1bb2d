//! Golden files of what is rendered, one a sample: `BLESS=1` writes them anew; a change to one is a decision.

use std::fmt::Write as _;

use berth_plan::output::to_yaml_stream;
use berth_plan::render::Rendered;

use crate::scene::{golden, rendered, samples};

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
    golden("tests/golden", "yaml", |documents| text(&rendered(documents, 31)));
}

#[test]
fn the_same_documents_render_to_the_same_bytes() {
    for (name, documents) in samples() {
        let once = to_yaml_stream(&rendered(&documents, 31).objects);
        let again = to_yaml_stream(&rendered(&documents, 31).objects);
        assert_eq!(once, again, "{name}");
    }
}
