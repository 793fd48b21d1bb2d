//! Small `PostgreSQL` and Redis of a registry's own: they become ready, answer by their Services' names with the passwords
//! that were made, and keep what was written.

use super::scene::{Scene, postgresql, redis};

const HARBOR: &str = r#"
apiVersion: berth.dev/v1
kind: HarborRegistry
metadata: {name: small}
spec:
  namespace: "@"
  externalURL: http://harbor.example.com
  database: {managed: true}
  redis: {managed: true}
  storage: {type: filesystem}
  persistence: {size: 1Gi}
  trivy: {enabled: false}
  resources: {requests: {cpu: 10m, memory: 32Mi}}
"#;

const NEXUS: &str = r#"
apiVersion: berth.dev/v1
kind: NexusRegistry
metadata: {name: hub}
spec:
  namespace: "@"
  license: {secretKeyRef: {name: nexus-license, key: license}}
  database: {managed: true, resources: {requests: {cpu: 10m, memory: 64Mi}}}
"#;

#[test]
fn harbor_s_own_database_and_redis_answer_by_name_and_keep_what_was_written() {
    let Some(scene) = Scene::new(&[postgresql, redis]) else {
        return;
    };
    scene.node.volumes(4).unwrap();
    without_waiting(&scene, HARBOR);
    scene.rollout("statefulset/small-database");
    scene.rollout("statefulset/small-redis");
    scene.service("small-database");
    scene.service("small-redis");
    let database = |query: &str| sql(&scene, "small-database", query);
    database("create table kept (word text); insert into kept values ('still here')");
    assert_eq!(database("select current_database()"), "registry");
    let redis = |words: &str| {
        let ask = format!("REDISCLI_AUTH=$REDIS_PASSWORD redis-cli -h small-redis {words}");
        let said = scene.kubectl(&["exec", "small-redis-0", "--", "/bin/sh", "-c", &ask]);
        said.trim().to_owned()
    };
    assert_eq!(redis("set word kept"), "OK");
    let stranger = "redis-cli -h small-redis ping";
    let said = scene.kubectl(&["exec", "small-redis-0", "--", "/bin/sh", "-c", stranger]);
    assert!(said.contains("NOAUTH"), "{said}");

    scene.kubectl(&["delete", "pod", "small-database-0", "small-redis-0"]);
    scene.rollout("statefulset/small-database");
    scene.rollout("statefulset/small-redis");
    scene.service("small-database");
    scene.service("small-redis");
    assert_eq!(database("select word from kept"), "still here");
    assert_eq!(redis("get word"), "kept");
}

#[test]
fn nexus_s_own_database_answers_by_name() {
    let Some(scene) = Scene::new(&[postgresql]) else {
        return;
    };
    scene.node.volumes(2).unwrap();
    without_waiting(&scene, NEXUS);
    scene.rollout("statefulset/hub-database");
    scene.service("hub-database");
    assert_eq!(sql(&scene, "hub-database", "select 1"), "1");
}

/// The products themselves can't be had here, so that nothing waits for them.
fn without_waiting(scene: &Scene, document: &str) {
    let (code, said) = scene.berth(document, &["apply", "--yes", "--no-wait"]);
    assert_eq!(code, Some(0), "{said}");
}

/// Asks the database by its Service's name, as the user and with the password that its environment has.
fn sql(scene: &Scene, name: &str, query: &str) -> String {
    let ask = format!(
        "PGPASSWORD=$POSTGRES_PASSWORD psql -h {name} -U \"$POSTGRES_USER\" -d \"$POSTGRES_DB\" -Atc \"{query}\""
    );
    let pod = format!("{name}-0");
    let said = scene.kubectl(&["exec", &pod, "--", "/bin/sh", "-c", &ask]);
    said.trim().to_owned()
}
