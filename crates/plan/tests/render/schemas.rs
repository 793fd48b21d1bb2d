//! Every object is valid by the strict schemas of each version of Kubernetes.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use berth_drive::python;
use berth_plan::output::{to_json_list, to_yaml_stream};
use serde_json::{Value, json};

use crate::scene::{rendered, samples};

/// The versions that are rendered for here: the oldest, that of the framework's builders, and the newest. The judges ask
/// those between them too.
const MINORS: [u32; 4] = [26, 28, 31, 37];

/// The Python that has the schemas.
fn schemas() -> Option<PathBuf> {
    python("kubernetes-validate", "python")
}

/// What the schemas say of renderings, a line a fault.
fn judge(python: PathBuf, renderings: &[Value]) -> String {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/render/schemas.py");
    let mut child = Command::new(python)
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let text = serde_json::to_vec(renderings).unwrap();
    let mut input = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || input.write_all(&text));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success(), "the schemas can't be asked");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn every_object_is_valid_for_every_version_of_kubernetes() {
    let Some(python) = schemas() else { return };
    let mut renderings = Vec::new();
    for (name, documents) in samples() {
        for minor in MINORS {
            let objects = rendered(&documents, minor).objects;
            renderings.push(json!([
                name,
                format!("1.{minor}"),
                to_yaml_stream(&objects),
                to_json_list(&objects)
            ]));
        }
    }
    let faults = judge(python, &renderings);
    assert!(faults.is_empty(), "{faults}");
}

#[test]
fn the_schemas_see_a_field_that_isn_t_there() {
    let Some(python) = schemas() else { return };
    let object = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "date": {}});
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndate: {}\n";
    let faults = judge(python, &[json!(["a", "1.31", text, {"items": [object]}])]);
    assert!(faults.contains("date"), "{faults}");
}
