//! What a client can rely on, through the public API.

use berth_oci::{Algorithm, Digest, TagOrDigest};
use berth_storage::{FinishUpload, PutManifest, ResumedUpload};
use bytes::Bytes;

use crate::harness::{Registry, image, name, tag};

#[tokio::test]
async fn a_pushed_image_is_pulled_back_whole() {
    let registry = Registry::new().await;
    let store = registry.store();
    let digest = registry.push("team/app", "v1", "layer").await;
    let stored = store
        .get_manifest(&name("team/app"), &TagOrDigest::Tag(tag("v1")))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(stored.digest, digest);
    assert_eq!(
        registry
            .read("team/app", &Digest::sha256(b"layer"))
            .await
            .unwrap(),
        "layer"
    );
}

#[tokio::test]
async fn a_manifest_without_its_layer_is_refused() {
    let registry = Registry::new().await;
    let put = image("layer", &["v1"]);
    let answer = registry.store().put_manifest(&name("a"), put).await.unwrap();
    assert!(
        matches!(answer, PutManifest::MissingContent(missing) if missing.contains(&Digest::sha256(b"layer")))
    );
}

#[tokio::test]
async fn a_wrong_digest_stores_nothing() {
    let registry = Registry::new().await;
    let mut session = registry.store().start_upload(&name("a"), None).await.unwrap();
    let id = session.id();
    session.append(Bytes::from_static(b"bytes")).await.unwrap();
    let found = Digest::sha256(b"bytes");
    let answer = session.finish(&Digest::sha256(b"other")).await.unwrap();
    assert_eq!(answer, FinishUpload::DigestMismatch { found });
    assert_eq!(
        registry.store().stat_blob(&name("a"), &found).await.unwrap(),
        None
    );
    let resumed = registry.store().resume_upload(&name("a"), id).await.unwrap();
    assert!(matches!(resumed, ResumedUpload::Unknown));
}

#[tokio::test]
async fn an_upload_goes_on_after_a_restart() {
    let mut registry = Registry::new().await;
    let mut session = registry.store().start_upload(&name("a"), None).await.unwrap();
    let id = session.id();
    session.append(Bytes::from_static(b"first ")).await.unwrap();
    assert_eq!(session.pause().await.unwrap(), 6);
    registry.restart().await;
    assert_eq!(
        registry.store().upload_offset(&name("a"), id).await.unwrap(),
        Some(6)
    );
    let ResumedUpload::Session(mut session) = registry.store().resume_upload(&name("a"), id).await.unwrap()
    else {
        panic!("the session is gone");
    };
    session.append(Bytes::from_static(b"second")).await.unwrap();
    let digest = Digest::of(Algorithm::Sha512, b"first second");
    assert_eq!(
        session.finish(&digest).await.unwrap(),
        FinishUpload::Stored { size: 12 }
    );
    assert_eq!(registry.read("a", &digest).await.unwrap(), "first second");
}

#[tokio::test]
async fn a_marked_chunk_is_all_or_nothing() {
    let registry = Registry::new().await;
    let mut session = registry.store().start_upload(&name("a"), None).await.unwrap();
    let id = session.id();
    session.append(Bytes::from_static(b"kept")).await.unwrap();
    session.mark().await.unwrap();
    session.append(Bytes::from_static(b" dropped")).await.unwrap();
    drop(session);
    let mut session = registry.resume("a", id).await;
    assert_eq!(session.offset(), 4);
    session.mark().await.unwrap();
    session.append(Bytes::from(vec![7; 3 << 20])).await.unwrap();
    session.append(Bytes::from(vec![7; 3 << 20])).await.unwrap();
    session.rollback().await.unwrap();
    let stored = session.finish(&Digest::sha256(b"kept")).await.unwrap();
    assert_eq!(stored, FinishUpload::Stored { size: 4 });
}

#[tokio::test]
async fn a_broken_connection_keeps_what_came() {
    let registry = Registry::new().await;
    let mut session = registry.store().start_upload(&name("a"), None).await.unwrap();
    let id = session.id();
    session.append(Bytes::from(vec![1; 5 << 20])).await.unwrap();
    drop(session);
    assert_eq!(registry.resume("a", id).await.offset(), 5 << 20);
}

#[tokio::test]
async fn a_session_has_one_holder_and_one_repository() {
    let registry = Registry::new().await;
    let session = registry.store().start_upload(&name("a"), None).await.unwrap();
    let again = registry
        .store()
        .resume_upload(&name("a"), session.id())
        .await
        .unwrap();
    assert!(matches!(again, ResumedUpload::Busy));
    let elsewhere = registry
        .store()
        .resume_upload(&name("b"), session.id())
        .await
        .unwrap();
    assert!(matches!(elsewhere, ResumedUpload::Unknown));
}

#[tokio::test]
async fn a_mount_gives_access_without_bytes() {
    let registry = Registry::new().await;
    let digest = registry.upload("a", b"shared").await;
    let store = registry.store();
    assert!(
        store
            .mount_blob(Some(&name("a")), &name("b"), &digest)
            .await
            .unwrap()
    );
    assert!(store.mount_blob(None, &name("c"), &digest).await.unwrap());
    assert!(
        !store
            .mount_blob(Some(&name("d")), &name("e"), &digest)
            .await
            .unwrap()
    );
    assert_eq!(registry.read("b", &digest).await.unwrap(), "shared");
    assert!(registry.read("e", &digest).await.is_none());
}

#[tokio::test]
async fn a_second_store_on_the_folder_names_the_holder() {
    let registry = Registry::new().await;
    let error = registry.open_again().await.map(drop).unwrap_err();
    let message = error.to_string();
    assert!(
        message.contains(&format!("process {}", std::process::id())),
        "{message}"
    );
}
