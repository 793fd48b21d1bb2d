use berth_registry::{Authenticator, ExtraHeaders, RegistryOptions};

use crate::app::App;

#[tokio::test]
async fn an_operator_s_headers_stand_on_every_answer() {
    let headers = ExtraHeaders::parse([("Strict-Transport-Security", "max-age=1")]).unwrap();
    let options = RegistryOptions {
        headers,
        ..Default::default()
    };
    let app = App::with(options, Authenticator::Anonymous).await;
    for path in ["/v2/", "/v2/a/tags/list", "/healthz", "/nothing"] {
        assert_eq!(
            app.get(path).await.header("strict-transport-security"),
            "max-age=1",
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_root_says_that_this_is_a_registry() {
    let app = App::start().await;
    for path in ["/v2/", "/v2"] {
        let answer = app.get(path).await;
        assert_eq!((answer.status, &*answer.body), (200, &b"{}"[..]));
        assert_eq!(answer.header("docker-distribution-api-version"), "registry/2.0");
        assert_eq!(answer.header("content-type"), "application/json");
    }
}

#[tokio::test]
async fn trap_29_no_answer_warns_without_a_reason() {
    let app = App::start().await;
    app.image("a:v1").await;
    for path in ["/v2/", "/v2/a/manifests/v1", "/v2/a/tags/list"] {
        assert!(!app.get(path).await.has("warning"), "{path}");
    }
}

#[tokio::test]
async fn what_is_no_endpoint_is_404_with_a_code_of_the_specification() {
    let app = App::start().await;
    app.get("/").await.refused(404, "UNSUPPORTED");
    app.get("/v2/a/b/c").await.refused(404, "UNSUPPORTED");
    let answer = app.ask("POST /v2/a/manifests/v1", &[]).await;
    answer.refused(405, "UNSUPPORTED");
    assert_eq!(answer.header("allow"), "GET, HEAD, PUT, DELETE");
}
