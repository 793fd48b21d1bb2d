//! Judges of what a host gets: systemd's own of units, and Compose's own schema.

use std::path::PathBuf;
use std::process::Command;

use berth_drive::{needed, program};

use crate::on_host;
use crate::scene::{Canaries, samples};

/// Prints a line for each fault of a file by a schema, both given by their paths.
const JUDGE: &str = "
import json, sys, jsonschema, yaml
schema = json.load(open(sys.argv[1]))
check = jsonschema.validators.validator_for(schema)(schema)
for path in sys.argv[2:]:
    for fault in check.iter_errors(yaml.safe_load(open(path))):
        print(path, list(fault.absolute_path), fault.message)
";

/// The Python that has a judge by schemas: `cargo xtask test` makes it.
#[expect(clippy::print_stdout, reason = "this says that a test was skipped")]
fn python() -> Option<PathBuf> {
    let home = || Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache"));
    let cache = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(home)?;
    let python = cache.join("berth/kubernetes-validate/bin/python");
    if python.is_file() {
        return Some(python);
    }
    assert!(
        std::env::var_os("CI").is_none(),
        "the judge by schemas is not installed, and CI skips no test"
    );
    println!("SKIPPED: the judge by schemas is not installed");
    None
}

/// What Compose's schema says of files, a line a fault.
fn compose_says(texts: &[String]) -> Option<String> {
    let schema = program("compose-schema", "compose-spec.json")?;
    let python = python()?;
    let folder = tempfile::tempdir().unwrap();
    let paths = texts.iter().enumerate().map(|(index, text)| {
        let path = folder.path().join(format!("{index}.yaml"));
        std::fs::write(&path, text).unwrap();
        path
    });
    let paths: Vec<PathBuf> = paths.collect();
    let output = Command::new(python)
        .args(["-c", JUDGE])
        .arg(schema)
        .args(paths)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn every_file_for_compose_is_valid_by_its_own_schema() {
    let mut texts = Vec::new();
    for (_, documents) in samples() {
        let files = on_host(&documents, "/etc/berth", &Canaries).files;
        let files = files
            .into_iter()
            .filter(|file| file.name.ends_with("/compose.yaml"));
        texts.extend(files.map(|file| file.text));
    }
    assert!(texts.len() >= 6, "only {} files", texts.len());
    let Some(faults) = compose_says(&texts) else {
        return;
    };
    assert!(faults.is_empty(), "{faults}");
    texts[0] = texts[0].replace("cap_drop:", "cap_dropped:");
    let faults = compose_says(&texts).unwrap();
    assert!(
        faults.contains("cap_dropped"),
        "a field that isn't there is not seen: {faults}"
    );
}

#[test]
fn systemd_takes_every_unit() {
    let Some(judge) = needed("systemd-analyze") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let mut units = Vec::new();
    for (name, documents) in samples() {
        for file in on_host(&documents, "/etc/berth", &Canaries).files {
            if file.name.ends_with(".service") {
                let path = folder.path().join(format!("{name}-{}.service", units.len()));
                // The program need not be installed where this test runs.
                let text = file
                    .text
                    .replace("ExecStart=/usr/local/bin/berth", "ExecStart=/bin/true");
                std::fs::write(
                    &path,
                    text.replace("ExecStart=/usr/bin/docker-registry", "ExecStart=/bin/true"),
                )
                .unwrap();
                units.push(path);
            }
        }
    }
    assert!(units.len() >= 6, "only {} units", units.len());
    let output = Command::new(judge)
        .arg("verify")
        .args(["--man=no"])
        .args(&units)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let about: Vec<&str> = said.lines().filter(|line| line.contains("service:")).collect();
    assert!(output.status.success() && about.is_empty(), "{said}");
}
