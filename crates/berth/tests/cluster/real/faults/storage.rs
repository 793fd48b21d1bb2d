//! Storage: a claim that no volume stands behind, a volume that can't be written.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use super::{REGISTRY, named, well};
use crate::real::scene::{ANN, PASSWORD, Scene, berth_image, push, registry, waiting_image};

/// A claim of a class that isn't there.
const UNBOUND: &str = r#"
apiVersion: berth.dev/v1
kind: DockerRegistry
metadata: {name: unbound}
spec:
  namespace: "@"
  storage: {driver: filesystem}
  persistence: {size: 1Gi, storageClass: nowhere}
  auth: {enabled: false}
  resources: {requests: {cpu: 10m, memory: 32Mi}}
---
"#;

#[test]
fn a_claim_that_no_volume_stands_behind_is_told() {
    let Some(scene) = Scene::new(&[registry]) else {
        return;
    };
    let (document, _) = set_up(&scene, "distribution");
    let all = document + UNBOUND;
    let (code, said) = scene.berth(&all, &["apply", "--yes", "--timeout", "1s"]);
    assert_ne!(code, Some(4), "{said}");
    named(&scene, &all, "DG-018", "unbound");
    named(&scene, &all, "DG-002", "Pod");
}

#[test]
fn storage_that_berth_s_pod_can_not_write_is_told() {
    let Some(scene) = Scene::new(&[berth_image]) else {
        return;
    };
    let (document, folder) = set_up(&scene, "berth");
    unwritable(&scene, &document, &folder, "the store could not do");
}

fn set_up(scene: &Scene, engine: &str) -> (String, PathBuf) {
    scene.node.volumes(1).unwrap();
    let document = REGISTRY.replace("ENGINE", engine);
    scene.apply(&document);
    scene.service("team");
    well(scene, &document);
    let claims = scene
        .node
        .kubectl()
        .json(["get", "pvc", "--namespace", &scene.namespace]);
    let claims = claims.unwrap();
    let volume = claims["items"][0]["spec"]["volumeName"]
        .as_str()
        .unwrap()
        .to_owned();
    let volume = scene.node.kubectl().json(["get", "pv", &volume]).unwrap();
    let path = ["hostPath", "local"]
        .iter()
        .find_map(|source| volume["spec"][*source]["path"].as_str());
    let path = path.unwrap_or_else(|| panic!("a volume without a folder: {volume}"));
    (document, PathBuf::from(path))
}

/// Takes the folder's rights away: what is pushed is refused, and the log says why.
fn unwritable(scene: &Scene, document: &str, folder: &Path, words: &str) {
    let rights = fs::metadata(folder).unwrap().permissions();
    fs::set_permissions(folder, Permissions::from_mode(0o000)).unwrap();
    let to = format!("{}/team/app:v1", address(scene, "team"));
    let ann = format!("{ANN}:{PASSWORD}");
    assert!(!push(scene.folder(), &waiting_image(1), &to, Some(&ann)));
    named(scene, document, "DG-020", words);
    fs::set_permissions(folder, rights).unwrap();
}

fn address(scene: &Scene, name: &str) -> String {
    let service = scene.object("service", name);
    let address = service["spec"]["clusterIP"].as_str().unwrap();
    format!("{address}:{}", service["spec"]["ports"][0]["port"])
}
