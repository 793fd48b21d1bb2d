//! What the cluster answers when all is well.

use berth_cluster::{Cause, Deleted, Force, GroupKind, Preconditions, Propagation, Question, Selector};
use berth_plan::managed_fields::{last_writer, ownerships};
use serde_json::{Value as Json, json};

use crate::scene::{key, scenes};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_applied_is_what_is_read_back() {
    for scene in scenes("answers").await {
        let object = scene.config_map("a", "1");
        assert_eq!(scene.cluster.get(&key(&object)).await.unwrap(), None);
        let applied = scene.cluster.apply(&object, Force::No).await.unwrap();
        let read = scene.cluster.get(&key(&object)).await.unwrap().unwrap();
        assert_eq!(applied, read);
        assert_eq!(read["data"]["a"], "1");
        let owners = ownerships(&read);
        assert_eq!(last_writer(&owners, ".data.a").unwrap().manager, "berth");
        let again = scene.cluster.apply(&object, Force::No).await.unwrap();
        assert_eq!(again, read, "applying it twice changes nothing");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_shows_the_defaults_and_keeps_nothing() {
    for scene in scenes("dry-run").await {
        let object = scene.deployment("a", 1);
        let shown = scene.cluster.dry_run(&object, Force::No).await.unwrap();
        assert_eq!(shown["spec"]["strategy"]["type"], "RollingUpdate");
        assert_eq!(scene.cluster.get(&key(&object)).await.unwrap(), None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_made_once_is_not_made_again() {
    for scene in scenes("once").await {
        let secret = |value: &str| scene.object("v1", "Secret", "once", json!({"data": {"k": value}}));
        scene.cluster.create(&secret("b25l")).await.unwrap();
        let refused = scene.cluster.create(&secret("dHdv")).await.unwrap_err();
        assert!(matches!(*refused.cause, Cause::AlreadyExists), "{refused}");
        let kept = scene.cluster.get(&key(&secret(""))).await.unwrap().unwrap();
        assert_eq!(kept["data"]["k"], "b25l");
        let more = scene.object("v1", "Secret", "once", json!({"data": {"l": "dHdv"}}));
        let both = scene.cluster.apply(&more, Force::No).await.unwrap();
        assert_eq!(
            both["data"],
            json!({"k": "b25l", "l": "dHdv"}),
            "a key that is missing is added"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_deleted_is_the_object_that_was_read() {
    for scene in scenes("delete").await {
        let cluster = &scene.cluster;
        let read = cluster
            .apply(&scene.config_map("a", "1"), Force::No)
            .await
            .unwrap();
        let (key, other) = (
            key(&read),
            Preconditions {
                uid: Some("00000000-0000-0000-0000-000000000000".to_owned()),
                resource_version: None,
            },
        );
        let refused = cluster
            .delete(&key, &other, Propagation::Background)
            .await
            .unwrap_err();
        assert!(matches!(*refused.cause, Cause::Stale), "{refused}");
        let same = Preconditions::same(&read);
        let delete = async || {
            cluster
                .delete(&key, &same, Propagation::Background)
                .await
                .unwrap()
        };
        assert_eq!(delete().await, Deleted::Gone);
        assert_eq!(delete().await, Deleted::Absent);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_a_finalizer_is_going() {
    for scene in scenes("going").await {
        let mut object = scene.config_map("a", "1");
        object["metadata"]["finalizers"] = json!(["example.com/hold"]);
        let read = scene.cluster.apply(&object, Force::No).await.unwrap();
        let same = Preconditions::same(&read);
        let deleted = scene
            .cluster
            .delete(&key(&read), &same, Propagation::Background)
            .await;
        assert_eq!(deleted.unwrap(), Deleted::Going);
        object["metadata"]["finalizers"] = json!([]);
        let words = [
            "patch",
            "configmap",
            "a",
            "-n",
            &scene.namespace,
            "--type=merge",
            "-p",
        ];
        let none = r#"{"metadata":{"finalizers":null}}"#;
        scene
            .plane
            .kubectl()
            .run(words.into_iter().chain([none]))
            .unwrap();
        assert_eq!(scene.cluster.get(&key(&read)).await.unwrap(), None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_many_pages_holds_every_object_and_says_what_it_is() {
    const MANY: usize = 501;
    for scene in scenes("list").await {
        let mut items: Vec<Json> = (0..MANY)
            .map(|n| scene.config_map(&format!("c{n}"), "1"))
            .collect();
        for item in &mut items {
            item["metadata"]["labels"] = json!({"of": "list"});
        }
        scene.kubectl_apply(&json!({"apiVersion": "v1", "kind": "List", "items": items}));
        let kind = GroupKind {
            group: String::new(),
            kind: "ConfigMap".to_owned(),
        };
        let selector = Selector::label("of", "list");
        let found = scene
            .cluster
            .list(&kind, Some(&scene.namespace), &selector)
            .await
            .unwrap();
        assert_eq!(found.len(), MANY);
        assert!(
            found
                .iter()
                .all(|it| it["kind"] == "ConfigMap" && it["apiVersion"] == "v1")
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_says_its_version_and_who_it_is() {
    for scene in scenes("version").await {
        let version = scene.cluster.version().await.unwrap();
        assert_eq!(
            format!("{}.{}", version.major, version.minor),
            scene.plane.version().minor()
        );
        let identity = scene.cluster.identity().await.unwrap().unwrap();
        let words = ["get", "namespace", "kube-system"];
        let namespace = scene.plane.kubectl().json(words).unwrap();
        assert_eq!(namespace["metadata"]["uid"], identity);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_learns_what_they_may_do() {
    for scene in scenes("may").await {
        let jane = scene
            .user(&json!([{"apiGroups": [""], "resources": ["pods/log"], "verbs": ["get"]}]))
            .await;
        let may = async |verb: &str, resource: &str| {
            let question = Question {
                verb: verb.to_owned(),
                resource: resource.to_owned(),
                namespace: Some(scene.namespace.clone()),
                ..Question::default()
            };
            jane.may(&question).await.unwrap().allowed
        };
        assert!(may("get", "pods/log").await);
        assert!(!may("get", "pods").await);
        assert!(!may("delete", "pods/log").await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_changed_a_field_last_is_named() {
    for scene in scenes("drift").await {
        let object = scene.deployment("a", 1);
        scene.cluster.apply(&object, Force::No).await.unwrap();
        let words = ["scale", "deployment/a", "--replicas=2", "-n", &scene.namespace];
        scene.plane.kubectl().run(words).unwrap();
        let read = scene.cluster.get(&key(&object)).await.unwrap().unwrap();
        let owners = ownerships(&read);
        let writer = last_writer(&owners, ".spec.replicas").unwrap();
        assert_ne!(writer.manager, "berth", "{owners:?}");
        let untouched = last_writer(&owners, ".spec.template.spec.containers[name=\"main\"].image").unwrap();
        assert_eq!(untouched.manager, "berth");
    }
}
