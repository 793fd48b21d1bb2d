//! `berth check`.

use serde_json::{Value, json};

use crate::scene::{Run, Scene, document, quiet};

/// Ten mistakes of ten sorts, one a line where that can be.
const TEN: &str = r#"apiVersion: berth.dev/v1
kind: DockerRegistry
metadata: {name: local}
spec:
  replcas: 1
  storage:
    driver: filesystm
    filesystem: {maxthreads: 0}
  http:
    addr: 127.0.0.1
    net: tcp
    net: tcp
  auth: {enabled: maybe}
  resources:
    limits: {memory: 512MB}
---
apiVersion: berth.dev/v2
kind: ImageScanPolicy
metadata: {name: gate}
---
apiVersion: berth.dev/v1
kind: HarborRegistery
metadata: {name: harbor}
---
apiVersion: berth.dev/v1
kind: ImageRetentionPolicy
metadata: {name: cleanup}
spec: {repositories: ["**"], keepTagged: true, keepLatest: false, schedule: "0 2 * *"}
"#;

/// Where each of them stands.
const PLACES: [(&str, u64, u64); 10] = [
    ("K-014", 5, 3),
    ("DR-001", 7, 13),
    ("DR-019", 8, 30),
    ("DR-024", 10, 11),
    ("K-014", 12, 5),
    ("K-014", 13, 19),
    ("K-004", 15, 22),
    ("DOC-006", 17, 13),
    ("DOC-007", 22, 7),
    ("K-016", 28, 77),
];

/// Code, level, file, line and column of each finding.
fn findings(run: &Run) -> Vec<(String, String, String, u64, u64)> {
    let report = run.json();
    let findings = report["findings"].as_array().unwrap().iter();
    findings
        .map(|finding| {
            let text = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
            let number = |key: &str| finding[key].as_u64().unwrap_or_default();
            (
                text("code"),
                text("level"),
                text("file"),
                number("line"),
                number("column"),
            )
        })
        .collect()
}

fn codes(run: &Run, level: &str) -> Vec<String> {
    let found = findings(run).into_iter();
    found
        .filter(|(_, of, ..)| of == level)
        .map(|(code, ..)| code)
        .collect()
}

#[test]
fn ten_mistakes_in_one_file_are_ten_findings_at_their_places() {
    let scene = Scene::with(TEN);
    let run = scene.berth(&["check", "berth.yaml", "-o", "json"]);
    assert_eq!(run.code, Some(4), "{run}");
    let found: Vec<_> = findings(&run)
        .into_iter()
        .filter(|(_, level, ..)| level == "error")
        .map(|(code, _, file, line, column)| {
            assert_eq!(file, "berth.yaml");
            (code, line, column)
        })
        .collect();
    let expected = PLACES.map(|(code, line, column)| (code.to_owned(), line, column));
    assert_eq!(found, expected, "{run}");
}

#[test]
fn ten_mistakes_as_text_show_the_line_the_mark_and_the_nearest_name() {
    let run = Scene::with(TEN).berth(&["check", "berth.yaml"]);
    insta::assert_snapshot!("ten_mistakes_text", run);
}

#[test]
fn ten_mistakes_as_json_say_all_that_is_known() {
    let run = Scene::with(TEN).berth(&["check", "berth.yaml", "-o", "json"]);
    insta::assert_snapshot!("ten_mistakes_json", run);
}

#[test]
fn ten_mistakes_as_sarif_have_rules_and_regions() {
    let run = Scene::with(TEN).berth(&["check", "berth.yaml", "-o", "sarif"]);
    assert_eq!(run.code, Some(4), "{run}");
    let sarif = run.json();
    assert_eq!(sarif["version"], "2.1.0");
    assert_eq!(sarif["runs"][0]["tool"]["driver"]["name"], "berth");
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let errors = results.iter().filter(|result| result["level"] == "error");
    let found: Vec<_> = errors.map(region).collect();
    assert_eq!(
        found,
        PLACES.map(|(code, line, column)| json!([code, "berth.yaml", line, column]))
    );
    let rules = sarif["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    for (code, ..) in PLACES {
        assert!(rules.iter().any(|rule| rule["id"] == code), "{code}");
    }
}

fn region(result: &Value) -> Value {
    let place = &result["locations"][0]["physicalLocation"];
    json!([
        result["ruleId"],
        place["artifactLocation"]["uri"],
        place["region"]["startLine"],
        place["region"]["startColumn"]
    ])
}

#[test]
fn nothing_to_say_is_said_on_the_standard_error() {
    let run = Scene::with(&quiet("local")).berth(&["check", "berth.yaml"]);
    insta::assert_snapshot!(run, @r"
    exit: 0
    --- stderr
    documents: 1, nothing to say
    ");
    let run = Scene::with(&quiet("local")).berth(&["check", "-o", "json"]);
    let nothing = json!({"findings": [], "summary": {"errors": 0, "warnings": 0, "infos": 0}});
    assert_eq!((run.json(), run.stderr.as_str()), (nothing, ""));
}

/// A registry whose passwords would travel in the clear: a warning, and nothing worse.
const WARNED: &str = "{auth: {scheme: basic, htpasswd: {path: /etc/users}}}";

#[test]
fn warnings_alone_exit_0_and_2_only_where_that_was_asked_for() {
    let scene = Scene::with(&document("DockerRegistry", "local", WARNED));
    let run = scene.berth(&["check", "-o", "json"]);
    assert_eq!((run.code, codes(&run, "error")), (Some(0), vec![]), "{run}");
    assert_eq!(codes(&run, "warning"), ["DR-030"]);
    assert_eq!(scene.berth(&["check", "--exit-code"]).code, Some(2));
}

#[test]
fn exit_code_leaves_errors_at_4_and_nothing_at_0() {
    assert_eq!(Scene::with(TEN).berth(&["check", "--exit-code"]).code, Some(4));
    assert_eq!(
        Scene::with(&quiet("local")).berth(&["check", "--exit-code"]).code,
        Some(0)
    );
}

#[test]
fn the_profile_prod_makes_an_error_of_what_can_t_work_as_written() {
    let scene = Scene::with(&document("NexusRegistry", "artifacts", "{replicas: 2}"));
    let dev = scene.berth(&["check", "-o", "json"]);
    assert_eq!((dev.code, codes(&dev, "error")), (Some(0), vec![]), "{dev}");
    assert!(codes(&dev, "warning").contains(&"NX-001".to_owned()), "{dev}");
    let prod = scene.berth(&["check", "-o", "json", "--profile", "prod"]);
    assert_eq!(prod.code, Some(4));
    assert!(codes(&prod, "error").contains(&"NX-001".to_owned()), "{prod}");
}

/// What `explain` lists as an error of the profile prod alone is what `check` makes one. Milder cases of a rule exist.
#[test]
fn no_level_of_either_profile_is_above_what_explain_tells() {
    let catalog = berth_plan::catalog();
    let scene = Scene::with(&document("ArtifactoryRegistry", "builds", "{}"));
    let mut raised = 0;
    for (profile, prod) in [("dev", false), ("prod", true)] {
        let run = scene.berth(&["check", "-o", "json", "--profile", profile]);
        for (code, level, ..) in findings(&run) {
            let rule = catalog.lookup(&code).unwrap();
            let told = if prod { rule.prod_level } else { rule.level };
            let is_above = level == "error" && told.as_str() != "error";
            assert!(!is_above, "{code} with --profile {profile}");
            raised += usize::from(level == "error" && rule.level.as_str() != "error");
        }
    }
    assert!(raised > 0);
}

#[test]
fn a_version_of_kubernetes_brings_the_rules_of_clusters() {
    let scene = Scene::with(&quiet("local"));
    assert_eq!(findings(&scene.berth(&["check", "-o", "json"])), []);
    let run = scene.berth(&["check", "-o", "json", "--kubernetes", "1.31"]);
    assert_eq!((run.code, codes(&run, "error")), (Some(0), vec![]), "{run}");
    let warnings = codes(&run, "warning");
    for code in ["DR-016", "DR-024"] {
        assert!(warnings.contains(&code.to_owned()), "{code}: {run}");
    }
}

#[test]
fn a_later_version_of_kubernetes_is_a_warning_and_an_early_one_an_error() {
    let scene = Scene::with(&quiet("local"));
    let later = scene.berth(&["check", "-o", "json", "--kubernetes", "1.35"]);
    assert!(codes(&later, "warning").contains(&"K-011".to_owned()), "{later}");
    let early = scene.berth(&["check", "-o", "json", "--kubernetes", "v1.25.3"]);
    assert_eq!(
        (early.code, codes(&early, "error")),
        (Some(4), vec!["K-011".to_owned()])
    );
}

#[test]
fn what_is_no_version_of_kubernetes_is_wrong_usage() {
    let run = Scene::with(&quiet("local")).berth(&["check", "--kubernetes", "latest"]);
    insta::assert_snapshot!(run, @r"
    exit: 64
    --- stderr
    error: invalid value 'latest' for '--kubernetes <VERSION>': no version of Kubernetes; such as 1.31

    For more information, try '--help'.
    ");
}
