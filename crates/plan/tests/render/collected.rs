//! The collector as it is rendered, on the folder of Docker's own registry.

use std::process::Command;

use berth_drive::{Client, Image, Index, needed};

use crate::kubelet::mount;
use crate::scene::{documents, registry, rendered};

#[test]
fn a_collection_takes_what_nothing_needs_and_leaves_every_image_whole() {
    let Some(program) = needed("docker-registry") else {
        return;
    };
    let fields = "{auth: {enabled: false}, storage: {delete: {enabled: true}}, persistence: {size: 1Gi},
        garbageCollection: {deleteUntagged: true}}";
    let rendered = rendered(&documents(&registry(fields)), 31);
    let folder = tempfile::tempdir().unwrap();
    let (image, index) = (Image::tiny(1), Index::tiny(2));
    let orphan = {
        let pod = mount(&rendered.objects, "team", folder.path()).start(&program, 5000);
        let mut client = Client::new(pod.address);
        client.push_image("team/one", "latest", &image).unwrap();
        client.push_index("team/many", "latest", &index).unwrap();
        client.push_blob("team/one", b"nothing needs this").unwrap()
    };
    let job = rendered
        .objects
        .lookup("CronJob", Some("registry"), "team-garbage-collector")
        .unwrap()
        .to_json();
    let container = &job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"][0];
    let arguments = container["args"].as_array().unwrap().iter();
    let arguments: Vec<&str> = arguments.map(|argument| argument.as_str().unwrap()).collect();
    let command = arguments.split(|argument| *argument == "--").nth(1).unwrap();
    let (config, own) = command[1..].split_last().unwrap();
    assert!(config.ends_with("/config.yml"));
    let collected = Command::new(&program)
        .args(own)
        .arg(folder.path().join("config.yml"))
        .output()
        .unwrap();
    assert!(collected.status.success(), "{collected:?}");

    let pod = mount(&rendered.objects, "team", folder.path()).start(&program, 5000);
    let mut client = Client::new(pod.address);
    assert!(!client.has_blob("team/one", &orphan).unwrap());
    for blob in image.blobs() {
        let digest = berth_drive::sha256(blob);
        assert_eq!(client.pull_blob("team/one", &digest).unwrap(), *blob);
    }
    client.pull_manifest("team/many", "latest").unwrap();
    for part in &index.images {
        client.pull_manifest("team/many", &part.digest()).unwrap();
        for blob in part.blobs() {
            assert!(client.has_blob("team/many", &berth_drive::sha256(blob)).unwrap());
        }
    }
}
