//! skopeo pushes, pulls and copies.

use std::path::Path;

use berth_drive::{Image, Index, needed, sha256, write_layout};
use serde_json::Value;

use crate::program::run;
use crate::start::{berth, berth_with_deletes, folder};

#[test]
fn skopeo_pushes_and_pulls_an_image_unchanged() {
    let Some(skopeo) = needed("skopeo") else { return };
    let (scene, image) = (folder(), Image::tiny(1));
    let server = berth(scene.path());
    let there = format!("docker://{}/story/skopeo:v1", server.address());
    write_layout(&scene.path().join("in"), "v1", &image).unwrap();

    copy(&skopeo, &[], &layout(scene.path(), "in"), &there);
    let pulled = server.client().pull_manifest("story/skopeo", "v1").unwrap();
    assert_eq!(pulled.digest, image.digest());
    assert_eq!(pulled.bytes, image.manifest);

    copy(&skopeo, &[], &there, &layout(scene.path(), "out"));
    assert_eq!(root_of_layout(&scene.path().join("out")), image.digest());
    for blob in image.blobs() {
        assert_eq!(&blob_of_layout(&scene.path().join("out"), &sha256(blob)), blob);
    }
}

#[test]
fn skopeo_copies_a_multi_architecture_index_in_and_out_with_equal_digests() {
    let Some(skopeo) = needed("skopeo") else { return };
    let (scene, index) = (folder(), Index::tiny(2));
    let server = berth(scene.path());
    let there = format!("docker://{}/story/index:v1", server.address());
    write_layout(&scene.path().join("in"), "v1", &index).unwrap();
    let whole = ["--all", "--preserve-digests"];

    copy(&skopeo, &whole, &layout(scene.path(), "in"), &there);
    let pulled = server.client().pull_manifest("story/index", "v1").unwrap();
    assert_eq!(pulled.digest, index.digest());
    assert_eq!(pulled.bytes, index.index);

    copy(&skopeo, &whole, &there, &layout(scene.path(), "out"));
    let out = scene.path().join("out");
    assert_eq!(root_of_layout(&out), index.digest());
    assert_eq!(blob_of_layout(&out, &index.digest()), index.index);
    for image in &index.images {
        assert_eq!(blob_of_layout(&out, &image.digest()), image.manifest);
        for blob in image.blobs() {
            assert_eq!(&blob_of_layout(&out, &sha256(blob)), blob);
        }
    }
}

#[test]
fn skopeo_lists_tags_and_deletes_an_image() {
    let Some(skopeo) = needed("skopeo") else { return };
    let (scene, image) = (folder(), Image::tiny(3));
    let server = berth_with_deletes(scene.path());
    let mut client = server.client();
    for tag in ["b", "a"] {
        client.push_image("story/tags", tag, &image).unwrap();
    }
    client.push_image("story/tags", "other", &Image::tiny(4)).unwrap();

    let there = format!("docker://{}/story/tags", server.address());
    let listed: Value =
        serde_json::from_str(&run(&skopeo, ["list-tags", "--tls-verify=false", &there])).unwrap();
    assert_eq!(listed["Tags"], serde_json::json!(["a", "b", "other"]));

    run(
        &skopeo,
        [
            "--insecure-policy",
            "delete",
            "--tls-verify=false",
            &format!("{there}:a"),
        ],
    );
    assert!(client.pull_manifest("story/tags", &image.digest()).is_err());
    assert_eq!(
        client.pull_manifest("story/tags", "other").unwrap().digest,
        Image::tiny(4).digest()
    );
}

fn copy(skopeo: &Path, options: &[&str], from: &str, to: &str) {
    let fixed = [
        "--insecure-policy",
        "copy",
        "--quiet",
        "--src-tls-verify=false",
        "--dest-tls-verify=false",
    ];
    run(skopeo, fixed.iter().chain(options).chain(&[from, to]));
}

fn layout(folder: &Path, name: &str) -> String {
    format!("oci:{}:v1", folder.join(name).display())
}

/// The digest of the one thing that a layout's index points at.
fn root_of_layout(layout: &Path) -> String {
    let index: Value = serde_json::from_slice(&std::fs::read(layout.join("index.json")).unwrap()).unwrap();
    index["manifests"][0]["digest"].as_str().unwrap().to_owned()
}

fn blob_of_layout(layout: &Path, digest: &str) -> Vec<u8> {
    std::fs::read(
        layout
            .join("blobs/sha256")
            .join(digest.trim_start_matches("sha256:")),
    )
    .unwrap()
}
