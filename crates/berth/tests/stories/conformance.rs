//! The conformance suites of the distribution specification, with users on and every optional switch.
#![expect(clippy::print_stdout, reason = "prints counts, and what is skipped")]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

use berth_drive::{Server, program, quickstart};

use crate::start::{berth_program, folder};

const USER: &str = "conformance";
const PASSWORD: &str = "correct horse";

/// What the suite leaves off unless it is told, in one version or in both.
const SWITCHES: [&str; 6] = [
    "OCI_API_BLOBS_DIGEST_HEADER",
    "OCI_API_BLOBS_MOUNT_ANONYMOUS",
    "OCI_API_BLOBS_UPLOAD_CANCEL",
    "OCI_API_MANIFESTS_DIGEST_HEADER",
    "OCI_API_MANIFESTS_TAG_PARAM",
    "OCI_DATA_SPARSE",
];

/// All that the suite says of a claim.
const VERDICTS: [&str; 6] = ["Pass", "FAIL", "Skip", "Disabled", "Error", "Unknown"];

/// What the older suite leaves out: it has four pairs of claims of which only one can hold (a mount is made or isn't;
/// content was pushed or was there before).
const ALTERNATIVES: &str = "| 4 Skipped";

/// How many claims pass at least: a run of fewer wasn't whole.
const LEAST_PASSED: usize = 1_000;

#[test]
fn every_claim_of_the_suite_for_1_1_passes_with_every_switch_on() {
    suite("1.1");
}

#[test]
fn every_claim_of_the_suite_for_dev_passes_with_every_switch_on() {
    suite("dev");
}

#[test]
fn every_claim_of_the_older_suite_passes() {
    let Some(program) = std::env::var_os("BERTH_CONFORMANCE_111") else {
        println!("SKIPPED: BERTH_CONFORMANCE_111 names no test binary of the suite of v1.1.1");
        return;
    };
    let scene = folder();
    let server = with_users(scene.path());
    let told = told(
        &Command::new(program)
            .current_dir(scene.path())
            .env("OCI_ROOT_URL", format!("http://{}", server.address()))
            .env("OCI_NAMESPACE", "conformance/first")
            .env("OCI_CROSSMOUNT_NAMESPACE", "conformance/second")
            .env("OCI_USERNAME", USER)
            .env("OCI_PASSWORD", PASSWORD)
            .envs(
                ["PULL", "PUSH", "CONTENT_DISCOVERY", "CONTENT_MANAGEMENT"]
                    .map(|area| (format!("OCI_TEST_{area}"), "1")),
            )
            .env("OCI_HIDE_SKIPPED_WORKFLOWS", "0")
            .env("OCI_AUTOMATIC_CROSSMOUNT", "1")
            .env("NO_COLOR", "1")
            .env("OCI_REPORT_DIR", scene.path())
            .env("OCI_DEBUG", "0")
            .output()
            .unwrap(),
    );
    let told = without_colours(&told);
    let counts = told.lines().find(|line| line.contains(" Passed"));
    println!("conformance 1.1.1: {}", counts.unwrap_or("no counts"));
    let wanted = ["| 0 Failed", "| 0 Pending", ALTERNATIVES];
    let clean = counts.is_some_and(|counts| wanted.iter().all(|wanted| counts.contains(wanted)));
    assert!(clean, "{told}");
}

/// The report without escape sequences, which that suite prints off a terminal too.
fn without_colours(text: &str) -> String {
    let mut parts = text.split('\x1b');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |whole, part| {
        whole + part.split_once('m').map_or(part, |(_, rest)| rest)
    })
}

fn suite(version: &str) {
    let Some(suite) = program("conformance", "conformance") else {
        return;
    };
    let scene = folder();
    let server = with_users(scene.path());
    let output = Command::new(suite)
        .current_dir(scene.path())
        .env("OCI_VERSION", version)
        .env("OCI_REGISTRY", server.address().to_string())
        .env("OCI_TLS", "disabled")
        .env("OCI_USERNAME", USER)
        .env("OCI_PASSWORD", PASSWORD)
        .env("OCI_RESULTS_DIR", scene.path().join("results"))
        .envs(SWITCHES.map(|switch| (switch, "true")))
        .output()
        .unwrap();
    let told = told(&output);
    let counts = counts(&told);
    println!("conformance {version}: {counts:?}");
    let others: Vec<&str> = told
        .lines()
        .filter(|line| verdict(line).is_some_and(|verdict| verdict != "Pass"))
        .collect();
    assert!(
        output.status.success() && others.is_empty(),
        "{others:#?}\n{told}"
    );
    for (verdict, count) in &counts {
        assert!(
            ["Pass", "Total"].contains(verdict) || *count == 0,
            "{counts:?}\n{told}"
        );
    }
    let passed = counts.get("Pass").copied().unwrap_or_default();
    assert!(passed >= LEAST_PASSED, "{counts:?}\n{told}");
}

/// Berth with htpasswd, deletes, and manifests that may name what isn't there.
fn with_users(folder: &Path) -> Server {
    let users = folder.join("users");
    let hash = bcrypt::hash(PASSWORD, 4).unwrap();
    std::fs::write(&users, format!("{USER}:{hash}\n")).unwrap();
    let auth = format!("auth: {{scheme: basic, htpasswd: {{path: {}}}}}", users.display());
    let document = quickstart(&folder.join("data"))
        .replace("auth: {enabled: false}", &auth)
        .replace(
            "storage: {",
            "validation: {disabled: true}\n  storage: {delete: {enabled: true}, ",
        );
    Server::berth(berth_program(), folder, &document).unwrap()
}

fn told(output: &Output) -> String {
    let told = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
    told.concat()
}

/// The table of how many claims came to what.
fn counts(report: &str) -> BTreeMap<&str, usize> {
    let rows = report.lines().filter_map(|line| {
        let (name, number) = line.split_once("..")?;
        let number = number.trim_start_matches('.').strip_prefix(':')?;
        VERDICTS
            .contains(&name.trim())
            .then_some((name.trim(), number.trim().parse().ok()?))
    });
    rows.collect()
}

/// What a line says of a claim, an endpoint or a kind of content.
fn verdict(line: &str) -> Option<&str> {
    let (_, verdict) = line.rsplit_once(": ")?;
    VERDICTS.contains(&verdict.trim()).then_some(verdict.trim())
}
