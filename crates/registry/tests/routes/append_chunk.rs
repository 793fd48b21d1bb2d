use std::time::Duration;

use berth_oci::Digest;
use berth_registry::RegistryOptions;

use crate::app::{App, Frames, Then, builder};

async fn patch(app: &App, location: &str, range: &str, content: &str) -> crate::app::Answer {
    app.give(
        &format!("PATCH {location}"),
        &[("content-range", range)],
        content.to_owned(),
    )
    .await
}

/// Asserts where the upload stands, by asking for it.
async fn stands_at(app: &App, location: &str, range: &str) {
    let status = app.get(location).await;
    assert_eq!(
        (status.status, status.header("range")),
        (204, range),
        "{status:?}"
    );
    assert_eq!(status.header("location"), location);
}

#[tokio::test]
async fn trap_01_an_upload_s_range_has_no_unit() {
    let app = App::start().await;
    let location = app.upload("a").await;
    for range in ["bytes=0-4", "bytes 0-4/5", "0-", "-5", "4-0", "x"] {
        patch(&app, &location, range, "01234")
            .await
            .refused(416, "BLOB_UPLOAD_INVALID");
        stands_at(&app, &location, "0-0").await;
    }
    assert_eq!(patch(&app, &location, "0-4", "01234").await.status, 202);
}

#[tokio::test]
async fn trap_02_the_range_is_of_the_whole_blob_so_far() {
    let app = App::start().await;
    let location = app.upload("a").await;
    for (range, content, so_far) in [
        ("0-4", "01234", "0-4"),
        ("5-6", "56", "0-6"),
        ("7-9", "789", "0-9"),
    ] {
        let answer = patch(&app, &location, range, content).await;
        assert_eq!((answer.status, answer.header("range")), (202, so_far));
        assert!(answer.has("location"));
        stands_at(&app, &location, so_far).await;
    }
}

#[tokio::test]
async fn trap_03_a_chunk_out_of_order_is_416_and_nothing_is_appended() {
    let app = App::start().await;
    let location = app.upload("a").await;
    assert_eq!(patch(&app, &location, "0-4", "01234").await.status, 202);
    for (range, content) in [("7-9", "789"), ("0-4", "01234"), ("3-6", "3456")] {
        let answer = patch(&app, &location, range, content).await;
        answer.refused(416, "BLOB_UPLOAD_INVALID");
        assert_eq!(
            (answer.header("range"), answer.header("location")),
            ("0-4", &*location)
        );
        stands_at(&app, &location, "0-4").await;
    }
    assert_eq!(patch(&app, &location, "5-9", "56789").await.status, 202);
    let digest = Digest::sha256(b"0123456789");
    let closed = app.ask(&format!("PUT {location}?digest={digest}"), &[]).await;
    assert_eq!(closed.status, 201, "{closed:?}");
}

#[tokio::test]
async fn trap_04_a_length_that_differs_from_the_range_commits_nothing() {
    let app = App::start().await;
    let location = app.upload("a").await;
    for range in ["0-9", "0-3"] {
        patch(&app, &location, range, "01234")
            .await
            .refused(400, "SIZE_INVALID");
        stands_at(&app, &location, "0-0").await;
    }
    // The same where the length is only known once the content ends.
    for range in ["0-9", "0-3"] {
        let body = Frames::new(&["012", "34"], Then::End);
        let request = builder(&format!("PATCH {location}"), &[("content-range", range)])
            .body(body)
            .unwrap();
        app.send(request).await.refused(400, "SIZE_INVALID");
        stands_at(&app, &location, "0-0").await;
    }
    assert_eq!(
        patch(&app, &location, "0-4", "01234").await.header("range"),
        "0-4"
    );
}

#[tokio::test]
async fn trap_06_a_stream_without_a_length_is_taken() {
    let app = App::start().await;
    let location = app.upload("a").await;
    let body = Frames::new(&["01", "234", "56789"], Then::End);
    let answer = app
        .send(builder(&format!("PATCH {location}"), &[]).body(body).unwrap())
        .await;
    assert_eq!((answer.status, answer.header("range")), (202, "0-9"));
    let digest = Digest::sha256(b"0123456789");
    assert_eq!(
        app.ask(&format!("PUT {location}?digest={digest}"), &[])
            .await
            .status,
        201
    );
}

#[tokio::test]
async fn a_broken_stream_keeps_what_came_and_a_broken_chunk_nothing() {
    let app = App::start().await;
    let location = app.upload("a").await;
    let line = format!("PATCH {location}");
    let chunk = builder(&line, &[("content-range", "0-9")])
        .body(Frames::new(&["0123"], Then::Break))
        .unwrap();
    assert_eq!(app.send(chunk).await.status, 400);
    stands_at(&app, &location, "0-0").await;
    let stream = builder(&line, &[])
        .body(Frames::new(&["0123"], Then::Break))
        .unwrap();
    assert_eq!(app.send(stream).await.status, 400);
    stands_at(&app, &location, "0-3").await;
    assert_eq!(patch(&app, &location, "4-9", "456789").await.status, 202);
}

#[tokio::test]
async fn a_client_that_sends_nothing_more_is_cut_off() {
    let options = RegistryOptions {
        body_idle: Duration::from_millis(50),
        ..Default::default()
    };
    let app = App::start().await.reconfigured(options);
    let location = app.upload("a").await;
    let stream = builder(&format!("PATCH {location}"), &[])
        .body(Frames::new(&["0123"], Then::Hang))
        .unwrap();
    app.send(stream).await.refused(408, "BLOB_UPLOAD_INVALID");
    stands_at(&app, &location, "0-3").await;
}

#[tokio::test]
async fn a_second_writer_gets_416_or_409_and_appends_nothing() {
    let app = App::start().await;
    let location = app.upload("a").await;
    assert_eq!(patch(&app, &location, "0-1", "01").await.status, 202);
    let line = format!("PATCH {location}");
    let hanging = Frames::new(&[], Then::Hang);
    let taken = std::sync::Arc::clone(&hanging.emptied);
    let hanging = builder(&line, &[]).body(hanging).unwrap();
    let first = tokio::spawn(tower::ServiceExt::oneshot(app.registry.clone(), hanging));
    taken.notified().await;
    let busy = app.give(&line, &[], "23").await;
    busy.refused(409, "BLOB_UPLOAD_INVALID");
    assert!(busy.has("retry-after"));
    let answer = patch(&app, &location, "7-9", "789").await;
    answer.refused(416, "BLOB_UPLOAD_INVALID");
    assert_eq!(answer.header("range"), "0-1");
    first.abort();
    let _ = first.await;
}

#[tokio::test]
async fn trap_26_an_upload_is_bound_to_its_repository() {
    let app = App::start().await;
    let location = app.upload("a").await;
    let elsewhere = location.replace("/v2/a/", "/v2/b/");
    patch(&app, &elsewhere, "0-0", "0")
        .await
        .refused(404, "BLOB_UPLOAD_UNKNOWN");
    app.get(&elsewhere).await.refused(404, "BLOB_UPLOAD_UNKNOWN");
    patch(
        &app,
        "/v2/a/blobs/uploads/6f2c8c5e-3f1a-4a53-9d0e-2f6d0f3b9a11",
        "0-0",
        "0",
    )
    .await
    .refused(404, "BLOB_UPLOAD_UNKNOWN");
    patch(&app, "/v2/a/blobs/uploads/not-a-uuid", "0-0", "0")
        .await
        .refused(404, "BLOB_UPLOAD_UNKNOWN");
}

#[tokio::test]
async fn trap_26_an_upload_survives_a_restart() {
    let app = App::start().await;
    let location = app.upload("a").await;
    assert_eq!(patch(&app, &location, "0-4", "01234").await.status, 202);
    let app = app.restarted().await;
    stands_at(&app, &location, "0-4").await;
    assert_eq!(
        patch(&app, &location, "5-9", "56789").await.header("range"),
        "0-9"
    );
    let digest = Digest::sha256(b"0123456789");
    assert_eq!(
        app.ask(&format!("PUT {location}?digest={digest}"), &[])
            .await
            .status,
        201
    );
}
