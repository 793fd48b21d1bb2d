//! buildah builds an image from nothing, pushes it and pulls it back.

use berth_drive::{is_root, needed};
use serde_json::Value;

use crate::podman::Containers;
use crate::start::{berth, folder};

#[test]
fn buildah_builds_from_scratch_pushes_and_pulls() {
    let Some(buildah) = needed("buildah") else { return };
    if !is_root("buildah with storage of its own") {
        return;
    }
    let scene = folder();
    let server = berth(scene.path());
    let containers = Containers::new(buildah, scene.path());
    let file = scene.path().join("hello");
    std::fs::write(&file, "hello").unwrap();
    let name = format!("{}/story/buildah:v1", server.address());

    let container = containers.run(&["from", "scratch"]);
    containers.run(&["copy", container.trim(), file.to_str().unwrap(), "/hello"]);
    containers.run(&["commit", "--quiet", container.trim(), &name]);
    containers.run(&["push", "--quiet", "--tls-verify=false", &name]);
    let pushed = server.client().pull_manifest("story/buildah", "v1").unwrap();
    let manifest: Value = serde_json::from_slice(&pushed.bytes).unwrap();
    for blob in manifest["layers"].as_array().unwrap() {
        let digest = blob["digest"].as_str().unwrap();
        let bytes = server.client().pull_blob("story/buildah", digest).unwrap();
        assert_eq!(berth_drive::sha256(&bytes), digest);
    }

    containers.run(&["rm", "--all"]);
    containers.run(&["rmi", "--all", "--force"]);
    let pulled = containers.run(&["pull", "--quiet", "--tls-verify=false", &name]);
    assert_eq!(
        format!("sha256:{}", pulled.trim()),
        manifest["config"]["digest"].as_str().unwrap()
    );
}
