//! What keeps a sweep from taking what somebody builds on, each guard by itself.

use std::sync::Arc;

use berth_oci::Digest;

use crate::commit::{Outcome, SweepBytes, SweepEdge};
use crate::test_store::{GRACE, TestStore, name};

/// Races that are tried again and again.
const ROUNDS: usize = 100;

fn edge(test: &TestStore, digest: Digest) -> SweepEdge {
    let inner = &test.store().inner;
    SweepEdge {
        repository: name("repo"),
        digest,
        state: Arc::clone(&inner.state),
        taken_back_from: inner.grace_began(),
    }
}

fn bytes(test: &TestStore, digest: Digest) -> SweepBytes {
    let inner = &test.store().inner;
    SweepBytes {
        digest,
        state: Arc::clone(&inner.state),
        taken_back_from: inner.grace_began(),
    }
}

#[tokio::test]
async fn a_blob_on_its_way_out_is_not_promised() {
    let test = TestStore::new().await;
    let layer = test.upload("repo", b"layer").await.unwrap();
    test.clock.advance(GRACE * 3);
    let inner = &test.store().inner;
    assert!(inner.leases.close(&name("repo"), &layer));
    let told = test.store().stat_blob(&name("repo"), &layer).await.unwrap();
    assert_eq!(told, None);
    inner.leases.open_again(&name("repo"), &layer);
    let told = test.store().stat_blob(&name("repo"), &layer).await.unwrap();
    assert_eq!(told, Some(5));
    assert!(!inner.leases.close(&name("repo"), &layer), "it was promised");
}

#[tokio::test]
async fn what_is_needed_by_then_is_not_removed() {
    let test = TestStore::new().await;
    let manifest = test.push("repo", "v1", "layer").await.unwrap();
    let layer = Digest::sha256(b"layer");
    let committer = &test.store().inner.committer;
    let refused = committer.commit(edge(&test, layer)).await.unwrap();
    assert_eq!(refused, Outcome::Referenced(layer));
    for digest in [layer, manifest] {
        let refused = committer.commit(bytes(&test, digest)).await.unwrap();
        assert_eq!(refused, Outcome::Referenced(digest));
    }
    let deleted = test
        .store()
        .delete_manifest(&name("repo"), &manifest, "tester")
        .await;
    assert!(deleted.unwrap());
    // It can be taken back, and needs both for that.
    let refused = committer.commit(edge(&test, layer)).await.unwrap();
    assert_eq!(refused, Outcome::Referenced(layer));
    let refused = committer.commit(bytes(&test, manifest)).await.unwrap();
    assert_eq!(refused, Outcome::Referenced(manifest));
}

#[tokio::test]
async fn an_upload_beside_the_removal_of_its_bytes_is_whole() {
    let test = TestStore::new().await;
    for _ in 0..ROUNDS {
        let layer = test.upload("repo", b"layer").await.unwrap();
        let committer = &test.store().inner.committer;
        let (edge_gone, bytes_gone, uploaded) = tokio::join!(
            committer.commit(edge(&test, layer)),
            committer.commit(bytes(&test, layer)),
            test.upload("repo", b"layer"),
        );
        edge_gone.unwrap();
        bytes_gone.unwrap();
        uploaded.unwrap();
        if let Some(mut reader) = test.store().open_blob(&name("repo"), &layer).await.unwrap() {
            while reader.next_chunk().await.unwrap().is_some() {}
        }
        let gone_since = test.store().stat_blob(&name("repo"), &layer).await.unwrap();
        let link = test.layout().path(&crate::layout::Key::Edge(name("repo"), layer));
        // The upload may have been first, but the link and the bytes never part.
        assert_eq!(gone_since.is_some(), link.exists());
        assert!(!link.exists() || test.layout().bytes(&layer).exists());
    }
}

#[tokio::test]
async fn a_mount_or_a_manifest_beside_a_removal_is_whole_or_refused() {
    let test = TestStore::new().await;
    for round in 0..ROUNDS {
        let content = format!("layer {round}");
        let layer = test.upload("repo", content.as_bytes()).await.unwrap();
        test.upload("repo", b"{}").await.unwrap();
        let store = test.store();
        let (repo, other) = (name("repo"), name("other"));
        let put = crate::test_store::image(&content, "v1");
        let (mounted, edge_gone, put, bytes_gone) = tokio::join!(
            store.mount_blob(Some(&repo), &other, &layer),
            store.inner.committer.commit(edge(&test, layer)),
            store.put_manifest(&repo, put),
            store.inner.committer.commit(bytes(&test, layer)),
        );
        edge_gone.unwrap();
        bytes_gone.unwrap();
        let readable = async |repository| store.open_blob(repository, &layer).await.unwrap().is_some();
        assert_eq!(mounted.unwrap(), readable(&other).await, "round {round}");
        let stored = put.unwrap() == crate::PutManifest::Stored;
        assert!(!stored || readable(&repo).await, "round {round}");
    }
}
