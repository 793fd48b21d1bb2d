//! Bytes that are not what their digest says.

use std::fs;
use std::path::PathBuf;

use berth_oci::{ByteRange, Digest};
use berth_storage::StorageError;

use crate::harness::{Registry, name};

fn data(registry: &Registry, digest: &Digest) -> PathBuf {
    let hex = digest.hex();
    registry.path(&format!("blobs/sha256/{}/{hex}/data", &hex[..2]))
}

#[tokio::test]
async fn a_damaged_blob_is_not_served_is_set_aside_and_heals() {
    let mut registry = Registry::new().await;
    let digest = registry.upload("a", b"right").await;
    registry.stop().await;
    fs::write(data(&registry, &digest), "wrong").unwrap();
    registry.start().await;
    assert!(registry.read("a", &digest).await.is_none());
    assert!(!data(&registry, &digest).exists());
    let aside = registry
        .root()
        .join(format!(".berth/damaged/sha256-{}", digest.hex()));
    assert_eq!(fs::read_to_string(aside).unwrap(), "wrong");
    assert_eq!(
        registry.store().stat_blob(&name("a"), &digest).await.unwrap(),
        None
    );
    registry.upload("a", b"right").await;
    assert_eq!(registry.read("a", &digest).await.unwrap(), "right");
}

#[tokio::test]
async fn a_push_heals_what_no_pull_has_found_damaged() {
    let mut registry = Registry::new().await;
    let digest = registry.upload("a", b"right").await;
    registry.stop().await;
    fs::write(data(&registry, &digest), "wrong").unwrap();
    registry.start().await;
    registry.upload("a", b"right").await;
    assert_eq!(registry.read("a", &digest).await.unwrap(), "right");
}

#[tokio::test]
async fn a_damaged_manifest_is_not_served_and_heals() {
    let mut registry = Registry::new().await;
    let digest = registry.push("a", "v1", "layer").await;
    registry.stop().await;
    fs::write(data(&registry, &digest), "{}").unwrap();
    registry.start().await;
    assert_eq!(registry.tag("a", "v1").await, None);
    registry.push("a", "v1", "layer").await;
    assert_eq!(registry.tag("a", "v1").await, Some(digest));
}

#[tokio::test]
async fn the_last_chunk_of_a_large_damaged_blob_is_held_back() {
    let mut registry = Registry::new().await;
    let content = vec![b'x'; 6 << 20];
    let digest = registry.upload("a", &content).await;
    registry.stop().await;
    let mut wrong = content.clone();
    wrong[5] = b'y';
    fs::write(data(&registry, &digest), wrong).unwrap();
    registry.start().await;
    let mut reader = registry
        .store()
        .open_blob(&name("a"), &digest)
        .await
        .unwrap()
        .unwrap();
    let mut read = 0;
    let error = loop {
        match reader.next_chunk().await {
            Ok(chunk) => read += chunk.unwrap().len(),
            Err(error) => break error,
        }
    };
    assert!(matches!(error, StorageError::Damaged { .. }), "{error}");
    assert!(read < content.len());
    assert!(
        registry
            .store()
            .open_blob(&name("a"), &digest)
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn a_part_of_a_large_damaged_blob_is_never_sent() {
    let mut registry = Registry::new().await;
    let content = vec![b'x'; 6 << 20];
    let digest = registry.upload("a", &content).await;
    registry.stop().await;
    let mut wrong = content;
    wrong[5 << 20] = b'y';
    fs::write(data(&registry, &digest), wrong).unwrap();
    registry.start().await;
    let mut reader = registry
        .store()
        .open_blob(&name("a"), &digest)
        .await
        .unwrap()
        .unwrap();
    reader.set_range(ByteRange { start: 0, length: 10 });
    assert!(matches!(
        reader.next_chunk().await,
        Err(StorageError::Damaged { .. })
    ));
}

#[tokio::test]
async fn a_part_of_a_blob_is_that_part() {
    let registry = Registry::new().await;
    let content: Vec<u8> = (0..3 << 20)
        .map(|i: u32| i.to_le_bytes()[i as usize % 3])
        .collect();
    let digest = Digest::sha256(&content);
    let mut session = registry.store().start_upload(&name("a"), None).await.unwrap();
    session.append(content.clone().into()).await.unwrap();
    session.finish(&digest).await.unwrap();
    for (start, length) in [(0, 1), (5, 1 << 20), ((3 << 20) - 1, 1), (1, (3 << 20) - 1)] {
        let mut reader = registry
            .store()
            .open_blob(&name("a"), &digest)
            .await
            .unwrap()
            .unwrap();
        reader.set_range(ByteRange {
            start: start as u64,
            length: length as u64,
        });
        let mut read = Vec::new();
        while let Some(chunk) = reader.next_chunk().await.unwrap() {
            assert!(chunk.len() <= 1 << 20);
            read.extend_from_slice(&chunk);
        }
        assert!(read == content[start..start + length], "{start} {length}");
    }
}
