use crate::app::{App, sha512};

#[tokio::test]
async fn trap_07_a_post_without_content_opens_an_upload() {
    let app = App::start().await;
    for line in ["POST /v2/a/blobs/uploads/", "POST /v2/a/blobs/uploads"] {
        let answer = app.ask(line, &[]).await;
        assert_eq!((answer.status, answer.body.len()), (202, 0));
        assert!(
            answer.header("location").starts_with("/v2/a/blobs/uploads/"),
            "{answer:?}"
        );
        assert_eq!(answer.header("range"), "0-0");
        assert_eq!(answer.header("content-length"), "0");
    }
}

#[tokio::test]
async fn an_upload_can_be_told_its_algorithm_beforehand() {
    let app = App::start().await;
    let answer = app
        .ask("POST /v2/a/blobs/uploads/?digest-algorithm=sha512", &[])
        .await;
    assert_eq!(answer.status, 202);
    let put = format!("PUT {}?digest={}", answer.header("location"), sha512(b"content"));
    assert_eq!(app.give(&put, &[], "content").await.status, 201);
    app.ask("POST /v2/a/blobs/uploads/?digest-algorithm=md5", &[])
        .await
        .refused(400, "DIGEST_INVALID");
}

#[tokio::test]
async fn trap_25_names_outside_the_grammar_are_refused() {
    let app = App::start().await;
    for name in ["A", "a..b", "-a", "a/_b", &"a".repeat(256)] {
        app.ask(&format!("POST /v2/{name}/blobs/uploads/"), &[])
            .await
            .refused(400, "NAME_INVALID");
    }
    for name in ["a__b", "a---b", "a.b/c_d", "blobs/uploads", "manifests/tags/list"] {
        assert_eq!(
            app.ask(&format!("POST /v2/{name}/blobs/uploads/"), &[])
                .await
                .status,
            202,
            "{name}"
        );
    }
}
