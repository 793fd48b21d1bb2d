//! What holds when the disk fails, or the process dies, at any step.

use berth_oci::{Digest, TagOrDigest};

use crate::fsck::{FsckOptions, fsck};
use crate::test_store::{GRACE, TestStore, name, tag};
use crate::{Restored, StorageError, StoreHealth, SweepOptions, SweepReport};

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
    let prepare = async |test: &TestStore| {
        test.push("repo", "v1", "one").await.unwrap();
        test.upload("repo", b"two").await.unwrap();
    };
    die_at_every_step_after(prepare, action, look).await;
}

async fn die_at_every_step_after(
    prepare: impl AsyncFn(&TestStore),
    action: impl AsyncFn(&TestStore) -> bool,
    look: impl AsyncFn(&TestStore, bool),
) {
    for cut in CUTS {
        for step in 1.. {
            if !die_at(step, cut, &prepare, &action, &look).await {
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
    prepare: &impl AsyncFn(&TestStore),
    action: &impl AsyncFn(&TestStore) -> bool,
    look: &impl AsyncFn(&TestStore, bool),
) -> bool {
    let mut test = TestStore::new().await;
    prepare(&test).await;
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
    let digest = Digest::sha256(b"two");
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
        async |test| {
            test.store()
                .delete_manifest(&name("repo"), &one, "tester")
                .await
                .is_ok()
        },
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
    // The first step writes down what goes, the second commits the intent. Every later one fails.
    test.faults.die(3);
    assert!(
        test.store()
            .delete_tag(&name("repo"), &tag("v1"), "tester")
            .await
            .is_err()
    );
    assert!(matches!(test.store().health(), StoreHealth::ReadOnly { .. }));
    let error = test
        .store()
        .delete_tag(&name("repo"), &tag("v1"), "tester")
        .await
        .unwrap_err();
    assert!(matches!(error, StorageError::ReadOnly { .. }), "{error}");
    assert_eq!(test.pull("repo", "v1").await, Some(one));
}

/// `repo:v1` -> one; a layer that nothing needs in two repositories, and an image deleted longer ago than the grace: all of
/// it condemned and due.
async fn litter(test: &TestStore) {
    test.push("repo", "v1", "one").await.unwrap();
    for repository in ["repo", "other"] {
        test.upload(repository, b"litter").await.unwrap();
    }
    let gone = test.push("other", "v1", "gone").await.unwrap();
    delete(test, "other", &gone).await.unwrap();
    test.clock.advance(GRACE * 3);
    sweep(test).await.unwrap();
    test.clock.advance(GRACE * 3);
}

async fn delete(test: &TestStore, repository: &str, digest: &Digest) -> Result<bool, StorageError> {
    test.store()
        .delete_manifest(&name(repository), digest, "tester")
        .await
}

async fn sweep(test: &TestStore) -> Result<SweepReport, StorageError> {
    let options = SweepOptions {
        dry_run: false,
        pause: std::time::Duration::ZERO,
    };
    test.store().sweep(options, |_| {}).await
}

/// Everything that is needed is there; what is not goes, if not yet then with the next sweeps.
async fn assert_sweeps_on(test: &TestStore) {
    for _ in 0..3 {
        test.clock.advance(GRACE * 3);
        sweep(test).await.unwrap();
    }
    assert!(test.pull("repo", "v1").await.is_some());
    for content in [&b"litter"[..], b"gone"] {
        let path = test.layout().bytes(&Digest::sha256(content));
        assert!(!path.exists(), "{}", path.display());
    }
}

#[tokio::test]
async fn a_sweep_that_dies_takes_nothing_that_is_needed_and_the_next_ends_it() {
    die_at_every_step_after(
        litter,
        async |test| sweep(test).await.is_ok(),
        async |test, _| {
            assert!(test.pull("repo", "v1").await.is_some());
        },
    )
    .await;
}

#[tokio::test]
async fn a_delete_that_dies_can_be_taken_back() {
    let one = crate::test_store::image("one", "v1").digest;
    die_at_every_step(
        async |test| delete(test, "repo", &one).await.is_ok(),
        async |test, _| {
            if test.pull("repo", "v1").await.is_none() {
                let reference = TagOrDigest::Digest(one);
                let back = test.store().restore(&name("repo"), &reference).await.unwrap();
                assert!(matches!(back, Restored::Done { .. }), "{back:?}");
            }
            // The link of the tag goes before the manifest's, and comes back after it.
            let back = test
                .store()
                .restore(&name("repo"), &TagOrDigest::Tag(tag("v1")))
                .await;
            let found = test.pull("repo", "v1").await;
            assert_eq!(found, Some(one), "{back:?}");
        },
    )
    .await;
}

#[tokio::test]
async fn a_restore_that_dies_is_whole_or_can_be_tried_again() {
    let one = crate::test_store::image("one", "v1").digest;
    let prepare = async |test: &TestStore| {
        test.push("repo", "v1", "one").await.unwrap();
        assert!(delete(test, "repo", &one).await.unwrap());
    };
    let reference = TagOrDigest::Digest(one);
    let restore = async |test: &TestStore| test.store().restore(&name("repo"), &reference).await;
    die_at_every_step_after(
        prepare,
        async |test| restore(test).await.is_ok(),
        async |test, acknowledged| {
            let found = test.pull("repo", "v1").await;
            assert!(found == Some(one) || !acknowledged);
            if found.is_none() {
                let back = restore(test).await.unwrap();
                assert!(matches!(back, Restored::Done { .. }), "{back:?}");
            }
        },
    )
    .await;
}

#[tokio::test]
async fn a_failed_step_of_a_sweep_leaves_what_is_needed_and_the_next_ends_it() {
    for full in [false, true] {
        for step in 1.. {
            let mut test = TestStore::new().await;
            litter(&test).await;
            test.faults.fail(step, full);
            let swept = sweep(&test).await;
            if !test.faults.struck() {
                assert!(swept.is_ok() && step > 5, "{swept:?}");
                break;
            }
            assert!(test.pull("repo", "v1").await.is_some());
            assert_eq!(test.store().health(), StoreHealth::Writable, "step {step}");
            assert_sweeps_on(&test).await;
            assert_agrees_with_a_rebuild(&mut test).await;
        }
    }
}

#[tokio::test]
async fn a_failed_step_of_a_delete_leaves_the_image_or_no_tag_of_it() {
    for full in [false, true] {
        for step in 1.. {
            let mut test = TestStore::new().await;
            let one = test.push("repo", "v1", "one").await.unwrap();
            test.faults.fail(step, full);
            let deleted = test.store().delete_manifest(&name("repo"), &one, "tester").await;
            if !test.faults.struck() {
                assert!(deleted.unwrap());
                break;
            }
            let found = test.pull("repo", "v1").await;
            assert!(found.is_none() || deleted.is_err(), "step {step}");
            assert_eq!(test.store().health(), StoreHealth::Writable, "step {step}");
            test.push("repo", "v1", "one").await.unwrap();
            assert_agrees_with_a_rebuild(&mut test).await;
        }
    }
}
