//! Each code of reading documents, firing and not firing.

use berth_config::document::{Format, Source, read};
use berth_config::rules::{Profile, Target, check};
use berth_finding::{Finding, Level};

const GOOD: &str = "apiVersion: berth.dev/v1\nkind: DockerRegistry\nmetadata: {name: local}\n";

fn findings(text: &str, code: &str, profile: Profile) -> Vec<Finding> {
    let source = Source {
        name: "berth.yaml".to_owned(),
        bytes: text.into(),
        format: Format::Yaml,
    };
    let report = check(&read(&[source]), profile, &Target::Local);
    let of_code = report
        .findings()
        .iter()
        .filter(|finding| finding.code.as_str() == code);
    of_code.cloned().collect()
}

/// The help of the one finding with this code.
fn help(text: &str, code: &str) -> String {
    let found = findings(text, code, Profile::Dev);
    assert_eq!(found.len(), 1, "{code} in {text}");
    found[0].help.clone().unwrap_or_default()
}

fn is_silent(text: &str, code: &str) -> bool {
    findings(text, code, Profile::Prod).is_empty()
}

#[test]
fn doc_006_the_api_version_is_known() {
    assert!(help("kind: DockerRegistry\nmetadata: {name: a}\n", "DOC-006").contains("berth.dev/v1"));
    assert!(help(&GOOD.replace("/v1", "/v2"), "DOC-006").contains("berth.dev/v1"));
    assert!(is_silent(GOOD, "DOC-006"));
}

#[test]
fn doc_007_the_kind_is_known() {
    for (wrong, near) in [
        ("DockerRegistri", "`DockerRegistry`"),
        ("Harbor", "`HarborRegistry`"),
        ("mkImageScanPolicy", "`ImageScanPolicy`"),
        ("RBACPolicy", "`RegistryAccess`"),
        ("Banana", "one of DockerRegistry"),
        ("[a]", "one of DockerRegistry"),
    ] {
        let help = help(&GOOD.replace("DockerRegistry", wrong), "DOC-007");
        assert!(help.contains(near), "{wrong}: {help}");
    }
    assert!(help("apiVersion: berth.dev/v1\n", "DOC-007").contains("one of DockerRegistry"));
    assert!(is_silent(GOOD, "DOC-007"));
}

#[test]
fn doc_008_a_document_has_a_name() {
    for metadata in [
        "",
        "metadata: {}\n",
        "metadata: {name: ''}\n",
        "metadata: {name: ~}\n",
    ] {
        let text = GOOD.replace("metadata: {name: local}\n", metadata);
        assert!(help(&text, "DOC-008").contains("metadata.name"), "{metadata}");
    }
    assert!(is_silent(GOOD, "DOC-008"));
}

#[test]
fn doc_010_something_else_is_no_document() {
    for text in ["a", "- a\n", "1", "kind: List\nitems: a\n"] {
        assert_eq!(findings(text, "DOC-010", Profile::Dev).len(), 1, "{text}");
    }
    assert!(is_silent(GOOD, "DOC-010"));
}

#[test]
fn doc_011_a_number_is_within_its_range() {
    let text = |age: i64| format!("{GOOD}spec: {{terminationGracePeriodSeconds: {age}}}\n");
    assert_eq!(help(&text(-1), "DOC-011"), "a number from 0 to 86400");
    assert!(is_silent(&text(30), "DOC-011"));
}

#[test]
fn doc_012_a_text_has_the_form_of_its_field() {
    let text = |drain: &str| format!("{GOOD}spec: {{http: {{draintimeout: {drain}}}}}\n");
    assert_eq!(help(&text("7d"), "DOC-012"), "write 168h");
    assert!(is_silent(&text("168h"), "DOC-012"));
}

#[test]
fn doc_015_one_namespace_is_meant() {
    let text = |outer: &str| GOOD.replace("name: local", &format!("name: local, namespace: {outer}"));
    assert!(help(&text("other"), "DOC-015").contains("`spec.namespace` wins"));
    assert!(is_silent(&text("registry"), "DOC-015"));
    assert!(is_silent(GOOD, "DOC-015"));
}

#[test]
fn doc_016_a_policy_names_registries_that_are_declared() {
    let text = |name: &str| {
        format!(
            "{GOOD}---\napiVersion: berth.dev/v1\nkind: ImageRetentionPolicy\nmetadata: {{name: p}}\n\
             spec: {{registries: [{name}]}}\n"
        )
    };
    assert_eq!(help(&text("locl"), "DOC-016"), "did you mean `local`?");
    assert!(is_silent(&text("local"), "DOC-016"));
    let levels = [Profile::Dev, Profile::Prod].map(|profile| {
        findings(&text("other"), "DOC-016", profile)
            .first()
            .map(|finding| finding.level)
    });
    assert_eq!(levels, [Some(Level::Warning), Some(Level::Error)]);
}
