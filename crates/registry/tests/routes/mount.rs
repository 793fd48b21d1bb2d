use berth_oci::Digest;

use crate::app::App;

#[tokio::test]
async fn trap_08_a_blob_is_mounted_from_where_it_is() {
    let app = App::start().await;
    let digest = app.blob("a", "content").await;
    for (target, from) in [("b", "&from=a"), ("c", "")] {
        let answer = app
            .ask(
                &format!("POST /v2/{target}/blobs/uploads/?mount={digest}{from}"),
                &[],
            )
            .await;
        assert_eq!(
            (answer.status, answer.header("docker-content-digest")),
            (201, &*digest.to_string())
        );
        assert_eq!(answer.header("location"), format!("/v2/{target}/blobs/{digest}"));
        assert_eq!(app.get(answer.header("location")).await.body, "content");
    }
}

#[tokio::test]
async fn trap_08_a_mount_that_finds_nothing_opens_an_upload() {
    let app = App::start().await;
    let digest = app.blob("a", "content").await;
    let absent = Digest::sha256(b"absent");
    for query in [
        format!("mount={absent}&from=a"),
        format!("mount={digest}&from=nowhere"),
        format!("mount={digest}&from=NO/NAME"),
        format!("mount={absent}"),
    ] {
        let answer = app.ask(&format!("POST /v2/b/blobs/uploads/?{query}"), &[]).await;
        assert_eq!(answer.status, 202, "{query}");
        let put = format!("PUT {}?digest={digest}", answer.header("location"));
        assert_eq!(app.give(&put, &[], "content").await.status, 201, "{query}");
        assert_eq!(app.delete(&format!("/v2/b/blobs/{digest}")).await.status, 202);
    }
    app.ask("POST /v2/b/blobs/uploads/?mount=sha256:bad&from=a", &[])
        .await
        .refused(400, "DIGEST_INVALID");
}
