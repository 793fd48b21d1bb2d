//! What is sent again, and what is not, on a server that answers as it is told.

use std::time::{Duration, Instant};

use berth_cluster::{Cause, Force};
use berth_plan::object::ObjectKey;
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::scripted::{Does, Scripted, connect};

const OBJECT: &str =
    r#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"registry"}}"#;
const DONE: Does = Does::Answer(200, "", OBJECT);
const APPLY: &str = "PATCH /api/v1/namespaces/registry/configmaps/a";
const CREATE: &str = "POST /api/v1/namespaces/registry/configmaps";

fn object() -> Json {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "namespace": "registry"}})
}

#[tokio::test]
async fn a_busy_server_is_asked_again_when_it_says_so() {
    let busy = Does::Answer(429, "retry-after: 1\r\n", "{}");
    let script: &[Does] = Box::leak(Box::new([busy, DONE]));
    let server = Scripted::start(script).await;
    let start = Instant::now();
    server.cluster.create(&object()).await.unwrap();
    assert!(
        start.elapsed() >= Duration::from_secs(1),
        "it waits as long as it is told"
    );
    assert_eq!(server.asked(), [CREATE, CREATE]);
}

#[tokio::test]
async fn what_applies_is_sent_again_after_a_broken_connection() {
    let server = Scripted::start(&[Does::HangUp, Does::Answer(503, "", "{}"), DONE]).await;
    server.cluster.apply(&object(), Force::No).await.unwrap();
    assert_eq!(server.asked(), [APPLY, APPLY, APPLY]);
}

#[tokio::test]
async fn what_creates_is_not_sent_again_once_the_server_may_have_acted() {
    for script in [&[Does::HangUp, DONE][..], &[Does::Answer(500, "", "{}"), DONE]] {
        let server = Scripted::start(script).await;
        let refused = server.cluster.create(&object()).await.unwrap_err();
        assert!(
            matches!(
                *refused.cause,
                Cause::Unreachable { .. } | Cause::Server { code: 500, .. }
            ),
            "{refused}"
        );
        assert_eq!(server.asked(), [CREATE]);
    }
}

#[tokio::test]
async fn a_refusal_is_not_sent_again() {
    let server = Scripted::start(&[Does::Answer(403, "", "{}"), DONE]).await;
    server.cluster.apply(&object(), Force::No).await.unwrap_err();
    assert_eq!(server.asked(), [APPLY]);
}

#[tokio::test]
async fn a_server_that_never_answers_ends_in_time_with_the_object_named() {
    let server = Scripted::start(&[Does::Nothing]).await;
    let start = Instant::now();
    let refused = server.cluster.apply(&object(), Force::No).await.unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(5));
    let said = refused.to_string();
    assert!(
        said.starts_with("applying ConfigMap registry/a: the API server at http://127.0.0.1:"),
        "{said}"
    );
    assert!(said.contains("can't be reached; check the server"), "{said}");
}

#[tokio::test]
async fn a_server_that_keeps_failing_is_given_up_on() {
    let server = Scripted::start(&[Does::Answer(503, "", r#"{"message":"etcd is gone"}"#)]).await;
    let refused = server.cluster.apply(&object(), Force::No).await.unwrap_err();
    assert!(
        refused
            .to_string()
            .contains("the server answered 503: etcd is gone"),
        "{refused}"
    );
    assert!(server.asked().len() > 1);
}

#[tokio::test]
async fn a_server_where_nobody_listens_is_tried_a_while() {
    let folder = TempDir::new().unwrap();
    let cluster = connect(&folder, "http://127.0.0.1:1").await;
    let start = Instant::now();
    let refused = cluster.get(&ObjectKey::of(&object()).unwrap()).await.unwrap_err();
    assert!(start.elapsed() > Duration::from_millis(200), "it is asked again");
    assert!(matches!(*refused.cause, Cause::Unreachable { .. }), "{refused}");
    assert!(
        refused.to_string().starts_with("reading ConfigMap registry/a: "),
        "{refused}"
    );
}

#[tokio::test]
async fn an_answer_that_is_no_json_is_no_object() {
    let server = Scripted::start(&[Does::Answer(200, "", "<html>a proxy's page")]).await;
    let refused = server
        .cluster
        .get(&ObjectKey::of(&object()).unwrap())
        .await
        .unwrap_err();
    assert!(matches!(*refused.cause, Cause::Unreachable { .. }), "{refused}");
}
