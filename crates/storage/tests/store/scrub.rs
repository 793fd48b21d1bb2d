//! The scrub: what rots is found though nobody pulls it, is never served, and heals.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use berth_oci::Digest;
use berth_storage::ScrubReport;

use crate::harness::Registry;

#[tokio::test]
async fn a_flipped_byte_is_found_by_the_scrub_set_aside_never_served_and_heals_on_the_next_push() {
    let mut registry = Registry::new().await;
    let kept = registry.push("a", "v1", "kept").await;
    let digest = registry.upload("a", b"to be flipped").await;
    assert!(registry.read("a", &digest).await.is_some());
    flip(&data(&registry, &digest));
    let report = scrub(&registry).await;
    assert_eq!(report.damaged, [digest], "{report:?}");
    assert!(!data(&registry, &digest).exists());
    assert!(registry.read("a", &digest).await.is_none());
    assert_eq!(registry.store().damaged_blobs().await.unwrap(), 1);
    registry.upload("a", b"to be flipped").await;
    assert_eq!(registry.read("a", &digest).await.unwrap(), "to be flipped");
    assert_eq!(registry.store().damaged_blobs().await.unwrap(), 0);
    assert_eq!(scrub(&registry).await.damaged, []);
    assert_eq!(registry.tag("a", "v1").await, Some(kept));
    registry.stop().await;
}

#[tokio::test]
async fn a_scrub_reads_every_byte_and_tells_its_pace() {
    let registry = Registry::new().await;
    registry.upload("a", &vec![7; 3_000_000]).await;
    registry.upload("b", b"small").await;
    let told = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&told);
    let pace = move |bytes| {
        count.fetch_add(bytes, Ordering::Relaxed);
        true
    };
    let report = registry.store().scrub(pace).await.unwrap();
    assert_eq!(
        (report.blobs, report.bytes, report.stopped),
        (2, 3_000_005, false)
    );
    assert_eq!(told.load(Ordering::Relaxed), 3_000_005);
}

#[tokio::test]
async fn a_scrub_that_was_stopped_goes_on_where_it_was() {
    let mut registry = Registry::new().await;
    for number in 0..200 {
        registry.upload("a", format!("blob {number}").as_bytes()).await;
    }
    let mut left = 100;
    let pace = move |_| {
        left -= 1;
        left > 0
    };
    let first = registry.store().scrub(pace).await.unwrap();
    assert!(first.stopped && first.blobs == 99, "{first:?}");
    registry.restart().await;
    let rest = scrub(&registry).await;
    // The folder in which it was stopped is read again.
    assert!(!rest.stopped && (101..120).contains(&rest.blobs), "{rest:?}");
    assert_eq!(scrub(&registry).await.blobs, 200);
}

async fn scrub(registry: &Registry) -> ScrubReport {
    registry.store().scrub(|_| true).await.unwrap()
}

fn data(registry: &Registry, digest: &Digest) -> PathBuf {
    let hex = digest.hex();
    registry.path(&format!("blobs/sha256/{}/{hex}/data", &hex[..2]))
}

fn flip(path: &PathBuf) {
    let mut bytes = fs::read(path).unwrap();
    bytes[3] ^= 1;
    fs::write(path, bytes).unwrap();
}
