//! The garbage-collection `CronJob`, started by hand while images are pushed: garbage goes, and nothing else does.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use berth_drive::{Body, Image, Random};

use super::scene::{Scene, berth_image, push, registry};

const DOCUMENT: &str = r#"
apiVersion: berth.dev/v1
kind: DockerRegistry
metadata: {name: team}
spec:
  namespace: "@"
  storage: {driver: filesystem, delete: {enabled: true}}
  persistence: {size: 1Gi, accessMode: MODE}
  auth: {enabled: false}
  http: {draintimeout: 5s}
  resources: {requests: {cpu: 10m, memory: 32Mi}}
  garbageCollection: {enabled: true}
"#;
const JOB: &str = "by-hand";
/// More images than this are pushed beside a run only on a machine that runs it in no time.
const MOST: u64 = 400;

#[test]
fn a_run_that_stops_the_registry_loses_nothing_that_is_pushed_beside_it() {
    if let Some(scene) = Scene::new(&[registry, berth_image]) {
        story(&scene, "ReadWriteOnce");
    }
}

#[test]
fn a_run_that_refuses_writes_loses_nothing_that_is_pushed_beside_it() {
    if let Some(scene) = Scene::new(&[registry, berth_image]) {
        story(&scene, "ReadWriteMany");
    }
}

fn story(scene: &Scene, mode: &str) {
    scene.node.volumes(1).unwrap();
    scene.apply(&DOCUMENT.replace("MODE", mode));
    let garbage = Image::tiny(7);
    let mut client = scene.client("team");
    client.push_image("team/garbage", "v1", &garbage).unwrap();
    let path = format!("/v2/team/garbage/manifests/{}", garbage.digest());
    let (head, _) = client.send("DELETE", &path, &[], Body::Empty).unwrap();
    assert_eq!(head.status, 202);

    let ended = AtomicBool::new(false);
    let pushed = thread::scope(|threads| {
        let pusher = threads.spawn(|| push_until(scene, &ended));
        let cron_job = "--from=cronjob/team-garbage-collector";
        scene.kubectl(&["create", "job", JOB, cron_job]);
        scene.wait("the collector to end", || {
            let status = &scene.object("job", JOB)["status"];
            assert!(status["failed"].is_null(), "{status}");
            status["succeeded"] == 1
        });
        ended.store(true, Ordering::SeqCst);
        pusher.join().unwrap()
    });
    scene.rollout("deployment/team");

    let mut client = scene.client("team");
    let blob = berth_drive::sha256(&garbage.layers[0]);
    assert!(
        !client.has_blob("team/garbage", &blob).unwrap(),
        "garbage is still there"
    );
    assert!(pushed.len() >= 4, "only {} images were pushed", pushed.len());
    for (number, image) in pushed {
        let tag = format!("v{number}");
        assert_eq!(
            client.pull_manifest("team/app", &tag).unwrap().bytes,
            image.manifest
        );
        for blob in image.blobs() {
            let digest = berth_drive::sha256(blob);
            assert_eq!(&client.pull_blob("team/app", &digest).unwrap(), blob, "{tag}");
        }
    }
}

/// Pushes one image after the other through the Service until the run has ended, and two more; those that were taken.
fn push_until(scene: &Scene, ended: &AtomicBool) -> Vec<(u64, Image)> {
    let address = scene.service("team");
    let mut random = Random::new(77);
    let mut taken = Vec::new();
    let mut after = 0;
    for number in 0..MOST {
        let image = Image::new(
            berth_drive::Platform("linux", "amd64"),
            &[random.bytes(20_000), random.bytes(200_000)],
        );
        let last = ended.load(Ordering::SeqCst);
        if push(
            scene.folder(),
            &image,
            &format!("{address}/team/app:v{number}"),
            None,
        ) {
            taken.push((number, image));
            after += u64::from(last);
        }
        if after == 2 {
            break;
        }
    }
    taken
}
