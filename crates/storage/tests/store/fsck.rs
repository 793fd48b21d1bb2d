//! The check of a folder at rest finds each way in which it can be wrong, and nothing in one that is right.

use std::fs;
use std::path::Path;

use berth_oci::Digest;
use berth_storage::StorageError;
use berth_storage::fsck::{FsckFault, FsckOptions, FsckReport, fsck};

use crate::harness::Registry;

fn check(registry: &Registry) -> FsckReport {
    fsck(registry.root(), FsckOptions::default()).unwrap()
}

/// A stopped store with `a:v1`, the digest of that manifest, and of its layer.
async fn stopped() -> (Registry, Digest, Digest) {
    let mut registry = Registry::new().await;
    let digest = registry.push("a", "v1", "layer").await;
    registry.push("b/c", "v2", "other").await;
    registry.stop().await;
    (registry, digest, Digest::sha256(b"layer"))
}

fn data(digest: &Digest) -> String {
    let hex = digest.hex();
    format!("docker/registry/v2/blobs/sha256/{}/{hex}/data", &hex[..2])
}

fn link(kind: &str, digest: &Digest) -> String {
    format!(
        "docker/registry/v2/repositories/a/{kind}/sha256/{}/link",
        digest.hex()
    )
}

fn assert_finds(report: &FsckReport, path: &str, what: &FsckFault) {
    let found = report
        .lines
        .iter()
        .any(|line| line.path == Path::new(path) && line.what == *what);
    assert!(found, "{:#?}", report.lines);
    assert_eq!(
        report.is_clean(),
        report.lines.iter().all(|line| line.what.is_harmless())
    );
}

#[tokio::test]
async fn a_folder_that_is_right_is_clean() {
    let (registry, ..) = stopped().await;
    let report = check(&registry);
    assert_eq!(report.lines, []);
    assert!(report.is_clean());
    // Two manifests, two layers, and the config that they share.
    assert_eq!(
        (report.blobs, report.repositories, report.manifests, report.tags),
        (5, 2, 2, 2)
    );
}

#[tokio::test]
async fn a_folder_without_berth_s_own_is_checked_too() {
    let (registry, ..) = stopped().await;
    fs::remove_dir_all(registry.root().join(".berth")).unwrap();
    assert!(check(&registry).is_clean());
    assert!(!registry.root().join(".berth").exists());
}

#[tokio::test]
async fn a_folder_in_use_is_not_checked() {
    let registry = Registry::new().await;
    let error = fsck(registry.root(), FsckOptions::default()).unwrap_err();
    assert!(matches!(error, StorageError::Locked { .. }), "{error}");
}

#[tokio::test]
async fn damaged_bytes_are_found() {
    let (registry, _, layer) = stopped().await;
    fs::write(registry.root().join(data(&layer)), "LAYER").unwrap();
    let found = Digest::sha256(b"LAYER");
    let report = check(&registry);
    assert_finds(&report, &data(&layer), &FsckFault::Damaged { found });
    assert!(!report.is_clean());
    let text = report.lines[0].to_string();
    assert!(
        text.contains("damaged") && text.contains("push it again"),
        "{text}"
    );
}

#[tokio::test]
async fn missing_bytes_of_a_layer_are_found_at_the_manifest() {
    let (registry, digest, layer) = stopped().await;
    fs::remove_file(registry.root().join(data(&layer))).unwrap();
    let report = check(&registry);
    let missing = FsckFault::MissingContent { digest: layer };
    assert_finds(&report, &link("_manifests/revisions", &digest), &missing);
    assert!(!report.is_clean());
}

#[tokio::test]
async fn torn_links_are_found() {
    let (registry, digest, layer) = stopped().await;
    let paths = [link("_layers", &layer), link("_manifests/revisions", &digest)];
    for path in &paths {
        fs::write(registry.root().join(path), "").unwrap();
        assert_finds(&check(&registry), path, &FsckFault::TornLink);
    }
}

#[tokio::test]
async fn a_tag_that_points_nowhere_is_found() {
    let (registry, ..) = stopped().await;
    let path = "docker/registry/v2/repositories/a/_manifests/tags/v1/current/link";
    let digest = Digest::sha256(b"gone");
    fs::write(registry.root().join(path), digest.to_string()).unwrap();
    assert_finds(&check(&registry), path, &FsckFault::DanglingTag { digest });
}

#[tokio::test]
async fn a_missing_manifest_is_found() {
    let (registry, digest, _) = stopped().await;
    fs::remove_file(registry.root().join(data(&digest))).unwrap();
    let report = check(&registry);
    assert_finds(
        &report,
        &link("_manifests/revisions", &digest),
        &FsckFault::NoManifest { digest },
    );
}

#[tokio::test]
async fn a_repository_without_its_layers_folder_is_found() {
    let (registry, ..) = stopped().await;
    let folder = "docker/registry/v2/repositories/a/_layers";
    fs::remove_dir_all(registry.root().join(folder)).unwrap();
    assert_finds(&check(&registry), folder, &FsckFault::NoLayersFolder);
}

#[tokio::test]
async fn an_index_that_differs_is_found() {
    let (mut registry, digest, _) = stopped().await;
    registry.start().await;
    let two = registry.push("a", "v2", "two").await;
    registry.stop().await;
    // A move that leaves no trace in any folder.
    let path = "docker/registry/v2/repositories/a/_manifests/tags/v2/current/link";
    fs::write(registry.root().join(path), digest.to_string()).unwrap();
    assert_finds(&check(&registry), path, &FsckFault::IndexDiffers);
    fs::write(registry.root().join(path), two.to_string()).unwrap();
    assert!(check(&registry).is_clean());
}

#[tokio::test]
async fn an_unreadable_index_is_found() {
    let (registry, ..) = stopped().await;
    fs::write(registry.root().join(".berth/index.sqlite"), "garbage").unwrap();
    assert_finds(
        &check(&registry),
        ".berth/index.sqlite",
        &FsckFault::IndexUnusable,
    );
}

#[tokio::test]
async fn what_garbage_collection_of_docker_s_registry_leaves_is_harmless() {
    let (mut registry, ..) = stopped().await;
    registry.start().await;
    let digest = registry.upload("a", b"unused").await;
    registry.stop().await;
    fs::remove_file(registry.root().join(data(&digest))).unwrap();
    let report = check(&registry);
    assert_finds(
        &report,
        &link("_layers", &digest),
        &FsckFault::DanglingLink { digest },
    );
}
