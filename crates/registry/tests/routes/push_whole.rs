use berth_oci::Digest;

use crate::app::{App, Frames, Then, builder};

#[tokio::test]
async fn a_blob_comes_in_one_post() {
    let app = App::start().await;
    let digest = Digest::sha256(b"content");
    let post = format!("POST /v2/a/blobs/uploads/?digest={digest}");
    let answer = app.give(&post, &[], "content").await;
    assert_eq!(
        (answer.status, answer.header("docker-content-digest")),
        (201, &*digest.to_string())
    );
    assert_eq!(app.get(answer.header("location")).await.body, "content");
}

#[tokio::test]
async fn a_post_of_another_digest_or_cut_short_stores_nothing() {
    let app = App::start().await;
    let digest = Digest::sha256(b"content");
    let post = format!("POST /v2/a/blobs/uploads/?digest={digest}");
    app.give(&post, &[], "other").await.refused(400, "DIGEST_INVALID");
    let broken = builder(&post, &[])
        .body(Frames::new(&["content"], Then::Break))
        .unwrap();
    app.send(broken).await.refused(400, "BLOB_UPLOAD_INVALID");
    app.get(&format!("/v2/a/blobs/{digest}"))
        .await
        .refused(404, "BLOB_UNKNOWN");
}
