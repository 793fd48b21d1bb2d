//! What a pod of `engine: berth` has: the document of its `ConfigMap`, with its folders in the place of the image's.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::berth;

/// The document that the pod of a document reads, with secrets and images in `folder`.
pub(crate) fn document(declared: &str, folder: &Path) -> String {
    let file = folder.join("declared.yaml");
    fs::write(&file, declared).unwrap();
    let secrets = folder.join("made-once.json");
    let arguments = [
        "render",
        file.to_str().unwrap(),
        "--secrets",
        secrets.to_str().unwrap(),
        "-o",
        "json",
    ];
    let output = berth(folder, &arguments);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let list: Value = serde_json::from_slice(&output.stdout).unwrap();
    let objects = list["items"].as_array().unwrap();
    let find = |kind: &str, name: &str| {
        let found = objects
            .iter()
            .find(|object| object["kind"] == kind && object["metadata"]["name"] == name);
        found.unwrap_or_else(|| panic!("no {kind} {name}"))
    };
    let pod = &find("Deployment", "team")["spec"]["template"]["spec"];
    let there = folder.join("secrets");
    fs::create_dir_all(&there).unwrap();
    for volume in pod["volumes"].as_array().unwrap() {
        for source in volume["projected"]["sources"].as_array().into_iter().flatten() {
            let secret = find("Secret", source["secret"]["name"].as_str().unwrap());
            for item in source["secret"]["items"].as_array().unwrap() {
                let value = secret["data"][item["key"].as_str().unwrap()].as_str().unwrap();
                let path = there.join(item["path"].as_str().unwrap());
                fs::write(path, STANDARD.decode(value).unwrap()).unwrap();
            }
        }
    }
    let text = find("ConfigMap", "team-config")["data"]["berth.yaml"]
        .as_str()
        .unwrap();
    assert!(text.contains("/var/lib/registry"), "{text}");
    text.replace("/var/lib/registry", folder.join("data").to_str().unwrap())
        .replace("/etc/registry/secrets", there.to_str().unwrap())
}
