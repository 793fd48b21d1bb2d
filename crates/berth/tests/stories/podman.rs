//! podman pulls and pushes, with storage of its own.

use std::path::{Path, PathBuf};
use std::process::Command;

use berth_drive::{Image, is_root, needed};
use serde_json::Value;

use crate::program::finish;
use crate::start::{berth, folder};

#[test]
fn podman_pulls_an_image_and_pushes_it_elsewhere() {
    let Some(podman) = needed("podman") else { return };
    if !is_root("podman with storage of its own") {
        return;
    }
    let (scene, image) = (folder(), Image::tiny(10));
    let server = berth(scene.path());
    let mut client = server.client();
    client.push_image("story/podman", "v1", &image).unwrap();
    let containers = Containers::new(podman, scene.path());
    let name = |repository: &str| format!("{}/{repository}:v1", server.address());

    containers.run(&["pull", "--quiet", "--tls-verify=false", &name("story/podman")]);
    containers.run(&["tag", &name("story/podman"), &name("copy/podman")]);
    containers.run(&["push", "--quiet", "--tls-verify=false", &name("copy/podman")]);
    same_content(&image, &client.pull_manifest("copy/podman", "v1").unwrap().bytes);

    containers.run(&["rmi", "--all", "--force"]);
    containers.run(&["pull", "--quiet", "--tls-verify=false", &name("copy/podman")]);
}

/// podman or buildah, on images of its own.
pub(crate) struct Containers {
    program: PathBuf,
    folder: PathBuf,
}

impl Containers {
    pub(crate) fn new(program: PathBuf, folder: &Path) -> Self {
        let accept_anything = r#"{"default": [{"type": "insecureAcceptAnything"}]}"#;
        std::fs::write(folder.join("policy.json"), accept_anything).unwrap();
        Self {
            program,
            folder: folder.to_owned(),
        }
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> String {
        let mut command = Command::new(&self.program);
        command
            .arg("--root")
            .arg(self.folder.join("root"))
            .arg("--runroot")
            .arg(self.folder.join("runroot"));
        command.args(["--storage-driver", "vfs"]).arg(arguments[0]);
        if ["pull", "push"].contains(&arguments[0]) {
            command
                .arg("--signature-policy")
                .arg(self.folder.join("policy.json"));
        }
        command.args(&arguments[1..]).env("HOME", &self.folder);
        finish(&mut command)
    }
}

/// A client may pack layers anew when it pushes; the config, which names what they hold, stays the same to the byte.
pub(crate) fn same_content(image: &Image, manifest: &[u8]) {
    let manifest: Value = serde_json::from_slice(manifest).unwrap();
    assert_eq!(manifest["config"]["digest"], berth_drive::sha256(&image.config));
    assert_eq!(manifest["layers"].as_array().unwrap().len(), image.layers.len());
}
