//! The API server goes away half-way, and comes back.

use std::time::Duration;

use berth_cluster::{Cause, Force};
use berth_drive::kubernetes::{ControlPlane, Version};
use serde_json::{Value as Json, json};

use crate::scene::{connect, key};

fn config_map(namespace: &str, name: &str) -> Json {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": namespace}})
}

#[tokio::test(flavor = "multi_thread")]
async fn an_api_server_that_is_gone_half_way_is_named_with_the_object_and_a_second_run_finishes() {
    let Some(mut plane) = ControlPlane::start(Version::V1_31) else {
        return;
    };
    let cluster = connect(plane.kubeconfig()).await;
    let namespace = plane.namespace("outage").unwrap();
    let config_map = |name: &str| config_map(&namespace, name);
    cluster.apply(&config_map("a"), Force::No).await.unwrap();
    plane.kill_apiserver().unwrap();

    let refused = cluster.apply(&config_map("b"), Force::No).await.unwrap_err();
    assert!(matches!(*refused.cause, Cause::Unreachable { .. }), "{refused}");
    let said = refused.to_string();
    let expected = format!(
        "applying ConfigMap {namespace}/b: the API server at https://{}",
        plane.address()
    );
    assert!(said.starts_with(&expected), "{said}");
    assert!(said.contains("run it again: it continues"), "{said}");
    let keys = [key(&config_map("a"))];
    let refused = cluster
        .wait(&keys, Duration::from_secs(30), |_| {})
        .await
        .unwrap_err();
    assert!(
        refused
            .to_string()
            .starts_with(&format!("reading ConfigMap {namespace}/a: ")),
        "{refused}"
    );

    plane.start_apiserver().unwrap();
    for name in ["a", "b"] {
        cluster.apply(&config_map(name), Force::No).await.unwrap();
    }
}
