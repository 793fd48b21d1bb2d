//! A start over a large folder: it answers at once, and reads the folder beside that.

use std::fs;
use std::time::{Duration, Instant};

use berth_oci::{Digest, MediaType, TagOrDigest};

use crate::harness::{Registry, name};

const REPOSITORIES: usize = 100;
const MANIFESTS: usize = 1_000;

/// What a start and its first answers may take. It takes a small part of a second; reading all manifests takes minutes
/// where these tests run unoptimised and beside others, so that this tells one from the other.
const PATIENCE: Duration = Duration::from_secs(10);

#[tokio::test]
async fn a_start_over_a_hundred_thousand_manifests_without_an_index_answers_before_it_has_read_them() {
    let mut registry = Registry::new().await;
    registry.upload("first", b"{}").await;
    registry.stop().await;
    let digests = write_folder(&registry);
    fs::remove_dir_all(registry.root().join(".berth")).unwrap();

    for start in ["without an index", "with an index that is half made"] {
        let begun = Instant::now();
        registry.start().await;
        for (repository, digest) in [("repository-7", digests[7]), ("repository-99", digests[999])] {
            assert_eq!(registry.tag(repository, "v1").await, Some(digests[0]), "{start}");
            let reference = TagOrDigest::Digest(digest);
            let found = registry.store().get_manifest(&name(repository), &reference).await;
            assert_eq!(
                found.unwrap().map(|stored| stored.digest),
                Some(digest),
                "{start}"
            );
        }
        let took = begun.elapsed();
        println!("a start over 100,000 manifests {start} answered after {took:?}");
        assert!(took < PATIENCE, "a start {start} took {took:?}");
        registry.stop().await;
    }
}

/// The same manifests in each repository, written as Docker's registry would have; `v1` is the first.
fn write_folder(registry: &Registry) -> Vec<Digest> {
    let manifests: Vec<Vec<u8>> = (0..MANIFESTS).map(manifest).collect();
    let digests: Vec<Digest> = manifests.iter().map(|bytes| Digest::sha256(bytes)).collect();
    for (bytes, digest) in manifests.iter().zip(&digests) {
        let hex = digest.hex();
        write(registry, &format!("blobs/sha256/{}/{hex}/data", &hex[..2]), bytes);
    }
    let config = Digest::sha256(b"{}");
    for number in 0..REPOSITORIES {
        let repository = format!("repositories/repository-{number}");
        let link = |kind: &str, digest: &Digest| {
            let path = format!("{repository}/{kind}/sha256/{}/link", digest.hex());
            write(registry, &path, digest.to_string().as_bytes());
        };
        link("_layers", &config);
        for digest in &digests {
            link("_manifests/revisions", digest);
        }
        link("_manifests/tags/v1/index", &digests[0]);
        let current = format!("{repository}/_manifests/tags/v1/current/link");
        write(registry, &current, digests[0].to_string().as_bytes());
    }
    digests
}

fn manifest(number: usize) -> Vec<u8> {
    let json = serde_json::json!({
        "schemaVersion": 2,
        "mediaType": MediaType::OCI_MANIFEST,
        "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": Digest::sha256(b"{}"), "size": 2},
        "layers": [],
        "annotations": {"number": number.to_string()},
    });
    json.to_string().into_bytes()
}

fn write(registry: &Registry, below: &str, bytes: &[u8]) {
    let path = registry.path(below);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}
