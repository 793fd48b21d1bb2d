//! `kubeconform`, with the strict schemas of each version of Kubernetes, and those of the custom resource definitions
//! that clusters get: those of the Prometheus operator and of the Gateway API.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use berth_drive::{Recipe, program, python};
use berth_plan::object::Object;
use berth_plan::output::to_yaml_stream;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::scene::{rendered, samples};

/// All versions that have schemas, from the first that Berth renders for.
const MINORS: std::ops::RangeInclusive<u32> = 26..=37;
/// Kinds that only custom resource definitions know.
const CUSTOM: [&str; 3] = ["ServiceMonitor", "PrometheusRule", "HTTPRoute"];

struct Judge {
    program: PathBuf,
    python: PathBuf,
    folder: TempDir,
}

/// What `kubeconform` says of a folder.
struct Verdict {
    valid: u64,
    faults: Vec<String>,
}

impl Judge {
    /// `None`, after saying so, where a part of it is missing.
    fn new() -> Option<Self> {
        Some(Self {
            program: program("kubeconform", "kubeconform")?,
            python: python("kubernetes-validate", "python")?,
            folder: tempfile::tempdir().unwrap(),
        })
    }

    /// Lays out the schemas of kinds for versions.
    fn lay_out(&self, kinds: &BTreeSet<String>, minors: impl Iterator<Item = u32>) {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/judges/kubeconform.py");
        program("definitions", "monitoring.coreos.com_servicemonitors.yaml").unwrap();
        let asked = json!({
            "to": self.folder.path().join("schemas"),
            "kinds": kinds,
            "definitions": Recipe::named("definitions").unwrap().folder(),
            "versions": minors.map(|minor| format!("1.{minor}")).collect::<Vec<_>>(),
        });
        let mut child = Command::new(&self.python)
            .arg(script)
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = child.stdin.take().unwrap();
        input.write_all(asked.to_string().as_bytes()).unwrap();
        drop(input);
        assert!(child.wait().unwrap().success(), "the schemas can't be laid out");
    }

    /// Judges the files of a folder by the schemas of a version.
    fn judge(&self, minor: u32, files: &Path) -> Verdict {
        let schemas = self.folder.path().join(format!("schemas/1.{minor}"));
        let output = Command::new(&self.program)
            .args(["-strict", "-summary", "-output", "json", "-schema-location"])
            .arg(format!(
                "{}/{{{{.ResourceKind}}}}{{{{.KindSuffix}}}}.json",
                schemas.display()
            ))
            .arg(files)
            .output()
            .unwrap();
        let said: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(said["summary"]["skipped"], 0, "objects without a schema");
        let faults = said["resources"].as_array().unwrap();
        Verdict {
            valid: said["summary"]["valid"].as_u64().unwrap(),
            faults: faults
                .iter()
                .map(|fault| format!("{} {}: {}", fault["kind"], fault["name"], fault["msg"]))
                .collect(),
        }
    }
}

/// The file of the schema of an object's kind: `deployment-apps-v1`.
fn schema_of(object: &Object) -> String {
    let json = object.to_json();
    let api_version = json["apiVersion"].as_str().unwrap();
    let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
    let group = group.split('.').next().unwrap_or_default();
    let kind = object.kind().to_lowercase();
    if group.is_empty() {
        format!("{kind}-{version}")
    } else {
        format!("{kind}-{group}-{version}")
    }
}

#[test]
fn every_example_renders_valid_by_the_strict_schemas_of_each_version_of_kubernetes() {
    let Some(judge) = Judge::new() else { return };
    let (mut kinds, mut seen, mut counts) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    let files = judge.folder.path().join("rendered");
    let samples = samples();
    for minor in MINORS {
        let folder = files.join(minor.to_string());
        fs::create_dir_all(&folder).unwrap();
        let mut count = 0;
        for (name, documents) in &samples {
            let objects = rendered(documents, minor).objects;
            count += objects.len() as u64;
            kinds.extend(objects.iter().map(schema_of));
            seen.extend(objects.iter().map(Object::kind));
            if !objects.is_empty() {
                fs::write(folder.join(format!("{name}.yaml")), to_yaml_stream(&objects)).unwrap();
            }
        }
        counts.push((minor, count));
    }
    assert!(
        CUSTOM.iter().all(|kind| seen.contains(kind)),
        "a custom resource is in no sample"
    );
    judge.lay_out(&kinds, MINORS);
    let mut judged = 0;
    for (minor, count) in counts {
        let verdict = judge.judge(minor, &files.join(minor.to_string()));
        assert!(verdict.faults.is_empty(), "1.{minor}: {:#?}", verdict.faults);
        assert_eq!(verdict.valid, count, "1.{minor}");
        judged += count;
    }
    println!(
        "kubeconform: {judged} objects of {} samples, {} versions",
        samples.len(),
        MINORS.count()
    );
}

#[test]
fn a_field_that_no_schema_knows_is_seen_in_each_custom_resource_and_in_kubernetes_own() {
    let Some(judge) = Judge::new() else { return };
    let spoilt: Vec<(String, Value)> = samples()
        .iter()
        .flat_map(|(_, documents)| {
            rendered(documents, 31)
                .objects
                .iter()
                .cloned()
                .collect::<Vec<_>>()
        })
        .filter(|object| CUSTOM.contains(&object.kind()) || object.kind() == "Deployment")
        .map(|object| {
            let mut json = object.to_json();
            json["spec"]["unheardOf"] = json!(1);
            (schema_of(&object), json)
        })
        .collect();
    judge.lay_out(
        &spoilt.iter().map(|(kind, _)| kind.clone()).collect(),
        [31].into_iter(),
    );
    let file = judge.folder.path().join("spoilt.json");
    let items: Vec<_> = spoilt.into_iter().map(|(_, json)| json).collect();
    fs::write(
        &file,
        json!({"apiVersion": "v1", "kind": "List", "items": items}).to_string(),
    )
    .unwrap();
    let verdict = judge.judge(31, &file);
    assert_eq!(
        (verdict.valid, verdict.faults.len()),
        (0, items.len()),
        "{:#?}",
        verdict.faults
    );
}
