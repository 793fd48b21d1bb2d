use berth_oci::Digest;
use berth_registry::RegistryOptions;

use crate::app::{App, OCI_MANIFEST, image};

#[tokio::test]
async fn trap_17_a_deleted_tag_leaves_its_siblings_and_its_manifest() {
    let app = App::start().await;
    let digest = app.image("a:v1").await;
    let text = String::from_utf8(app.get("/v2/a/manifests/v1").await.body.to_vec()).unwrap();
    assert_eq!(app.manifest("a:v2", OCI_MANIFEST, &text).await.status, 201);
    assert_eq!(app.delete("/v2/a/manifests/v1").await.status, 202);
    app.get("/v2/a/manifests/v1")
        .await
        .refused(404, "MANIFEST_UNKNOWN");
    assert_eq!(app.get("/v2/a/manifests/v2").await.status, 200);
    assert_eq!(app.get(&format!("/v2/a/manifests/{digest}")).await.status, 200);
    assert_eq!(
        app.get("/v2/a/tags/list").await.json()["tags"],
        serde_json::json!(["v2"])
    );
    app.delete("/v2/a/manifests/v1")
        .await
        .refused(404, "MANIFEST_UNKNOWN");
}

#[tokio::test]
async fn trap_17_a_deleted_manifest_takes_every_tag_with_it() {
    let app = App::start().await;
    let digest = app.image("a:v1").await;
    let text = String::from_utf8(app.get("/v2/a/manifests/v1").await.body.to_vec()).unwrap();
    assert_eq!(app.manifest("a:v2", OCI_MANIFEST, &text).await.status, 201);
    app.image("a:other").await;
    let path = format!("/v2/a/manifests/{digest}");
    assert_eq!(app.delete(&path).await.status, 202);
    for gone in [&*path, "/v2/a/manifests/v1", "/v2/a/manifests/v2"] {
        app.get(gone).await.refused(404, "MANIFEST_UNKNOWN");
    }
    assert_eq!(
        app.get("/v2/a/tags/list").await.json()["tags"],
        serde_json::json!(["other"])
    );
    app.delete(&path).await.refused(404, "MANIFEST_UNKNOWN");
}

#[tokio::test]
async fn trap_18_where_deleting_is_off_everything_stays() {
    let app = App::start().await;
    let digest = app.image("a:v1").await;
    let blob = app.blob("a", "content").await;
    let app = app.reconfigured(RegistryOptions {
        delete_enabled: false,
        ..Default::default()
    });
    for path in [
        "/v2/a/manifests/v1".to_owned(),
        format!("/v2/a/manifests/{digest}"),
        format!("/v2/a/blobs/{blob}"),
        "/v2/a/manifests/absent".to_owned(),
    ] {
        app.delete(&path).await.refused(405, "UNSUPPORTED");
    }
    assert_eq!(app.get("/v2/a/manifests/v1").await.status, 200);
    assert_eq!(app.get(&format!("/v2/a/blobs/{blob}")).await.status, 200);
}

#[tokio::test]
async fn a_blob_that_a_manifest_needs_is_not_deleted() {
    let app = App::start().await;
    let config = app.blob("a", "{}").await;
    let text = image(config, 2, "");
    assert_eq!(app.manifest("a:v1", OCI_MANIFEST, &text).await.status, 201);
    let path = format!("/v2/a/blobs/{config}");
    app.delete(&path).await.refused(405, "UNSUPPORTED");
    assert_eq!(app.get(&path).await.status, 200);
    let digest = Digest::sha256(text.as_bytes());
    assert_eq!(app.delete(&format!("/v2/a/manifests/{digest}")).await.status, 202);
    assert_eq!(app.delete(&path).await.status, 202);
    app.delete(&path).await.refused(404, "BLOB_UNKNOWN");
}
