//! What Docker's registry, a restore or a person did to the folder while Berth was not running.

use std::fs;

use berth_oci::{Algorithm, Digest, TagOrDigest};

use crate::harness::{Registry, image, name, tag};

fn link(kind: &str, repository: &str, digest: &Digest) -> String {
    let (algorithm, hex) = (digest.algorithm(), digest.hex());
    format!("repositories/{repository}/{kind}/{algorithm}/{hex}/link")
}

fn data(digest: &Digest) -> String {
    let hex = digest.hex();
    format!("blobs/{}/{}/{hex}/data", digest.algorithm(), &hex[..2])
}

fn current(repository: &str, tag: &str) -> String {
    format!("repositories/{repository}/_manifests/tags/{tag}/current/link")
}

#[tokio::test]
async fn a_folder_without_an_index_is_served() {
    let mut registry = Registry::new().await;
    let digest = registry.push("team/app", "v1", "layer").await;
    registry.stop().await;
    fs::remove_dir_all(registry.root().join(".berth")).unwrap();
    registry.start().await;
    assert_eq!(registry.tag("team/app", "v1").await, Some(digest));
    assert_eq!(
        registry
            .read("team/app", &Digest::sha256(b"layer"))
            .await
            .unwrap(),
        "layer"
    );
    assert_eq!(registry.tags("team/app").await, ["v1"]);
}

#[tokio::test]
async fn an_index_that_is_no_database_is_made_again() {
    let mut registry = Registry::new().await;
    let digest = registry.push("a", "v1", "layer").await;
    registry.stop().await;
    fs::write(registry.root().join(".berth/index.sqlite"), "garbage").unwrap();
    registry.start().await;
    assert_eq!(registry.tag("a", "v1").await, Some(digest));
}

#[tokio::test]
async fn an_index_of_another_epoch_is_made_again() {
    let mut registry = Registry::new().await;
    registry.push("a", "v1", "layer").await;
    registry.stop().await;
    let old = fs::read(registry.root().join(".berth/index.sqlite")).unwrap();
    registry.start().await;
    registry.push("b", "v1", "other").await;
    registry.stop().await;
    // A backup of `.berth` alone, restored over a layout that went on.
    fs::write(registry.root().join(".berth/index.sqlite"), old).unwrap();
    registry.start().await;
    assert_eq!(registry.repositories().await, ["a", "b"]);
    assert!(registry.tag("b", "v1").await.is_some());
}

#[tokio::test]
async fn a_tag_moved_back_is_seen_at_its_first_use() {
    let mut registry = Registry::new().await;
    let one = registry.push("a", "v1", "one").await;
    let two = registry.push("a", "v1", "two").await;
    assert_eq!(registry.tag("a", "v1").await, Some(two));
    registry.stop().await;
    // No folder's time tells of this one.
    fs::write(registry.path(&current("a", "v1")), one.to_string()).unwrap();
    registry.start().await;
    assert_eq!(registry.tag("a", "v1").await, Some(one));
}

#[tokio::test]
async fn a_deleted_revision_is_gone_at_its_first_use() {
    let mut registry = Registry::new().await;
    let one = registry.push("a", "v1", "one").await;
    registry.push("a", "v1", "two").await;
    registry.stop().await;
    fs::remove_file(registry.path(&link("_manifests/revisions", "a", &one))).unwrap();
    registry.start().await;
    let found = registry
        .store()
        .get_manifest(&name("a"), &TagOrDigest::Digest(one))
        .await;
    assert_eq!(found.unwrap(), None);
}

#[tokio::test]
async fn a_deleted_blob_link_ends_the_access() {
    let mut registry = Registry::new().await;
    let digest = registry.upload("a", b"bytes").await;
    registry.stop().await;
    fs::remove_file(registry.path(&link("_layers", "a", &digest))).unwrap();
    registry.start().await;
    assert_eq!(
        registry.store().stat_blob(&name("a"), &digest).await.unwrap(),
        None
    );
    assert!(
        !registry
            .store()
            .mount_blob(Some(&name("a")), &name("b"), &digest)
            .await
            .unwrap()
    );
}

#[tokio::test]
async fn a_link_that_docker_s_registry_tore_is_mended_from_its_path() {
    let mut registry = Registry::new().await;
    let digest = registry.push("a", "v1", "layer").await;
    let layer = Digest::sha256(b"layer");
    registry.stop().await;
    let paths = [
        link("_layers", "a", &layer),
        link("_manifests/revisions", "a", &digest),
    ];
    for path in &paths {
        fs::write(registry.path(path), "").unwrap();
    }
    registry.start().await;
    assert_eq!(registry.tag("a", "v1").await, Some(digest));
    assert_eq!(registry.read("a", &layer).await.unwrap(), "layer");
    assert_eq!(
        fs::read_to_string(registry.path(&paths[0])).unwrap(),
        layer.to_string()
    );
    assert_eq!(
        fs::read_to_string(registry.path(&paths[1])).unwrap(),
        digest.to_string()
    );
}

#[tokio::test]
async fn a_tag_that_points_nowhere_is_neither_served_nor_listed_and_can_be_removed() {
    let mut registry = Registry::new().await;
    registry.push("a", "v1", "layer").await;
    registry.stop().await;
    for (name, text) in [
        ("torn", String::new()),
        ("dangling", Digest::sha256(b"gone").to_string()),
    ] {
        let path = registry.path(&current("a", name));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    registry.start().await;
    assert_eq!(registry.tags("a").await, ["v1"]);
    for name in ["torn", "dangling"] {
        assert_eq!(registry.tag("a", name).await, None);
        assert!(
            registry
                .store()
                .delete_tag(&crate::harness::name("a"), &tag(name), "tester")
                .await
                .unwrap()
        );
        assert!(!registry.path(&current("a", name)).exists());
    }
}

#[tokio::test]
async fn an_alias_by_sha512_is_served_and_becomes_a_blob_of_its_own() {
    let mut registry = Registry::new().await;
    let stored = registry.upload("a", b"bytes").await;
    registry.stop().await;
    let alias = Digest::of(Algorithm::Sha512, b"bytes");
    let path = registry.path(&link("_layers", "a", &alias));
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, stored.to_string()).unwrap();
    registry.start().await;
    assert_eq!(registry.read("a", &alias).await.unwrap(), "bytes");
    assert_eq!(registry.read("a", &stored).await.unwrap(), "bytes");
    assert_eq!(fs::read_to_string(&path).unwrap(), alias.to_string());
    assert_eq!(fs::read(registry.path(&data(&alias))).unwrap(), b"bytes");
}

#[tokio::test]
async fn a_repository_that_was_removed_is_no_longer_known() {
    let mut registry = Registry::new().await;
    registry.push("a", "v1", "layer").await;
    registry.push("b", "v1", "layer").await;
    registry.stop().await;
    fs::remove_dir_all(registry.path("repositories/a")).unwrap();
    registry.start().await;
    assert_eq!(registry.repositories().await, ["b"]);
    assert_eq!(registry.tag("a", "v1").await, None);
}

#[tokio::test]
async fn a_media_type_that_the_body_does_not_tell_survives_a_rebuild() {
    let mut registry = Registry::new().await;
    registry.push("a", "v1", "layer").await;
    let json = String::from_utf8(image("layer", &[]).bytes.to_vec()).unwrap();
    let bare = json.replace(
        r#""mediaType":"application/vnd.oci.image.manifest.v1+json","config""#,
        r#""config""#,
    );
    let docker = berth_oci::MediaType::parse(berth_oci::MediaType::DOCKER_MANIFEST);
    let mut put = crate::harness::manifest(bare, &["v2"]);
    put.manifest.media_type = docker.clone().unwrap();
    registry.put("a", put).await;
    registry.stop().await;
    fs::remove_dir_all(registry.root().join(".berth")).unwrap();
    registry.start().await;
    let reference = TagOrDigest::Tag(tag("v2"));
    let stored = registry
        .store()
        .get_manifest(&name("a"), &reference)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(Some(stored.media_type), docker);
}
