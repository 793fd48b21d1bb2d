use berth_oci::Digest;

use crate::app::{App, sha512};

#[tokio::test]
async fn trap_09_a_blob_is_named_by_the_digest_it_was_asked_by() {
    let app = App::start().await;
    let digest = app.blob("a", "content").await;
    let long = sha512(b"content");
    let location = app.upload("a").await;
    assert_eq!(
        app.give(&format!("PUT {location}?digest={long}"), &[], "content")
            .await
            .status,
        201
    );
    for digest in [digest, long] {
        let path = format!("/v2/a/blobs/{digest}");
        for answer in [app.get(&path).await, app.head(&path).await] {
            assert_eq!(
                (answer.status, answer.header("docker-content-digest")),
                (200, &*digest.to_string())
            );
        }
    }
}

#[tokio::test]
async fn trap_10_head_of_a_blob_has_its_length() {
    let app = App::start().await;
    let digest = app.blob("a", "content").await;
    let answer = app.head(&format!("/v2/a/blobs/{digest}")).await;
    assert_eq!((answer.status, answer.body.len()), (200, 0));
    assert_eq!(answer.header("content-length"), "7");
    assert_eq!(answer.header("accept-ranges"), "bytes");
}

#[tokio::test]
async fn trap_23_every_range_gets_its_bytes_the_whole_or_416() {
    let app = App::start().await;
    let digest = app.blob("a", "0123456789").await;
    let line = format!("GET /v2/a/blobs/{digest}");
    for (range, status, body, content_range) in [
        ("bytes=2-5", 206, "2345", "bytes 2-5/10"),
        ("bytes=0-0", 206, "0", "bytes 0-0/10"),
        ("bytes=7-", 206, "789", "bytes 7-9/10"),
        ("bytes=-3", 206, "789", "bytes 7-9/10"),
        ("bytes=5-900", 206, "56789", "bytes 5-9/10"),
        ("bytes=10-", 416, "", "bytes */10"),
        ("bytes=500-0", 416, "", "bytes */10"),
        ("bytes=0-1,4-5", 200, "0123456789", ""),
        ("lines=0-1", 200, "0123456789", ""),
    ] {
        let answer = app.ask(&line, &[("range", range)]).await;
        assert_eq!(
            (answer.status, &*answer.body),
            (status, body.as_bytes()),
            "{range}"
        );
        assert_eq!(answer.header("content-length"), body.len().to_string(), "{range}");
        assert_eq!(answer.header("accept-ranges"), "bytes");
        if content_range.is_empty() {
            assert!(!answer.has("content-range"), "{range}");
        } else {
            assert_eq!(answer.header("content-range"), content_range, "{range}");
        }
    }
}

#[tokio::test]
async fn a_range_of_another_version_gets_the_whole() {
    let app = App::start().await;
    let digest = app.blob("a", "0123456789").await;
    let line = format!("GET /v2/a/blobs/{digest}");
    let same = format!("\"{digest}\"");
    assert_eq!(
        app.ask(&line, &[("range", "bytes=2-5"), ("if-range", &same)])
            .await
            .status,
        206
    );
    assert_eq!(
        app.ask(&line, &[("range", "bytes=2-5"), ("if-range", "\"other\"")])
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn a_blob_larger_than_a_chunk_comes_whole_and_in_parts() {
    let app = App::start().await;
    let content: String = (0..400_000).flat_map(|number| [format!("{number:07}")]).collect();
    let digest = app.blob("a", &content).await;
    let path = format!("/v2/a/blobs/{digest}");
    let whole = app.get(&path).await;
    assert_eq!(whole.body, content.as_bytes());
    let part = app
        .ask(&format!("GET {path}"), &[("range", "bytes=1000000-2200000")])
        .await;
    assert_eq!(part.body, content.as_bytes()[1_000_000..=2_200_000]);
}

#[tokio::test]
async fn a_blob_that_the_client_has_is_not_sent_again() {
    let app = App::start().await;
    let digest = app.blob("a", "content").await;
    let etag = format!("\"{digest}\"");
    let answer = app
        .ask(&format!("GET /v2/a/blobs/{digest}"), &[("if-none-match", &etag)])
        .await;
    assert_eq!((answer.status, answer.body.len()), (304, 0));
}

/// Class 21: stored cross-site scripting by a blob on the origin of a user interface.
#[tokio::test]
async fn a_blob_can_not_run_as_a_page_of_this_origin() {
    let app = App::start().await;
    let digest = app.blob("a", "<script>alert(1)</script>").await;
    let answer = app
        .ask(&format!("GET /v2/a/blobs/{digest}"), &[("accept", "text/html")])
        .await;
    assert_eq!(answer.header("content-type"), "application/octet-stream");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(
        answer.header("content-security-policy"),
        "default-src 'none'; sandbox"
    );
    assert_eq!(answer.header("content-disposition"), "attachment");
}

/// Class 9: what lies in one repository can't be read through another.
#[tokio::test]
async fn a_blob_of_another_repository_is_unknown() {
    let app = App::start().await;
    let digest = app.blob("a", "content").await;
    app.image("b:v1").await;
    let other = format!("/v2/b/blobs/{digest}");
    app.get(&other).await.refused(404, "BLOB_UNKNOWN");
    assert_eq!(app.head(&other).await.status, 404);
    let absent = app
        .get(&format!("/v2/b/blobs/{}", Digest::sha256(b"absent")))
        .await;
    assert_eq!(app.get(&other).await.body, absent.body);
}

/// Class 10: what was deleted is not answered from memory.
#[tokio::test]
async fn a_deleted_blob_is_gone_at_once() {
    let app = App::start().await;
    let digest = app.blob("a", "content").await;
    let path = format!("/v2/a/blobs/{digest}");
    assert_eq!(app.get(&path).await.status, 200);
    assert_eq!(app.delete(&path).await.status, 202);
    assert_eq!(app.get(&path).await.status, 404);
    assert_eq!(app.head(&path).await.status, 404);
}

#[tokio::test]
async fn trap_21_a_digest_that_can_not_be_one_is_400() {
    let app = App::start().await;
    app.get("/v2/a/blobs/sha256:baddigeststring")
        .await
        .refused(400, "DIGEST_INVALID");
}
