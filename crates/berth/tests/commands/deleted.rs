//! `berth gc` and `berth restore`, beside a registry that serves and on a folder that nobody serves.

use berth_drive::{Body, Client, Image};
use serde_json::Value;

use crate::scene::Scene;
use crate::serving::Serving;

const DOCUMENT: &str = "\
apiVersion: berth.dev/v1
kind: DockerRegistry
metadata: {name: local}
spec:
  storage: {driver: filesystem, delete: {enabled: true}, filesystem: {rootdirectory: data}}
  auth: {enabled: false}
";

#[test]
fn a_delete_is_listed_and_taken_back_while_the_registry_serves_and_while_it_does_not() {
    let scene = Scene::new();
    scene.file("berth.yaml", DOCUMENT);
    let image = Image::tiny(1);
    for serves in [true, false] {
        let serving = Serving::start(&scene, &[]);
        let mut client = Client::new(serving.address());
        client.push_image("team/app", "v1", &image).unwrap();
        let path = format!("/v2/team/app/manifests/{}", image.digest());
        let (head, _) = client.send("DELETE", &path, &[], Body::Empty).unwrap();
        assert_eq!(head.status, 202);
        let serving = if serves {
            Some(serving)
        } else {
            serving.stop();
            None
        };
        let listed = scene.berth(&["restore", "data", "-o", "json"]);
        let deletions: Value = serde_json::from_str(&listed.stdout).unwrap();
        assert_eq!(deletions[0]["repository"], "team/app", "{deletions}");
        assert_eq!(deletions[0]["deletedBy"], "anonymous", "{deletions}");
        let back = scene.berth(&["restore", "data", "team/app:v1"]);
        assert_eq!(back.code, Some(0), "{}", back.stderr);
        assert!(back.stdout.contains("is back, with v1"), "{}", back.stdout);
        let serving = serving.unwrap_or_else(|| Serving::start(&scene, &[]));
        let mut client = Client::new(serving.address());
        let pulled = client.pull_manifest("team/app", "v1").unwrap();
        assert_eq!(pulled.digest, image.digest());
        serving.stop();
    }
}

#[test]
fn what_was_never_deleted_can_not_be_taken_back() {
    let scene = Scene::new();
    scene.file("berth.yaml", DOCUMENT);
    Serving::start(&scene, &[]).stop();
    let refused = scene.berth(&["restore", "data", "team/app:v1"]);
    assert_eq!(refused.code, Some(1));
    assert!(
        refused.stderr.contains("nothing of the name team/app v1"),
        "{}",
        refused.stderr
    );
    let nameless = scene.berth(&["restore", "data", "team/app"]);
    assert_eq!(nameless.code, Some(64), "{}", nameless.stderr);
}

#[test]
fn garbage_goes_when_its_grace_is_over_and_a_dry_run_only_tells() {
    let scene = Scene::new();
    scene.file("berth.yaml", DOCUMENT);
    let serving = Serving::start(&scene, &["--grace", "0s"]);
    Client::new(serving.address())
        .push_blob("team/app", b"nobody needs this")
        .unwrap();
    let run = |arguments: &[&str]| -> Value {
        let run = scene.berth(&[&["gc", "data", "-o", "json"], arguments].concat());
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        serde_json::from_str(&run.stdout).unwrap()
    };
    let told = run(&["--dry-run"]);
    assert_eq!(
        (&told["unneeded"], &told["removedBlobs"]),
        (&1.into(), &0.into()),
        "{told}"
    );
    let swept = run(&[]);
    assert_eq!(swept["removedBlobs"], 1, "{swept}");
    assert!(swept["freedBytes"].as_u64().unwrap() > 0, "{swept}");
    serving.stop();
    // Nobody serves: it is done here.
    let told = run(&[]);
    assert_eq!(told["unneeded"], 0, "{told}");
}

#[test]
fn a_folder_that_is_no_registry_s_is_refused() {
    let scene = Scene::new();
    for command in ["gc", "restore"] {
        let refused = scene.berth(&[command, "."]);
        assert_eq!(refused.code, Some(1));
        assert!(
            refused.stderr.contains("docker/registry/v2"),
            "{}",
            refused.stderr
        );
        assert!(!scene.path().join(".berth").exists());
    }
}
