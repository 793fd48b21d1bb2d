//! What holds when the disk fails, or the process dies, at any step.

use berth_oci::TagOrDigest;

use crate::fsck::{FsckOptions, fsck};
use crate::test_store::{TestStore, name, tag};
use crate::{StorageError, StoreHealth};

/// What a crash takes of that which no barrier covered: nothing (the process is killed), all, and parts of it.
const CUTS: [u64; 5] = [
    0,
    u64::MAX,
    0xaaaa_aaaa_aaaa_aaaa,
    0x6666_6666_6666_6666,
    0x1e1e_3c3c_7878_f0f1,
];

/// Stops at every step of `action` on a store with `repo:v1` -> one, and looks after the next start.
async fn die_at_every_step(action: impl AsyncFn(&TestStore) -> bool, look: impl AsyncFn(&TestStore, bool)) {
    for cut in CUTS {
        for step in 1.. {
            if !die_at(step, cut, &action, &look).await {
                assert!(step > 5, "the action takes no step");
                break;
            }
        }
    }
}

/// False when the action was done before that step.
async fn die_at(
    step: i64,
    cut: u64,
    action: &impl AsyncFn(&TestStore) -> bool,
    look: &impl AsyncFn(&TestStore, bool),
) -> bool {
    let mut test = TestStore::new().await;
    test.push("repo", "v1", "one").await.unwrap();
    test.upload("repo", b"two").await.unwrap();
    test.faults.die(step);
    let acknowledged = action(&test).await;
    let struck = test.faults.struck();
    test.cut_power(cut).await;
    look(&test, acknowledged).await;
    test.restart().await;
    look(&test, acknowledged).await;
    assert_agrees_with_a_rebuild(&mut test).await;
    test.store.take().unwrap().close().await.unwrap();
    let report = fsck(test.folder.path(), FsckOptions::default()).unwrap();
    assert_eq!(report.lines, [], "after step {step}, cut {cut:x}");
    assert!(struck || acknowledged);
    struck
}

/// What can be listed, before and after the index is made anew.
async fn assert_agrees_with_a_rebuild(test: &mut TestStore) {
    let before = listing(test).await;
    test.store.take().unwrap().close().await.unwrap();
    std::fs::remove_file(test.layout().private("index.sqlite")).unwrap();
    test.start().await;
    assert_eq!(before, listing(test).await);
}

async fn listing(test: &TestStore) -> Vec<String> {
    let mut lines = Vec::new();
    for repository in test.store().list_repositories(None, 100).await.unwrap().items {
        lines.push(repository.to_string());
        let tags = test
            .store()
            .list_tags(&repository, None, 100)
            .await
            .unwrap()
            .unwrap();
        for tag in tags.items {
            let digest = test.pull(repository.as_str(), tag.as_str()).await;
            lines.push(format!("{repository}:{tag} {digest:?}"));
        }
        let keys = test
            .store()
            .inner
            .readers
            .read(|read| read.keys(&repository))
            .unwrap();
        lines.extend(keys.iter().map(crate::layout::Key::relative));
    }
    lines.sort();
    lines
}

#[tokio::test]
async fn a_moved_tag_never_points_at_a_manifest_that_is_not_there() {
    let one = crate::test_store::image("one", "v1").digest;
    let two = crate::test_store::image("two", "v1").digest;
    die_at_every_step(
        async |test| test.put("repo", "v1", "two").await.is_ok(),
        async |test, acknowledged| {
            let found = test.pull("repo", "v1").await;
            assert!(
                found == Some(two) || (!acknowledged && found == Some(one)),
                "{found:?}"
            );
        },
    )
    .await;
}

#[tokio::test]
async fn a_push_is_whole_or_absent() {
    die_at_every_step(
        async |test| test.push("fresh", "v1", "layer").await.is_ok(),
        async |test, acknowledged| {
            let found = test.pull("fresh", "v1").await;
            assert!(found.is_some() || !acknowledged);
        },
    )
    .await;
}

#[tokio::test]
async fn a_mount_is_whole_or_absent() {
    let digest = berth_oci::Digest::sha256(b"two");
    die_at_every_step(
        async |test| {
            let (from, to) = (name("repo"), name("other"));
            test.store().mount_blob(Some(&from), &to, &digest).await.is_ok()
        },
        async |test, acknowledged| {
            let found = test.store().stat_blob(&name("other"), &digest).await.unwrap();
            assert!(found == Some(3) || !acknowledged);
        },
    )
    .await;
}

#[tokio::test]
async fn a_deleted_manifest_leaves_no_tag_that_points_at_it() {
    let one = crate::test_store::image("one", "v1").digest;
    die_at_every_step(
        async |test| test.store().delete_manifest(&name("repo"), &one).await.is_ok(),
        async |test, acknowledged| {
            let by_tag = test.pull("repo", "v1").await;
            let by_digest = test
                .store()
                .get_manifest(&name("repo"), &TagOrDigest::Digest(one))
                .await;
            let by_digest = by_digest.unwrap();
            assert!(by_tag.is_none() || by_digest.is_some());
            assert!(by_tag.is_none() || !acknowledged);
            assert!(by_digest.is_none() || !acknowledged);
        },
    )
    .await;
}

#[tokio::test]
async fn a_failed_step_leaves_what_was_acknowledged() {
    for full in [false, true] {
        for step in 1.. {
            let mut test = TestStore::new().await;
            let one = test.push("repo", "v1", "one").await.unwrap();
            test.faults.fail(step, full);
            let pushed = test.push("repo", "v1", "two").await;
            if !test.faults.struck() {
                assert!(pushed.is_ok());
                break;
            }
            if full && let Err(error) = &pushed {
                assert!(matches!(error, StorageError::NoSpace { .. }), "{error}");
            }
            let found = test.pull("repo", "v1").await.unwrap();
            assert!(found == one || pushed.is_ok() || step > 10);
            // One fault is no reason to refuse the next push.
            assert_eq!(test.store().health(), StoreHealth::Writable, "step {step}");
            let two = test.push("repo", "v1", "two").await.unwrap();
            assert_eq!(test.pull("repo", "v1").await, Some(two));
            assert_agrees_with_a_rebuild(&mut test).await;
        }
    }
}

#[tokio::test]
async fn a_store_that_can_not_undo_reads_only_and_says_why() {
    let test = TestStore::new().await;
    let one = test.push("repo", "v1", "one").await.unwrap();
    // The first step commits the intent. Every later one fails.
    test.faults.die(2);
    assert!(test.store().delete_tag(&name("repo"), &tag("v1")).await.is_err());
    assert!(matches!(test.store().health(), StoreHealth::ReadOnly { .. }));
    let error = test
        .store()
        .delete_tag(&name("repo"), &tag("v1"))
        .await
        .unwrap_err();
    assert!(matches!(error, StorageError::ReadOnly { .. }), "{error}");
    assert_eq!(test.pull("repo", "v1").await, Some(one));
}
