use berth_oci::Digest;

use crate::app::{App, sha512};

#[tokio::test]
async fn trap_03_the_closing_put_s_chunk_must_be_in_order_too() {
    let app = App::start().await;
    let location = app.upload("a").await;
    let digest = Digest::sha256(b"0123456789");
    let put = format!("PUT {location}?digest={digest}");
    let first = app
        .give(&format!("PATCH {location}"), &[("content-range", "0-4")], "01234")
        .await;
    assert_eq!(first.status, 202);
    for range in ["6-9", "0-4", "bytes=5-9"] {
        app.give(&put, &[("content-range", range)], "6789")
            .await
            .refused(416, "BLOB_UPLOAD_INVALID");
        let status = app.get(&location).await;
        assert_eq!((status.status, status.header("range")), (204, "0-4"));
    }
    assert_eq!(
        app.give(&put, &[("content-range", "5-9")], "56789").await.status,
        201
    );
    assert_eq!(app.get(&format!("/v2/a/blobs/{digest}")).await.body, "0123456789");
}

#[tokio::test]
async fn trap_05_the_final_location_has_the_blob() {
    let app = App::start().await;
    let location = app.upload("a/b").await;
    assert!(
        location.starts_with('/'),
        "a location without a host is right behind every proxy"
    );
    let digest = Digest::sha256(b"content");
    // Parameters that stand in a location already stay in it.
    let answer = app
        .give(&format!("PUT {location}?state=x&digest={digest}"), &[], "content")
        .await;
    assert_eq!(
        (answer.status, answer.header("docker-content-digest")),
        (201, &*digest.to_string())
    );
    assert_eq!(app.get(answer.header("location")).await.body, "content");
    app.get(&location).await.refused(404, "BLOB_UPLOAD_UNKNOWN");
}

#[tokio::test]
async fn trap_19_the_empty_blob_uploads_in_every_way() {
    for (content, number) in [("", 0), ("{}", 1)] {
        let digest = Digest::sha256(content.as_bytes());
        for way in ["put", "patch", "post"] {
            let app = App::start().await;
            let repository = format!("a{number}");
            let answer = match way {
                "put" => {
                    let location = app.upload(&repository).await;
                    app.give(&format!("PUT {location}?digest={digest}"), &[], content)
                        .await
                }
                "patch" => {
                    let location = app.upload(&repository).await;
                    assert_eq!(
                        app.give(&format!("PATCH {location}"), &[], content).await.status,
                        202
                    );
                    app.ask(&format!("PUT {location}?digest={digest}"), &[]).await
                }
                _ => {
                    app.give(
                        &format!("POST /v2/{repository}/blobs/uploads/?digest={digest}"),
                        &[],
                        content,
                    )
                    .await
                }
            };
            assert_eq!(answer.status, 201, "{way} {content:?} {answer:?}");
            let pulled = app.get(&format!("/v2/{repository}/blobs/{digest}")).await;
            assert_eq!((pulled.status, &*pulled.body), (200, content.as_bytes()));
            assert_eq!(pulled.header("content-length"), content.len().to_string());
        }
    }
}

#[tokio::test]
async fn trap_21_content_of_another_digest_becomes_no_blob() {
    let app = App::start().await;
    let (claimed, found) = (Digest::sha256(b"claimed"), Digest::sha256(b"found"));
    let location = app.upload("a").await;
    let answer = app
        .give(&format!("PUT {location}?digest={claimed}"), &[], "found")
        .await;
    answer.refused(400, "DIGEST_INVALID");
    for digest in [claimed, found] {
        app.get(&format!("/v2/a/blobs/{digest}"))
            .await
            .refused(404, "BLOB_UNKNOWN");
    }
}

#[tokio::test]
async fn trap_21_a_put_without_a_digest_or_with_a_bad_one_leaves_the_upload_open() {
    let app = App::start().await;
    let location = app.upload("a").await;
    for query in ["", "?digest=sha256:baddigeststring", "?digest=md5:00", "?digest="] {
        app.give(&format!("PUT {location}{query}"), &[], "x")
            .await
            .refused(400, "DIGEST_INVALID");
    }
    assert_eq!(app.get(&location).await.status, 204);
}

#[tokio::test]
async fn trap_22_sha512_works_when_it_is_only_known_at_the_end() {
    let app = App::start().await;
    let location = app.upload("a").await;
    for (range, content) in [("0-4", "01234"), ("5-9", "56789")] {
        let answer = app
            .give(&format!("PATCH {location}"), &[("content-range", range)], content)
            .await;
        assert_eq!(answer.status, 202);
    }
    let digest = sha512(b"0123456789");
    let answer = app.ask(&format!("PUT {location}?digest={digest}"), &[]).await;
    assert_eq!(
        (answer.status, answer.header("docker-content-digest")),
        (201, &*digest.to_string())
    );
    assert_eq!(app.get(&format!("/v2/a/blobs/{digest}")).await.body, "0123456789");
}
