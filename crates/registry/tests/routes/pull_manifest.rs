use berth_oci::Digest;

use crate::app::{App, OCI_INDEX, OCI_MANIFEST, image, sha512};

#[tokio::test]
async fn trap_09_a_manifest_is_named_by_the_digest_it_was_asked_by() {
    let app = App::start().await;
    let config = app.blob("a", "{}").await;
    let text = image(config, 2, "");
    let (short, long) = (Digest::sha256(text.as_bytes()), sha512(text.as_bytes()));
    let pushed = app.manifest("a:v1", OCI_MANIFEST, &text).await;
    assert_eq!(pushed.header("docker-content-digest"), short.to_string());
    let pushed = app
        .put_manifest("a", &long.to_string(), OCI_MANIFEST, &text)
        .await;
    assert_eq!(
        (pushed.status, pushed.header("docker-content-digest")),
        (201, &*long.to_string())
    );
    for (reference, digest) in [
        ("v1".to_owned(), short),
        (short.to_string(), short),
        (long.to_string(), long),
    ] {
        let path = format!("/v2/a/manifests/{reference}");
        for answer in [app.get(&path).await, app.head(&path).await] {
            assert_eq!(answer.status, 200, "{path}");
            assert_eq!(answer.header("docker-content-digest"), digest.to_string());
            assert_eq!(answer.header("etag"), format!("\"{digest}\""));
        }
    }
}

#[tokio::test]
async fn trap_10_head_has_the_length_and_the_type_that_was_pushed() {
    let app = App::start().await;
    let config = app.blob("a", "{}").await;
    let text = image(config, 2, "");
    let with_parameters = format!("{OCI_MANIFEST}; charset=utf-8");
    assert_eq!(app.manifest("a:v1", &with_parameters, &text).await.status, 201);
    let answer = app.head("/v2/a/manifests/v1").await;
    assert_eq!((answer.status, answer.body.len()), (200, 0));
    assert_eq!(answer.header("content-length"), text.len().to_string());
    assert_eq!(answer.header("content-type"), OCI_MANIFEST);
}

#[tokio::test]
async fn trap_11_bytes_and_type_come_back_as_they_were_pushed() {
    let app = App::start().await;
    let config = app.blob("a", "{}").await;
    // No mediaType, odd spacing, unknown fields: only the Content-Type says what it is.
    let text = format!(
        "{{ \"schemaVersion\":2,\n\t\"x\": 1.50, \"config\":{{\"mediaType\":\"a/b\",\"digest\":\"{config}\",\"size\":2}},\"layers\":[ ]}}\n"
    );
    let docker = "application/vnd.docker.distribution.manifest.v2+json";
    assert_eq!(app.manifest("a:v1", docker, &text).await.status, 201);
    let answer = app.restarted().await.get("/v2/a/manifests/v1").await;
    assert_eq!(answer.body, text.as_bytes());
    // Docker's layout has no place for a type, so without `mediaType` the body's shape decides.
    assert!(
        [docker, OCI_MANIFEST].contains(&answer.header("content-type")),
        "{answer:?}"
    );
}

#[tokio::test]
async fn trap_31_what_a_client_accepts_converts_nothing() {
    let app = App::start().await;
    let config = app.blob("a", "{}").await;
    let docker = "application/vnd.docker.distribution.manifest.v2+json";
    let text = image(config, 2, "").replace(OCI_MANIFEST, docker);
    let list = "application/vnd.docker.distribution.manifest.list.v2+json";
    assert_eq!(app.manifest("a:v1", docker, &text).await.status, 201);
    let index = format!(
        r#"{{"schemaVersion":2,"mediaType":"{list}","manifests":[{{"mediaType":"{docker}","digest":"{}","size":{}}}]}}"#,
        Digest::sha256(text.as_bytes()),
        text.len()
    );
    assert_eq!(app.manifest("a:all", list, &index).await.status, 201);
    for (tag, media_type, content) in [("v1", docker, &text), ("all", list, &index)] {
        for accept in [OCI_MANIFEST, OCI_INDEX, "text/html", "*/*"] {
            let answer = app
                .ask(&format!("GET /v2/a/manifests/{tag}"), &[("accept", accept)])
                .await;
            assert_eq!(
                (answer.status, answer.header("content-type")),
                (200, media_type),
                "{accept}"
            );
            assert_eq!(answer.body, content.as_bytes());
        }
    }
}

#[tokio::test]
async fn a_manifest_that_the_client_has_is_not_sent_again() {
    let app = App::start().await;
    let digest = app.image("a:v1").await;
    let etag = format!("\"{digest}\"");
    let answer = app
        .ask("GET /v2/a/manifests/v1", &[("if-none-match", &etag)])
        .await;
    assert_eq!(
        (answer.status, answer.body.len(), answer.header("etag")),
        (304, 0, &*etag)
    );
    let answer = app
        .ask("GET /v2/a/manifests/v1", &[("if-none-match", "\"other\"")])
        .await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn a_manifest_that_is_not_there_is_unknown() {
    let app = App::start().await;
    app.image("a:v1").await;
    let absent = Digest::sha256(b"absent");
    for path in [
        "/v2/a/manifests/v2",
        "/v2/b/manifests/v1",
        "/v2/a/manifests/.INVALID_MANIFEST_NAME",
    ] {
        app.get(path).await.refused(404, "MANIFEST_UNKNOWN");
        assert_eq!(app.head(path).await.status, 404);
    }
    app.get(&format!("/v2/a/manifests/{absent}"))
        .await
        .refused(404, "MANIFEST_UNKNOWN");
    // A digest that cannot be one.
    app.get("/v2/a/manifests/sha256:baddigeststring")
        .await
        .refused(400, "DIGEST_INVALID");
}

#[tokio::test]
async fn trap_30_the_ns_parameter_of_mirrors_changes_nothing() {
    let app = App::start().await;
    app.image("a:v1").await;
    assert_eq!(app.get("/v2/a/manifests/v1?ns=docker.io").await.status, 200);
}

#[tokio::test]
async fn a_manifest_can_not_run_as_a_page_of_this_origin() {
    let app = App::start().await;
    app.image("a:v1").await;
    let answer = app.get("/v2/a/manifests/v1").await;
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(
        answer.header("content-security-policy"),
        "default-src 'none'; sandbox"
    );
    assert_eq!(answer.header("content-disposition"), "attachment");
}
