//! Whatever the text: reading, judging, showing and sizing end, and never panic.

use berth_config::document::{Format, Source, read};
use berth_config::rules::{Profile, Target, check};
use berth_config::serve::{ServeOptions, plan};
use berth_config::show::{show, to_yaml};
use berth_config::sizing::{components, rule_of_thumb};
use berth_finding::{to_json, to_text};
use proptest::prelude::*;

fn survive(bytes: &[u8]) {
    for format in [Format::Yaml, Format::Json, Format::EvaluatedNix] {
        let source = Source {
            name: "any".to_owned(),
            bytes: bytes.to_vec(),
            format,
        };
        let documents = read(&[source]);
        let report = check(&documents, Profile::Prod, &Target::Cluster { kubernetes: None });
        let _ = (
            to_text(&report, true),
            to_json(&report),
            plan(&documents, &ServeOptions::default()),
        );
        for document in &documents.documents {
            let _ = (
                to_yaml(&show(document)),
                components(&document.spec),
                rule_of_thumb(document),
            );
        }
    }
}

/// A good document, some of whose lines are replaced, doubled, cut or moved.
fn mangled() -> impl Strategy<Value = String> {
    const GOOD: &str = include_str!("golden/builders/docker_registry.json");
    let lines: Vec<&str> = GOOD.lines().collect();
    let count = lines.len();
    let edit = (0..count, 0..5_u8, "[ -~]{0,12}");
    proptest::collection::vec(edit, 1..6).prop_map(move |edits| {
        let mut lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        for (at, sort, text) in edits {
            let at = at.min(lines.len() - 1);
            match sort {
                0 => lines[at] = text,
                1 => lines.insert(at, lines[at].clone()),
                2 => {
                    let half = lines[at].len() / 2;
                    lines[at].truncate(half);
                }
                3 => lines[at].push_str(&text),
                _ => lines[at] = lines[at].replace(['"', '{', ':'], &text),
            }
        }
        lines.join("\n")
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        survive(&bytes);
    }

    #[test]
    fn any_yaml_like_text_is_survived(text in "[a-z:{}\\[\\]&*|>!'\"# \\n\\t0-9-]{0,200}") {
        survive(text.as_bytes());
    }

    #[test]
    fn a_mangled_document_is_survived(text in mangled()) {
        survive(text.as_bytes());
        let document = format!("apiVersion: berth.dev/v1\nkind: DockerRegistry\nmetadata: {{name: a}}\nspec:\n{text}");
        survive(document.as_bytes());
    }
}
