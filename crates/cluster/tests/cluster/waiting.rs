//! Waiting, on pods that fake nodes make ready.

use std::time::Duration;

use berth_cluster::{Force, LogOptions, Preconditions, Propagation};
use berth_plan::readiness::Readiness;
use serde_json::json;

use crate::scene::{key, scenes};

const LONG: Duration = Duration::from_secs(120);

#[tokio::test(flavor = "multi_thread")]
async fn a_deployment_is_waited_for_and_its_progress_told() {
    for scene in scenes("wait").await {
        let object = scene.deployment("a", 2);
        scene.cluster.apply(&object, Force::No).await.unwrap();
        let keys = [key(&object), key(&scene.config_map("kube-root-ca.crt", ""))];
        let mut told = Vec::new();
        let waited = scene.cluster.wait(&keys, LONG, |progress| {
            told.push((progress.key.clone(), progress.readiness.cloned()));
        });
        let waited = waited.await.unwrap();
        assert!(waited.is_ready(), "{waited:?}");
        assert_eq!(told.last().unwrap().1, Some(Readiness::Ready));
        let of_config_map = told.iter().filter(|(key, _)| *key == keys[1]).count();
        assert_eq!(of_config_map, 1, "what doesn't change is told once");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_become_ready_is_named_with_why() {
    for scene in scenes("wait-late").await {
        let mut late = scene.deployment("late", 1);
        late["spec"]["template"]["spec"]["nodeSelector"] = json!({"no": "node"});
        scene.cluster.apply(&late, Force::No).await.unwrap();
        let keys = [key(&late), key(&scene.config_map("missing", ""))];
        let waited = scene
            .cluster
            .wait(&keys, Duration::from_secs(5), |_| {})
            .await
            .unwrap();
        let unready: Vec<_> = waited.unready().collect();
        assert_eq!(unready.len(), 2);
        let Some(Readiness::InProgress { why }) = &unready[0].1 else {
            panic!("{unready:?}");
        };
        assert_eq!(why, "0 of 1 pods available");
        assert_eq!(unready[1].1, None);

        let why = scene.cluster.why_unready(&keys[0]).await.unwrap();
        assert!(why.iter().any(|it| it.contains("node")), "{why:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_deleted_is_waited_for_until_it_is_gone() {
    for scene in scenes("wait-gone").await {
        let object = scene.deployment("a", 1);
        let read = scene.cluster.apply(&object, Force::No).await.unwrap();
        let keys = [key(&object)];
        assert!(scene.cluster.wait(&keys, LONG, |_| {}).await.unwrap().is_ready());
        let same = Preconditions::same(&read);
        scene
            .cluster
            .delete(&keys[0], &same, Propagation::Foreground)
            .await
            .unwrap();
        let waited = scene.cluster.wait_gone(&keys, LONG, |_| {}).await.unwrap();
        assert_eq!(waited.objects[0].1, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happened_to_an_object_is_told_in_order() {
    for scene in scenes("events").await {
        let object = scene.deployment("a", 1);
        scene.cluster.apply(&object, Force::No).await.unwrap();
        scene.cluster.wait(&[key(&object)], LONG, |_| {}).await.unwrap();
        let events = scene.cluster.events(&key(&object)).await.unwrap();
        assert!(
            events
                .iter()
                .any(|it| it.reason == "ScalingReplicaSet" && !it.warning),
            "{events:?}"
        );
        assert!(events.is_sorted_by(|a, b| a.last <= b.last));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_of_a_pod_that_is_not_there_is_refused_by_its_name() {
    for scene in scenes("logs").await {
        let refused = scene
            .cluster
            .logs(&scene.namespace, "none", &LogOptions::default())
            .await
            .unwrap_err();
        let expected = format!(
            "reading the log of Pod {}/none: it doesn't exist",
            scene.namespace
        );
        assert!(refused.to_string().starts_with(&expected), "{refused}");
    }
}
