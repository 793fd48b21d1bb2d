//! Deletes that are taken back.

use std::time::Duration;

use berth_oci::{Digest, TagOrDigest};
use berth_storage::{Deleted, Restored};

use crate::harness::{GRACE, Registry, descriptor, image, manifest, name, tag};
use crate::sweep::sweep;

async fn restore(registry: &Registry, repository: &str, reference: &TagOrDigest) -> Restored {
    registry
        .store()
        .restore(&name(repository), reference)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_deleted_tag_comes_back_where_it_pointed() {
    let mut registry = Registry::new().await;
    let one = registry.push("a", "v1", "one").await;
    let by = registry.store().delete_tag(&name("a"), &tag("v1"), "alice").await;
    assert!(by.unwrap());
    let deletions = registry.store().deletions().await.unwrap();
    assert_eq!(deletions[0].what, Deleted::Tag(tag("v1")));
    assert_eq!((deletions[0].digest, deletions[0].by.as_str()), (one, "alice"));
    registry.crash().await;
    let back = restore(&registry, "a", &TagOrDigest::Tag(tag("v1"))).await;
    assert_eq!(
        back,
        Restored::Done {
            digest: one,
            tags: vec![tag("v1")]
        }
    );
    assert_eq!(registry.tag("a", "v1").await, Some(one));
    assert_eq!(registry.store().deletions().await.unwrap(), []);
}

#[tokio::test]
async fn a_deleted_manifest_comes_back_whole_after_sweeps_within_the_grace() {
    let registry = Registry::new().await;
    let one = registry.push("a", "v1", "one").await;
    // Long ago: no promise keeps it.
    registry.advance(GRACE * 3);
    registry
        .store()
        .delete_manifest(&name("a"), &one, "alice")
        .await
        .unwrap();
    sweep(&registry).await;
    registry.advance(GRACE);
    let report = sweep(&registry).await;
    assert_eq!((report.removed_edges, report.removed_blobs), (0, 0), "{report:?}");
    let back = restore(&registry, "a", &TagOrDigest::Digest(one)).await;
    assert_eq!(
        back,
        Restored::Done {
            digest: one,
            tags: vec![tag("v1")]
        }
    );
    assert_eq!(registry.tag("a", "v1").await, Some(one));
    for _ in 0..3 {
        registry.advance(GRACE * 3);
        sweep(&registry).await;
    }
    let layer = Digest::sha256(b"one");
    assert_eq!(registry.read("a", &layer).await.as_deref(), Some("one"));
}

#[tokio::test]
async fn what_was_deleted_longer_ago_is_gone() {
    let registry = Registry::new().await;
    let one = registry.push("a", "v1", "one").await;
    registry
        .store()
        .delete_manifest(&name("a"), &one, "alice")
        .await
        .unwrap();
    sweep(&registry).await;
    registry.advance(GRACE * 2 + Duration::from_secs(1));
    let report = sweep(&registry).await;
    assert_eq!((report.removed_edges, report.removed_blobs), (2, 3), "{report:?}");
    let back = restore(&registry, "a", &TagOrDigest::Digest(one)).await;
    assert_eq!(back, Restored::Unknown);
}

#[tokio::test]
async fn an_index_comes_back_after_the_images_that_it_names() {
    let registry = Registry::new().await;
    let child = registry.push("a", "child", "layer").await;
    let put = image("layer", &[]);
    let json = format!(
        r#"{{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{}]}}"#,
        descriptor("application/vnd.oci.image.manifest.v1+json", &put.bytes),
    );
    let index = registry.put("a", manifest(json, &["all"])).await;
    for digest in [index, child] {
        let deleted = registry
            .store()
            .delete_manifest(&name("a"), &digest, "alice")
            .await;
        assert!(deleted.unwrap());
    }
    registry
        .store()
        .delete_blob(&name("a"), &Digest::sha256(b"layer"), "alice")
        .await
        .unwrap();
    let back = restore(&registry, "a", &TagOrDigest::Tag(tag("all"))).await;
    assert_eq!(
        back,
        Restored::Done {
            digest: index,
            tags: vec![tag("all")]
        }
    );
    let layer = registry.read("a", &Digest::sha256(b"layer")).await;
    assert_eq!(layer.as_deref(), Some("layer"));
    assert_eq!(registry.tag("a", "child").await, Some(child));
}

#[tokio::test]
async fn a_tag_that_points_elsewhere_by_now_stays() {
    let registry = Registry::new().await;
    registry.push("a", "v1", "one").await;
    registry
        .store()
        .delete_tag(&name("a"), &tag("v1"), "alice")
        .await
        .unwrap();
    let two = registry.push("a", "v1", "two").await;
    let back = restore(&registry, "a", &TagOrDigest::Tag(tag("v1"))).await;
    assert_eq!(back, Restored::Occupied { by: two });
    assert_eq!(registry.tag("a", "v1").await, Some(two));
}

#[tokio::test]
async fn what_was_never_deleted_is_unknown() {
    let registry = Registry::new().await;
    let one = registry.push("a", "v1", "one").await;
    for reference in [TagOrDigest::Tag(tag("v1")), TagOrDigest::Digest(one)] {
        assert_eq!(restore(&registry, "a", &reference).await, Restored::Unknown);
    }
}
