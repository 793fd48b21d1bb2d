//! Reading documents: every fault in one run, each at its place.

use std::fmt::Write;

use berth_config::document::{Format, MAX_SOURCE_BYTES, Source, read};
use berth_config::rules::{Profile, Target, check};
use berth_finding::{Level, Place, Report, to_json, to_text};

fn source(name: &str, text: &str, format: Format) -> Source {
    Source {
        name: name.to_owned(),
        bytes: text.into(),
        format,
    }
}

fn yaml(text: &str) -> Source {
    source("berth.yaml", text, Format::Yaml)
}

fn report(sources: &[Source]) -> Report {
    check(&read(sources), Profile::Dev, &Target::Local)
}

/// Code, line and column of each finding of a level, in order.
fn places(report: &Report, level: Level) -> Vec<(&str, usize, usize)> {
    let place = |finding: &berth_finding::Finding| match finding.location.as_ref()?.place {
        Place::Span(span) => Some((span.line, span.column)),
        _ => None,
    };
    let of_level = report.findings().iter().filter(|finding| finding.level == level);
    of_level
        .map(|finding| {
            let (line, column) = place(finding).unwrap_or_default();
            (finding.code.as_str(), line, column)
        })
        .collect()
}

const GOOD: &str = "apiVersion: berth.dev/v1\nkind: DockerRegistry\nmetadata: {name: local}\n";

#[test]
fn ten_mistakes_give_ten_findings_at_the_right_places() {
    let text = "\
apiVersion: berth.dev/v1
kind: DockerRegistry
metadata:
  name: local
spec:
  versoin: \"2.8\"
  replicas: three
  storage:
    driver: filesystm
    filesystem:
      maxthreads: 0
  http:
    addr: 5000
    net: tcp
    net: tcp
  log: {level: warning}
  resources:
    limits: {memory: 512MB}
---
apiVersion: berth.dev/v2
kind: HarborRegistery
metadata: {name: harbor}
---
apiVersion: berth.dev/v1
kind: ImageRetentionPolicy
spec:
  schedule: \"0 2 * *\"
";
    let report = report(&[yaml(text)]);
    let expected = [
        ("K-014", 6, 3),
        ("K-014", 7, 13),
        ("DR-001", 9, 13),
        ("DR-019", 11, 19),
        ("K-014", 13, 11),
        ("K-014", 15, 5),
        ("DR-044", 16, 16),
        ("K-004", 18, 22),
        ("DOC-006", 20, 13),
        ("DOC-007", 21, 7),
        ("DOC-008", 24, 1),
        ("K-016", 27, 13),
    ];
    assert_eq!(
        places(&report, Level::Error),
        expected,
        "{}",
        to_text(&report, false)
    );
    let helps: Vec<_> = report
        .findings()
        .iter()
        .filter_map(|f| f.help.as_deref())
        .collect();
    for near in [
        "`version`",
        "`filesystem`",
        "`warn`",
        "`512Mi`",
        "`HarborRegistry`",
    ] {
        assert!(
            helps.iter().any(|help| help.contains(near)),
            "{near} in {helps:#?}"
        );
    }
}

#[test]
fn quotes_are_to_be_left_out_only_where_that_helps() {
    for (spec, help) in [
        ("{auth: {enabled: \"true\"}}", Some("leave out the quotes")),
        ("{replicas: \"3\"}", Some("leave out the quotes")),
        ("{auth: {enabled: yes}}", Some("write `true`")),
        ("{auth: {enabled: maybe}}", None),
        ("{replicas: three}", None),
    ] {
        let report = report(&[yaml(&format!("{GOOD}spec: {spec}\n"))]);
        let found = report
            .findings()
            .iter()
            .find(|found| found.code.as_str() == "K-014");
        assert_eq!(found.unwrap().help.as_deref(), help, "{spec}");
    }
}

#[test]
fn the_source_line_is_shown_and_marked() {
    let text = format!("{GOOD}spec:\n  replicas: three\n");
    let text = to_text(&report(&[yaml(&text)]), false);
    assert!(
        text.contains("5 |   replicas: three\n  |             ^^^^^"),
        "{text}"
    );
}

#[test]
fn documents_after_a_broken_one_are_read() {
    let text = format!("a: [1, 2\n---\n{GOOD}---\nb: 'open\n");
    let documents = read(&[yaml(&text)]);
    assert_eq!(documents.documents.len(), 1);
    let codes: Vec<_> = documents
        .findings
        .iter()
        .map(|finding| finding.code.as_str())
        .collect();
    assert_eq!(codes, ["DOC-003", "DOC-003"]);
}

#[test]
fn json_is_read_with_places_also_when_tabs_indent_it() {
    let text = "{\n\t\"apiVersion\": \"berth.dev/v1\",\n\t\"kind\": \"DockerRegistry\",\n\
                \t\"metadata\": {\"name\": \"a\"},\n\t\"spec\": {\"replicas\": \"1\", \"http\": {\"addr\": \":5000\\u0000\"}}\n}\n";
    let json = report(&[source("berth.json", text, Format::Json)]);
    assert_eq!(places(&json, Level::Error), [("K-014", 5, 23), ("DR-024", 5, 45)]);
    let broken = source("berth.json", "{\"a\": 1,}", Format::Json);
    assert_eq!(places(&report(&[broken]), Level::Error), [("DOC-003", 1, 9)]);
}

#[test]
fn a_list_holds_documents() {
    let text = "\
apiVersion: v1
kind: List
items:
- apiVersion: berth.dev/v1
  kind: DockerRegistry
  metadata: {name: a}
- apiVersion: berth.dev/v1
  kind: ImageScanPolicy
  metadata: {name: b}
  spec: {scaning: {}}
";
    let documents = read(&[yaml(text)]);
    assert_eq!(documents.documents.len(), 2);
    assert_eq!(documents.findings[0].field.as_deref(), Some("scaning"));
}

#[test]
fn two_documents_of_the_same_kind_and_name_are_one_too_many() {
    let text = format!(
        "{GOOD}---\n{GOOD}---\n{}",
        GOOD.replace("DockerRegistry", "HarborRegistry")
    );
    let report = report(&[yaml(&text), source("other.yaml", GOOD, Format::Yaml)]);
    let found: Vec<_> = report
        .findings()
        .iter()
        .filter(|f| f.code.as_str() == "DOC-009")
        .collect();
    let places: Vec<_> = found
        .iter()
        .map(|f| f.location.as_ref().unwrap().to_string())
        .collect();
    assert_eq!(places, ["berth.yaml:7:12", "other.yaml:3:12"]);
    assert!(found[0].help.as_ref().unwrap().contains("berth.yaml:3:12"));
}

#[test]
fn bad_utf_8_is_told_with_its_place() {
    let mut bytes = b"apiVersion: berth.dev/v1\nkind: \xc3\xa4".to_vec();
    bytes.push(0xff);
    let source = Source {
        name: "a.yaml".to_owned(),
        bytes,
        format: Format::Yaml,
    };
    assert_eq!(places(&report(&[source]), Level::Error), [("DOC-002", 2, 8)]);
}

#[test]
fn a_file_over_the_limit_is_refused_unread() {
    let text = "#".repeat(MAX_SOURCE_BYTES + 1);
    let report = report(&[yaml(&text)]);
    assert_eq!(report.findings()[0].code.as_str(), "DOC-004");
    assert_eq!(report.findings().len(), 1);
}

#[test]
fn an_alias_bomb_is_bounded() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let before = format!("*a{}, ", level - 1).repeat(10);
        let _ = writeln!(text, "a{level}: &a{level} [{}]", before.trim_end_matches(", "));
    }
    let _ = write!(text, "---\n{GOOD}");
    let documents = read(&[yaml(&text)]);
    assert_eq!(documents.findings[0].code.as_str(), "DOC-005");
    assert_eq!(documents.documents.len(), 1, "the next document is read");
}

#[test]
fn deep_nesting_and_an_alias_to_itself_are_refused() {
    for text in ["[".repeat(100_000), "{a: ".repeat(100_000), "&a [*a]".to_owned()] {
        let documents = read(&[yaml(&text)]);
        assert!(!documents.findings.is_empty());
    }
}

#[test]
fn anchors_and_merge_keys_are_understood() {
    let text = format!(
        "{GOOD}spec:\n  resources:\n    limits: &amounts {{cpu: \"2\", memory: 1Gi}}\n    \
         requests: {{<<: *amounts, cpu: \"1\"}}\n"
    );
    let documents = read(&[yaml(&text)]);
    assert_eq!(documents.findings, []);
    let berth_config::Spec::DockerRegistry(registry) = &documents.documents[0].spec else {
        panic!("a registry was declared")
    };
    assert_eq!(registry.resources.requests.cpu.text(), "1");
    assert_eq!(registry.resources.requests.memory.text(), "1Gi");
}

#[test]
fn text_is_never_silently_a_number_or_a_boolean() {
    let spec = "spec:\n  version: 2.10\n  replicas: \"2\"\n  storage: {s3: {secure: yes}}\n";
    let report = report(&[yaml(&format!("{GOOD}{spec}"))]);
    let expected = [("K-014", 5, 12), ("K-014", 6, 13), ("K-014", 7, 26)];
    assert_eq!(places(&report, Level::Error), expected);
}

#[test]
fn null_is_the_same_as_not_given() {
    let text = format!("{GOOD}spec:\n  name:\n  replicas: ~\n  storage: null\n  proxy: null\n");
    let documents = read(&[yaml(&text)]);
    assert_eq!(documents.findings, []);
    assert_eq!(documents.documents[0].base_name, "local");
    assert!(!documents.documents[0].is_set("replicas"));
}

#[test]
fn a_value_equal_to_its_default_counts_as_not_set() {
    let text = format!(
        "{GOOD}spec:\n  replicas: 1\n  storage: {{driver: s3, s3: {{enabled: false}}}}\n  \
         log: {{level: debug}}\n"
    );
    let documents = read(&[yaml(&text)]);
    let document = &documents.documents[0];
    for (path, set) in [
        ("replicas", false),
        ("storage.s3.enabled", false),
        ("storage.s3", false),
        ("storage.driver", true),
        ("storage", true),
        ("log.level", true),
        ("log.format", false),
    ] {
        assert_eq!(document.is_set(path), set, "{path}");
    }
}

#[test]
fn what_a_cluster_adds_to_an_object_is_let_pass() {
    let text = "\
apiVersion: berth.dev/v1
kind: DockerRegistry
metadata: {name: a, uid: 1-2, resourceVersion: \"7\", generation: 1, managedFields: [{manager: x}]}
status: {phase: Ready}
";
    assert_eq!(read(&[yaml(text)]).findings, []);
}

#[test]
fn many_faults_are_bounded_and_counted() {
    let mut text = format!("{GOOD}spec:\n");
    for index in 0..5000 {
        let _ = writeln!(text, "  nonsense{index}: 1");
    }
    let report = report(&[yaml(&text)]);
    let of_rules = |code: &str| code.starts_with("DR-");
    let read = report
        .findings()
        .iter()
        .filter(|found| !of_rules(found.code.as_str()));
    assert_eq!(read.count(), 201);
    assert!(
        report
            .findings()
            .iter()
            .any(|f| f.message.contains("4800 more faults"))
    );
}

#[test]
fn an_empty_file_says_so() {
    for text in ["", "# only a comment\n", "---\n"] {
        let report = report(&[yaml(text)]);
        assert_eq!(places(&report, Level::Error).len(), 1, "{text:?}");
    }
}

#[test]
fn the_json_of_a_finding_has_file_line_and_column() {
    let json = to_json(&report(&[yaml(&format!("{GOOD}spec:\n  replicas: three\n"))]));
    let findings = json["findings"].as_array().expect("a list");
    let finding = findings
        .iter()
        .find(|finding| finding["code"] == "K-014")
        .expect("a wrong type");
    assert_eq!(
        (finding["line"].as_u64(), finding["column"].as_u64()),
        (Some(5), Some(13))
    );
    assert_eq!(finding["file"], "berth.yaml");
    assert_eq!(finding["document"], "DockerRegistry/local");
    assert_eq!(finding["field"], "replicas");
}

#[test]
fn many_broken_documents_and_endless_names_are_told_in_bounds() {
    for text in ["---\na: [\n".repeat(2000), "---\nkind: x\n".repeat(2000)] {
        let report = report(&[yaml(&text)]);
        assert_eq!(report.findings().len(), 201);
    }
    let endless = "a".repeat(100_000);
    let text = format!("{GOOD}spec: {{version: {endless}, {endless}: x, log: {{level: {endless}}}}}\n");
    let report = report(&[yaml(&text)]);
    assert!(to_text(&report, false).len() < 20_000 && report.has_errors());
}
