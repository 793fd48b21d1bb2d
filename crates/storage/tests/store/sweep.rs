//! What the sweep frees, and what it must not touch.

use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::Duration;

use berth_oci::{Digest, TagOrDigest};
use berth_storage::{FinishUpload, PutManifest, SweepOptions, SweepReport};
use bytes::Bytes;

use crate::harness::{GRACE, Registry, image, manifest, name, tag};

const MOMENT: Duration = Duration::from_secs(1);
/// A moment less than the grace.
const ALMOST: Duration = Duration::from_secs(24 * 3600 - 1);

pub(crate) async fn sweep(registry: &Registry) -> SweepReport {
    let options = SweepOptions {
        pause: Duration::ZERO,
        ..SweepOptions::default()
    };
    registry.store().sweep(options, |_| {}).await.unwrap()
}

async fn dry_run(registry: &Registry) -> SweepReport {
    let options = SweepOptions {
        dry_run: true,
        pause: Duration::ZERO,
    };
    registry.store().sweep(options, |_| {}).await.unwrap()
}

/// Sweeps until everything that can go has gone: condemned, a grace, decided, twice for what frees other things.
async fn sweep_all(registry: &Registry) -> u64 {
    let mut freed = 0;
    for _ in 0..3 {
        freed += sweep(registry).await.freed_bytes;
        registry.advance(GRACE * 2 + MOMENT);
    }
    freed + sweep(registry).await.freed_bytes
}

/// Whole blocks below a folder.
fn disk_use(folder: &Path) -> u64 {
    let own = std::fs::symlink_metadata(folder).unwrap().blocks() * 512;
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    own + entries.map(|entry| disk_use(&entry.unwrap().path())).sum::<u64>()
}

fn bytes_of(registry: &Registry, digest: &Digest) -> bool {
    let hex = digest.hex();
    registry
        .path(&format!("blobs/sha256/{}/{hex}/data", &hex[..2]))
        .exists()
}

#[tokio::test]
async fn what_nothing_needs_goes_when_its_grace_is_over_and_not_before() {
    let registry = Registry::new().await;
    registry.push("a", "v1", "kept").await;
    let layer = registry.upload("a", b"alone").await;
    let kept = Digest::sha256(b"kept");
    registry.advance(GRACE * 2 + MOMENT);
    let first = sweep(&registry).await;
    assert_eq!((first.unneeded, first.removed_edges), (1, 0), "{first:?}");
    registry.advance(ALMOST);
    assert_eq!(sweep(&registry).await.removed_edges, 0);
    registry.advance(MOMENT * 2);
    let last = sweep(&registry).await;
    assert_eq!((last.removed_edges, last.removed_blobs), (1, 1), "{last:?}");
    assert!(!bytes_of(&registry, &layer) && bytes_of(&registry, &kept));
    assert_eq!(registry.read("a", &layer).await, None);
    assert_eq!(registry.read("a", &kept).await.as_deref(), Some("kept"));
}

#[tokio::test]
async fn who_was_told_that_a_layer_is_there_may_put_a_manifest_on_it() {
    let registry = Registry::new().await;
    registry.upload("a", b"{}").await;
    let layer = registry.upload("a", b"layer").await;
    registry.advance(GRACE * 2 + MOMENT);
    sweep(&registry).await;
    registry.advance(ALMOST);
    for content in [&b"{}"[..], b"layer"] {
        let digest = Digest::sha256(content);
        assert!(
            registry
                .store()
                .stat_blob(&name("a"), &digest)
                .await
                .unwrap()
                .is_some()
        );
    }
    // Condemned long enough, but promised a moment ago.
    registry.advance(ALMOST);
    let report = sweep(&registry).await;
    assert_eq!((report.leased, report.removed_edges), (2, 0), "{report:?}");
    registry.put("a", image("layer", &["v1"])).await;
    sweep_all(&registry).await;
    assert_eq!(registry.read("a", &layer).await.as_deref(), Some("layer"));
}

#[tokio::test]
async fn after_a_kill_everything_is_promised_for_a_grace_and_after_an_end_in_order_what_was() {
    let mut registry = Registry::new().await;
    for content in [&b"one"[..], b"two"] {
        registry.upload("a", content).await;
    }
    registry.advance(GRACE * 2 + MOMENT);
    sweep(&registry).await;
    registry.advance(GRACE);
    let one = Digest::sha256(b"one");
    registry.store().stat_blob(&name("a"), &one).await.unwrap();
    registry.restart().await;
    let report = sweep(&registry).await;
    assert_eq!((report.leased, report.removed_edges), (1, 1), "{report:?}");
    registry.advance(GRACE * 2 + MOMENT);
    registry.crash().await;
    let report = sweep(&registry).await;
    assert_eq!((report.leased, report.removed_edges), (1, 0), "{report:?}");
    registry.advance(GRACE * 2 + MOMENT);
    assert_eq!(sweep(&registry).await.removed_edges, 1);
}

#[tokio::test]
async fn an_upload_under_way_keeps_the_layers_of_its_repository() {
    let registry = Registry::new().await;
    let layer = registry.upload("a", b"pushed before").await;
    registry.upload("b", b"elsewhere").await;
    sweep(&registry).await;
    registry.advance(GRACE * 2 + MOMENT);
    let mut session = registry.store().start_upload(&name("a"), None).await.unwrap();
    session.append(Bytes::from_static(b"slow")).await.unwrap();
    let report = sweep(&registry).await;
    assert_eq!((report.leased, report.removed_edges), (1, 1), "{report:?}");
    assert!(bytes_of(&registry, &layer));
    let finished = session.finish(&Digest::sha256(b"slow")).await.unwrap();
    assert_eq!(finished, FinishUpload::Stored { size: 4 });
    assert_eq!(sweep(&registry).await.removed_edges, 1);
}

#[tokio::test]
async fn untagged_manifests_children_and_referrers_stay() {
    let registry = Registry::new().await;
    let one = registry.push("a", "v1", "one").await;
    registry
        .store()
        .delete_tag(&name("a"), &tag("v1"), "tester")
        .await
        .unwrap();
    sweep_all(&registry).await;
    let stored = registry
        .store()
        .get_manifest(&name("a"), &TagOrDigest::Digest(one))
        .await;
    assert!(stored.unwrap().is_some());
    assert_eq!(
        registry.read("a", &Digest::sha256(b"one")).await.as_deref(),
        Some("one")
    );
}

#[tokio::test]
async fn a_layer_of_two_repositories_goes_with_the_last() {
    let registry = Registry::new().await;
    let by = registry.push("a", "v1", "shared").await;
    registry.push("b", "v1", "shared").await;
    let layer = Digest::sha256(b"shared");
    registry
        .store()
        .delete_manifest(&name("a"), &by, "tester")
        .await
        .unwrap();
    sweep_all(&registry).await;
    assert_eq!(registry.read("a", &layer).await, None);
    assert_eq!(registry.read("b", &layer).await.as_deref(), Some("shared"));
    registry
        .store()
        .delete_manifest(&name("b"), &by, "tester")
        .await
        .unwrap();
    sweep_all(&registry).await;
    assert!(!bytes_of(&registry, &layer) && !bytes_of(&registry, &by));
}

#[tokio::test]
async fn a_manifest_that_can_not_be_read_freezes_its_repository() {
    let mut registry = Registry::new().await;
    let by = registry.push("a", "v1", "layer").await;
    let hex = by.hex();
    let path = registry.path(&format!("blobs/sha256/{}/{hex}/data", &hex[..2]));
    let good = std::fs::read(&path).unwrap();
    registry.stop().await;
    std::fs::write(&path, b"rotten").unwrap();
    std::fs::remove_file(registry.root().join(".berth/index.sqlite")).unwrap();
    registry.start().await;
    sweep_all(&registry).await;
    let report = sweep(&registry).await;
    assert_eq!(report.frozen, [name("a")]);
    assert!(bytes_of(&registry, &Digest::sha256(b"layer")));
    // A push heals it, and its repository is swept again.
    let put = manifest(String::from_utf8(good).unwrap(), &["v1"]);
    assert_eq!(registry.put("a", put).await, by);
    registry.upload("a", b"alone").await;
    sweep_all(&registry).await;
    assert!(!bytes_of(&registry, &Digest::sha256(b"alone")));
    assert_eq!(
        registry.read("a", &Digest::sha256(b"layer")).await.as_deref(),
        Some("layer")
    );
}

#[tokio::test]
async fn bytes_that_no_link_ever_led_to_are_found() {
    let mut registry = Registry::new().await;
    let layer = registry.upload("a", b"lost").await;
    registry.stop().await;
    std::fs::remove_dir_all(registry.path("repositories/a")).unwrap();
    std::fs::remove_file(registry.root().join(".berth/index.sqlite")).unwrap();
    registry.start().await;
    sweep_all(&registry).await;
    assert!(!bytes_of(&registry, &layer));
}

#[tokio::test]
async fn a_dry_run_tells_and_changes_nothing() {
    let registry = Registry::new().await;
    let layer = registry.upload("a", b"alone").await;
    registry.advance(GRACE * 2 + MOMENT);
    let report = dry_run(&registry).await;
    assert_eq!(
        (report.unneeded, report.unneeded_bytes, report.due),
        (1, 5, 0),
        "{report:?}"
    );
    sweep(&registry).await;
    registry.advance(GRACE + MOMENT);
    let report = dry_run(&registry).await;
    assert_eq!(
        (report.due, report.removed_edges, report.freed_bytes),
        (1, 0, 0),
        "{report:?}"
    );
    assert_eq!(registry.read("a", &layer).await.as_deref(), Some("alone"));
}

#[tokio::test]
async fn the_bytes_freed_are_those_that_the_disk_gets_back() {
    let registry = Registry::new().await;
    registry.push("a", "v1", "kept").await;
    for number in 0..20_u8 {
        registry
            .upload("a", &vec![number; 5000 * usize::from(number)])
            .await;
    }
    let doomed = registry.push("b", "v1", "doomed").await;
    registry
        .store()
        .delete_manifest(&name("b"), &doomed, "tester")
        .await
        .unwrap();
    let before = disk_use(&registry.path(""));
    let freed = sweep_all(&registry).await;
    assert_eq!(freed, before - disk_use(&registry.path("")));
    assert!(freed > 900_000, "{freed}");
}

#[tokio::test]
async fn bytes_that_somebody_still_reads_are_counted_apart() {
    let registry = Registry::new().await;
    let layer = registry.upload("a", &vec![7; 100_000]).await;
    let reader = registry.store().open_blob(&name("a"), &layer).await.unwrap();
    registry.advance(GRACE * 2 + MOMENT);
    sweep(&registry).await;
    registry.advance(GRACE + MOMENT);
    let report = sweep(&registry).await;
    assert!(
        report.held_bytes >= 100_000 && report.freed_bytes < 100_000,
        "{report:?}"
    );
    let mut reader = reader.unwrap();
    let mut read = 0;
    while let Some(chunk) = reader.next_chunk().await.unwrap() {
        read += chunk.len();
    }
    assert_eq!(read, 100_000);
}

#[tokio::test]
async fn a_push_of_a_swept_layer_is_told_that_it_is_missing_and_works_again() {
    let registry = Registry::new().await;
    registry.push("a", "v1", "kept").await;
    let layer = registry.upload("a", b"layer").await;
    sweep_all(&registry).await;
    let answer = registry
        .store()
        .put_manifest(&name("a"), image("layer", &["v2"]))
        .await
        .unwrap();
    assert_eq!(answer, PutManifest::MissingContent(vec![layer]));
    let digest = registry.push("a", "v2", "layer").await;
    assert_eq!(registry.tag("a", "v2").await, Some(digest));
}

#[tokio::test]
async fn stale_uploads_go_with_the_sweep() {
    let registry = Registry::new().await;
    let mut session = registry.store().start_upload(&name("a"), None).await.unwrap();
    session
        .append(Bytes::from_static(b"never finished"))
        .await
        .unwrap();
    session.pause().await.unwrap();
    registry.advance(Duration::from_secs(8 * 24 * 3600));
    let report = sweep(&registry).await;
    assert_eq!(report.removed_uploads, 1, "{report:?}");
    assert!(report.freed_bytes > 0, "{report:?}");
}
