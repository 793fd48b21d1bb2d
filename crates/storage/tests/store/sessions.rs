//! Upload sessions through restarts, power cuts and time.

use std::fs;
use std::time::Duration;

use berth_oci::Digest;
use berth_storage::{FinishUpload, ResumedUpload, UploadId};
use bytes::Bytes;

use crate::harness::{Registry, name};

async fn paused(registry: &Registry, content: &'static [u8]) -> UploadId {
    let mut session = registry.store().start_upload(&name("a"), None).await.unwrap();
    let id = session.id();
    session.append(Bytes::from_static(content)).await.unwrap();
    session.pause().await.unwrap();
    id
}

#[tokio::test]
async fn a_session_s_folder_is_as_docker_s_registry_makes_it() {
    let registry = Registry::new().await;
    let id = paused(&registry, b"bytes").await.to_string();
    assert_eq!(id.len(), 36);
    let folder = registry.path("repositories/a/_uploads").join(id);
    assert_eq!(
        fs::read_to_string(folder.join("startedat")).unwrap(),
        "2023-11-14T22:13:20Z"
    );
    assert_eq!(fs::read_to_string(folder.join("data")).unwrap(), "bytes");
}

#[tokio::test]
async fn a_session_that_a_request_holds_is_known_before_it_has_a_file() {
    let registry = Registry::new().await;
    let id = paused(&registry, b"").await;
    let held = registry.store().resume_upload(&name("a"), id).await.unwrap();
    assert!(matches!(held, ResumedUpload::Session(_)));
    assert_eq!(
        registry.store().upload_offset(&name("a"), id).await.unwrap(),
        Some(0)
    );
    assert_eq!(
        registry.store().upload_offset(&name("b"), id).await.unwrap(),
        None
    );
}

#[tokio::test]
async fn a_killed_process_loses_no_byte_of_a_session() {
    let mut registry = Registry::new().await;
    let id = paused(&registry, b"all of it").await;
    registry.crash().await;
    assert_eq!(
        registry.store().upload_offset(&name("a"), id).await.unwrap(),
        Some(9)
    );
}

#[tokio::test]
async fn after_a_power_cut_a_session_goes_on_at_its_last_synced_byte() {
    let mut registry = Registry::new().await;
    let id = paused(&registry, b"synced, not synced").await;
    let lost = paused(&registry, b"never synced").await;
    let folder = registry.path("repositories/a/_uploads").join(id.to_string());
    fs::write(folder.join("berth-session"), r#"{"synced":6}"#).unwrap();
    registry.kill().await;
    fs::write(
        registry.root().join(".berth/boot"),
        "another start of the machine",
    )
    .unwrap();
    registry.start().await;
    assert_eq!(
        registry.store().upload_offset(&name("a"), id).await.unwrap(),
        Some(6)
    );
    assert_eq!(
        registry.store().upload_offset(&name("a"), lost).await.unwrap(),
        Some(0)
    );
    let mut session = registry.resume("a", id).await;
    assert_eq!(session.offset(), 6);
    session.append(Bytes::from_static(b" again")).await.unwrap();
    let stored = session.finish(&Digest::sha256(b"synced again")).await.unwrap();
    assert_eq!(stored, FinishUpload::Stored { size: 12 });
}

#[tokio::test]
async fn a_long_upload_notes_how_much_of_it_is_durable() {
    let registry = Registry::new().await;
    let mut session = registry.store().start_upload(&name("a"), None).await.unwrap();
    let id = session.id();
    for _ in 0..70 {
        session.append(Bytes::from(vec![1; 1 << 20])).await.unwrap();
    }
    session.pause().await.unwrap();
    let folder = registry.path("repositories/a/_uploads").join(id.to_string());
    let note = fs::read_to_string(folder.join("berth-session")).unwrap();
    let synced: u64 = note
        .strip_prefix(r#"{"synced":"#)
        .unwrap()
        .trim_end_matches('}')
        .parse()
        .unwrap();
    assert!((64 << 20..=70 << 20).contains(&synced), "{note}");
}

#[tokio::test]
async fn an_old_session_is_removed_and_a_young_one_stays() {
    let mut registry = Registry::new().await;
    let old = paused(&registry, b"old").await;
    registry.advance(Duration::from_secs(6 * 24 * 3600));
    let young = paused(&registry, b"young").await;
    registry.advance(Duration::from_secs(2 * 24 * 3600));
    registry.restart().await;
    let uploads = registry.path("repositories/a/_uploads");
    for _ in 0..1000 {
        if !uploads.join(old.to_string()).exists() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let resumed = registry.store().resume_upload(&name("a"), old).await.unwrap();
    assert!(matches!(resumed, ResumedUpload::Unknown));
    assert_eq!(
        registry.store().upload_offset(&name("a"), young).await.unwrap(),
        Some(5)
    );
}

#[tokio::test]
async fn a_cancelled_upload_leaves_nothing() {
    let registry = Registry::new().await;
    let id = paused(&registry, b"bytes").await;
    registry.resume("a", id).await.cancel().await.unwrap();
    assert!(
        !registry
            .path("repositories/a/_uploads")
            .join(id.to_string())
            .exists()
    );
    assert_eq!(
        registry.store().upload_offset(&name("a"), id).await.unwrap(),
        None
    );
}

#[tokio::test]
async fn an_upload_that_can_not_be_finished_can_be_tried_again() {
    let registry = Registry::new().await;
    let mut session = registry.store().start_upload(&name("a"), None).await.unwrap();
    let id = session.id();
    session.append(Bytes::from_static(b"bytes")).await.unwrap();
    let tmp = registry.root().join(".berth/tmp");
    fs::rename(&tmp, registry.root().join("moved")).unwrap();
    session.finish(&Digest::sha256(b"bytes")).await.unwrap_err();
    fs::rename(registry.root().join("moved"), &tmp).unwrap();
    let session = registry.resume("a", id).await;
    let stored = session.finish(&Digest::sha256(b"bytes")).await.unwrap();
    assert_eq!(stored, FinishUpload::Stored { size: 5 });
}

#[tokio::test]
async fn a_session_to_which_nothing_came_survives_a_restart_too() {
    let mut registry = Registry::new().await;
    let session = registry.store().start_upload(&name("a"), None).await.unwrap();
    let id = session.id();
    session.pause().await.unwrap();
    assert_eq!(
        registry.store().upload_offset(&name("a"), id).await.unwrap(),
        Some(0)
    );
    registry.restart().await;
    let mut session = registry.resume("a", id).await;
    session.append(Bytes::from_static(b"bytes")).await.unwrap();
    let stored = session.finish(&Digest::sha256(b"bytes")).await.unwrap();
    assert_eq!(stored, FinishUpload::Stored { size: 5 });
}

#[tokio::test]
async fn a_session_keeps_its_owner_through_a_restart_and_a_kill() {
    let mut registry = Registry::new().await;
    let mut ids = Vec::new();
    for content in [b"".as_slice(), b"some"] {
        let mut session = registry.store().start_upload(&name("a"), None).await.unwrap();
        session.set_owner("ann".into());
        ids.push(session.id());
        session.append(Bytes::copy_from_slice(content)).await.unwrap();
        session.pause().await.unwrap();
    }
    let nobodys = paused(&registry, b"some").await;
    let owner = async |registry: &Registry, id| registry.store().upload_owner(&name("a"), id).await.unwrap();
    registry.restart().await;
    for id in &ids {
        assert_eq!(owner(&registry, *id).await.as_deref(), Some("ann"));
        // Who goes on with it leaves it as it was.
        registry.resume("a", *id).await.pause().await.unwrap();
    }
    registry.crash().await;
    for id in &ids {
        assert_eq!(owner(&registry, *id).await.as_deref(), Some("ann"));
    }
    assert_eq!(owner(&registry, nobodys).await, None);
}
