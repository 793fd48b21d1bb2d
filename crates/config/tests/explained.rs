//! The examples in the texts of rules are right: they have no field that isn't known and no value that can't be read,
//! and what they show doesn't break the rule itself, remarks aside.

use berth_config::document::{Format, Source, read};
use berth_config::rules::{Profile, Target, catalog, check};
use berth_finding::Level;

/// The kind that the texts of a family speak of, or of one code whose example is of another kind.
fn kind_of(code: &str) -> Option<&'static str> {
    let kind = match code {
        "RT-008" => "DockerRegistry",
        "RP-015" | "RT-011" | "RT-013" => "HarborRegistry",
        "RT-014" => "ImageReplicationPolicy",
        "K-016" | "K-017" | "K-018" => "ImageRetentionPolicy",
        // Of several kinds, of `metadata`, or of a field that stands deeper.
        "K-001" | "K-004" | "K-008" | "K-011" | "K-012" | "K-015" | "K-019" | "K-020" | "K-028" => {
            return None;
        }
        _ => match code.split('-').next()? {
            "DR" | "K" => "DockerRegistry",
            "HB" => "HarborRegistry",
            "NX" => "NexusRegistry",
            "AF" => "ArtifactoryRegistry",
            "PS" => "ImagePullSecret",
            "SP" => "ImageScanPolicy",
            "RT" => "ImageRetentionPolicy",
            "RP" => "ImageReplicationPolicy",
            "IB" => "ImageBuildConfig",
            _ => return None,
        },
    };
    Some(kind)
}

/// The indented lines at the end of a text, as they would stand under `spec`; not where they are a whole document.
fn example(explain: &str) -> Option<String> {
    let (_, example) = explain
        .split_once("\n\n    ")
        .filter(|(_, example)| !example.contains("kind:"))?;
    let lines = example
        .lines()
        .map(|line| line.strip_prefix("    ").unwrap_or(line));
    Some(lines.fold(String::new(), |text, line| text + "  " + line + "\n"))
}

#[test]
fn the_examples_in_the_texts_of_rules_are_right() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for rule in catalog().rules() {
        let code = rule.code.as_str();
        let (Some(kind), Some(example)) = (kind_of(code), example(rule.explain)) else {
            continue;
        };
        count += 1;
        let text =
            format!("apiVersion: berth.dev/v1\nkind: {kind}\nmetadata: {{name: example}}\nspec:\n{example}");
        let source = Source {
            name: code.to_owned(),
            bytes: text.into_bytes(),
            format: Format::Yaml,
        };
        let documents = read(&[source]);
        let target = Target::Cluster {
            kubernetes: Some("1.29".to_owned()),
        };
        let report = check(&documents, Profile::Dev, &target);
        let own = report
            .findings()
            .iter()
            .filter(|finding| finding.code == rule.code && finding.level != Level::Info);
        for finding in documents.findings.iter().chain(own) {
            wrong.push(format!(
                "{code}: {} {} {:?}",
                finding.code, finding.message, finding.field
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 80, "the examples are not found any more");
}
