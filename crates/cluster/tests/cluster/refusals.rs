//! Each way in which a cluster refuses: the error names the object, the cause and the next step.

use std::time::Duration;

use berth_cluster::{Cause, Cluster, Deleted, Force, Preconditions, Propagation, Refused, WebhookFault};
use berth_drive::kubernetes::Version;
use serde_json::{Value as Json, json};

use crate::scene::{Scene, connect, key, scenes};
use crate::webhook::Webhook;

/// What a refusal says begins so, and tells what to do next.
fn says(refused: &Refused, expected: &str, next: &str) {
    let said = refused.to_string();
    assert!(said.starts_with(expected), "{said}");
    assert!(said.contains(next), "{said}");
}

async fn refused(cluster: &Cluster, object: &Json) -> Refused {
    cluster.apply(object, Force::No).await.unwrap_err()
}

async fn delete(cluster: &Cluster, object: &Json) -> Result<Deleted, Refused> {
    let any = Preconditions::default();
    cluster.delete(&key(object), &any, Propagation::Background).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forbidden_verb_is_named_with_who_asked() {
    for scene in scenes("forbidden").await {
        let rules =
            json!([{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "create", "patch"]}]);
        let jane = scene.user(&rules).await;
        let config_map = scene.config_map("a", "1");
        jane.apply(&config_map, Force::No).await.unwrap();
        let (user, namespace) = (format!("jane-of-{}", scene.namespace), &scene.namespace);
        says(
            &refused(&jane, &scene.deployment("a", 1)).await,
            &format!("applying Deployment {namespace}/a: {user} may not patch deployments.apps"),
            &format!("kubectl auth can-i patch deployments.apps -n {namespace}"),
        );
        says(
            &delete(&jane, &config_map).await.unwrap_err(),
            &format!("deleting ConfigMap {namespace}/a: {user} may not delete configmaps"),
            "kubectl auth can-i delete configmaps",
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rights_that_one_does_not_have_can_not_be_granted() {
    for scene in scenes("escalation").await {
        let group = "rbac.authorization.k8s.io";
        let verbs = ["get", "create", "patch", "update"];
        let jane = scene
            .user(&json!([{"apiGroups": [group], "resources": ["roles"], "verbs": verbs}]))
            .await;
        let rules = json!({"rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["list"]}]});
        let role = scene.object("rbac.authorization.k8s.io/v1", "Role", "more", rules);
        let refused = refused(&jane, &role).await;
        assert!(matches!(*refused.cause, Cause::Escalation { .. }), "{refused}");
        says(
            &refused,
            &format!(
                "applying Role {}/more: it grants rights that you don't have",
                scene.namespace
            ),
            "ask for these rights",
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_refuses_is_named() {
    for scene in scenes("webhook").await {
        let webhook = Webhook::start("images must be signed").await;
        let name = admission(&scene, &webhook.url(), &webhook.ca());
        let object = scene.config_map("a", "1");
        let refused = webhook_refusal(&scene, &object).await;
        says(
            &refused,
            &format!(
                "applying ConfigMap {}/a: the admission webhook {name} refuses: images must be signed",
                scene.namespace
            ),
            &format!("do what {name} asks for"),
        );
        let dry = scene.cluster.dry_run(&object, Force::No).await.unwrap_err();
        assert!(
            matches!(
                *dry.cause,
                Cause::Webhook {
                    fault: WebhookFault::Denied,
                    ..
                }
            ),
            "{dry}"
        );
        assert_eq!(
            scene.cluster.get(&key(&object)).await.unwrap(),
            None,
            "nothing is half-done"
        );
        forget(&scene, &name);
        scene.cluster.apply(&object, Force::No).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_does_not_answer_is_named() {
    for scene in scenes("webhook-gone").await {
        let webhook = Webhook::start("").await;
        let (url, ca) = (webhook.url(), webhook.ca());
        drop(webhook);
        let name = admission(&scene, &url, &ca);
        let refused = webhook_refusal(&scene, &scene.config_map("a", "1")).await;
        says(
            &refused,
            &format!(
                "applying ConfigMap {}/a: the admission webhook {name} doesn't answer: ",
                scene.namespace
            ),
            &format!("ask who runs {name} to bring it back"),
        );
        forget(&scene, &name);
    }
}

/// Registers a webhook for each `ConfigMap` of the scene's namespace.
fn admission(scene: &Scene, url: &str, ca: &str) -> String {
    let name = format!("{}.example.com", scene.namespace);
    scene.kubectl_apply(&json!({
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingWebhookConfiguration",
        "metadata": {"name": name},
        "webhooks": [{
            "name": name,
            "clientConfig": {"url": url, "caBundle": ca},
            "rules": [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE", "UPDATE"], "resources": ["configmaps"]}],
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": scene.namespace}},
            "failurePolicy": "Fail",
            "sideEffects": "None",
            "admissionReviewVersions": ["v1"],
            "timeoutSeconds": 5,
        }],
    }));
    name
}

fn forget(scene: &Scene, webhook: &str) {
    let words = ["delete", "validatingwebhookconfiguration", webhook];
    scene.plane.kubectl().run(words).unwrap();
}

/// The server takes a moment until it asks a new webhook.
async fn webhook_refusal(scene: &Scene, object: &Json) -> Refused {
    for _ in 0..50 {
        if let Err(refused) = scene.cluster.apply(object, Force::No).await {
            return refused;
        }
        assert_ne!(delete(&scene.cluster, object).await.unwrap(), Deleted::Going);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("the webhook is never asked");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quota_that_refuses_says_by_how_much() {
    for scene in scenes("quota").await {
        let quota = json!({"spec": {"hard": {"count/services": "1"}}});
        scene.kubectl_apply(&scene.object("v1", "ResourceQuota", "small", quota));
        let counted = [
            "get",
            "quota",
            "small",
            "-n",
            &scene.namespace,
            "-o",
            "jsonpath={.status.hard}",
        ];
        scene
            .plane
            .wait("the quota to be counted", Duration::from_secs(60), || {
                Ok(!scene.plane.kubectl().run(counted)?.is_empty())
            })
            .unwrap();
        let service =
            |name: &str| scene.object("v1", "Service", name, json!({"spec": {"ports": [{"port": 80}]}}));
        scene.cluster.apply(&service("a"), Force::No).await.unwrap();
        says(
            &refused(&scene.cluster, &service("b")).await,
            &format!(
                "applying Service {}/b: the quota refuses: exceeded quota: small, requested: count/services=1, used: \
                 count/services=1, limited: count/services=1",
                scene.namespace
            ),
            "ask for less, or raise it",
        );
        scene
            .plane
            .kubectl()
            .run(["delete", "quota", "small", "-n", &scene.namespace])
            .unwrap();
        scene.cluster.apply(&service("b"), Force::No).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_namespace_that_is_being_deleted_takes_nothing_new() {
    for scene in scenes("terminating").await {
        let mut held = scene.config_map("held", "1");
        held["metadata"]["finalizers"] = json!(["example.com/hold"]);
        scene.kubectl_apply(&held);
        let kubectl = scene.plane.kubectl();
        kubectl
            .run(["delete", "namespace", &scene.namespace, "--wait=false"])
            .unwrap();
        let refused = refused(&scene.cluster, &scene.config_map("a", "1")).await;
        let namespace = &scene.namespace;
        says(
            &refused,
            &format!("applying ConfigMap {namespace}/a: the namespace {namespace} is being deleted"),
            &format!("wait until `kubectl get namespace {namespace}` finds nothing"),
        );
        let words = [
            "patch",
            "configmap",
            "held",
            "-n",
            namespace,
            "--type=merge",
            "-p",
        ];
        let none = r#"{"metadata":{"finalizers":null}}"#;
        kubectl.run(words.into_iter().chain([none])).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_namespace_that_is_missing_is_told_from_a_missing_object() {
    for scene in scenes("missing").await {
        let mut object = scene.config_map("a", "1");
        object["metadata"]["namespace"] = "nowhere".into();
        let refused = scene.cluster.dry_run(&object, Force::No).await.unwrap_err();
        assert!(
            matches!(&*refused.cause, Cause::NamespaceMissing { namespace } if namespace == "nowhere"),
            "{refused}"
        );
        says(
            &refused,
            "planning ConfigMap nowhere/a: the namespace nowhere doesn't exist",
            "kubectl create namespace nowhere",
        );
        assert_eq!(scene.cluster.get(&key(&object)).await.unwrap(), None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_of_another_manager_stays_until_it_is_adopted() {
    for scene in scenes("conflict").await {
        scene.kubectl_apply(&scene.config_map("a", "theirs"));
        let ours = scene.config_map("a", "ours");
        let refused = refused(&scene.cluster, &ours).await;
        says(
            &refused,
            &format!(
                "applying ConfigMap {}/a: .data.a (test) is owned by another manager",
                scene.namespace
            ),
            "--adopt",
        );
        let kept = scene.cluster.get(&key(&ours)).await.unwrap().unwrap();
        assert_eq!(kept["data"]["a"], "theirs");
        let adopted = scene.cluster.apply(&ours, Force::Yes).await.unwrap();
        assert_eq!(adopted["data"]["a"], "ours");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kind_is_known_as_soon_as_its_definition_is_there() {
    for scene in scenes("crd").await {
        let group = format!("{}.example.com", scene.namespace);
        let monitor = scene.object(&format!("{group}/v1"), "ServiceMonitor", "a", json!({}));
        says(
            &refused(&scene.cluster, &monitor).await,
            &format!(
                "applying ServiceMonitor {}/a: the kind ServiceMonitor of {group} isn't known to this cluster: its CRD is missing",
                scene.namespace
            ),
            "install what brings its CRD",
        );
        let refused = scene.cluster.get(&key(&monitor)).await.unwrap_err();
        assert!(matches!(*refused.cause, Cause::KindMissing { .. }), "{refused}");
        let name = format!("servicemonitors.{group}");
        scene.kubectl_apply(&json!({
            "apiVersion": "apiextensions.k8s.io/v1",
            "kind": "CustomResourceDefinition",
            "metadata": {"name": name},
            "spec": {
                "group": group,
                "scope": "Namespaced",
                "names": {"plural": "servicemonitors", "singular": "servicemonitor", "kind": "ServiceMonitor"},
                "versions": [{"name": "v1", "served": true, "storage": true,
                    "schema": {"openAPIV3Schema": {"type": "object"}}}],
            },
        }));
        let words = [
            "wait",
            "--for=condition=Established",
            "--timeout=60s",
            "crd",
            &name,
        ];
        scene.plane.kubectl().run(words).unwrap();
        scene
            .plane
            .wait("the kind to be served", Duration::from_secs(30), || {
                let words = ["get", "servicemonitors", "-n", &scene.namespace];
                Ok(scene.plane.kubectl().run(words).is_ok())
            })
            .unwrap();
        scene.cluster.apply(&monitor, Force::No).await.unwrap();
        scene.plane.kubectl().run(["delete", "crd", &name]).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_that_can_not_change_are_told_as_the_server_names_them() {
    for scene in scenes("immutable").await {
        let cluster = &scene.cluster;
        let binding = |role: &str| {
            let body =
                json!({"roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": role}});
            scene.object("rbac.authorization.k8s.io/v1", "RoleBinding", "b", body)
        };
        let claim = |class: &str, size: &str| {
            let spec = json!({"accessModes": ["ReadWriteOnce"], "storageClassName": class,
                "resources": {"requests": {"storage": size}}});
            scene.object("v1", "PersistentVolumeClaim", "c", json!({"spec": spec}))
        };
        let secret = |kind: &str| {
            scene.object(
                "v1",
                "Secret",
                "s",
                json!({"type": kind, "data": {"password": ""}}),
            )
        };
        let set = |service: &str| {
            let mut set = scene.deployment("t", 1);
            set["kind"] = "StatefulSet".into();
            set["spec"]["serviceName"] = service.into();
            set
        };
        let mut selected = scene.deployment("d", 1);
        selected["spec"]["selector"]["matchLabels"] = json!({"app": "other"});
        selected["spec"]["template"]["metadata"]["labels"] = json!({"app": "other"});
        // Later servers name the field of a set.
        let of_set = match scene.plane.version() {
            Version::V1_37 => "spec.serviceName",
            _ => "spec",
        };
        let changes = [
            (scene.deployment("d", 1), selected, "spec.selector"),
            (set("one"), set("two"), of_set),
            (binding("one"), binding("two"), "roleRef"),
            (claim("fast", "2Gi"), claim("slow", "2Gi"), "spec"),
            (secret("Opaque"), secret("kubernetes.io/basic-auth"), "type"),
        ];
        for (before, after, field) in changes {
            cluster.apply(&before, Force::No).await.unwrap();
            for refused in [
                cluster.dry_run(&after, Force::No).await.unwrap_err(),
                refused(cluster, &after).await,
            ] {
                assert!(
                    matches!(&*refused.cause, Cause::Immutable { fields } if fields.iter().any(|it| it.field == field)),
                    "{refused:?}"
                );
                assert!(
                    refused.to_string().contains("can't be changed once it exists"),
                    "{refused}"
                );
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_that_nobody_knows_is_refused_by_its_name() {
    for scene in scenes("strict").await {
        let mut object = scene.deployment("a", 1);
        object["spec"]["replcas"] = json!(2);
        let refused = refused(&scene.cluster, &object).await;
        assert!(matches!(*refused.cause, Cause::Invalid { .. }), "{refused:?}");
        assert!(refused.to_string().contains("replcas"), "{refused}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_refusal_repeats_a_secrets_value() {
    const CANARY: &str = "cAnArY-7f3a";
    for scene in scenes("canary").await {
        let wrong = [
            json!({"data": {"k": CANARY}}),
            json!({"data": {"k": [CANARY]}}),
            json!({"data": {"k": {"deep": CANARY}}}),
            json!({"data": [CANARY]}),
            json!({"type": "kubernetes.io/dockerconfigjson", "data": {".dockerconfigjson": "Y0FuQXJZLTdmM2E="}}),
            json!({"stringData": {"k": 7}, "data": {"not a key": "Y0FuQXJZLTdmM2E="}}),
            json!({"immutable": CANARY}),
        ];
        for body in wrong {
            let secret = scene.object("v1", "Secret", "canary", body);
            let refused = refused(&scene.cluster, &secret).await;
            let said = format!("{refused} {refused:?}");
            for hidden in [CANARY, "Y0FuQXJZ"] {
                assert!(!said.contains(hidden), "{said}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_large_is_told() {
    for scene in scenes("large").await {
        let refused = refused(&scene.cluster, &scene.config_map("a", &"x".repeat(4 << 20))).await;
        assert!(matches!(*refused.cause, Cause::TooLarge { .. }), "{refused}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_that_changed_meanwhile_is_not_overwritten() {
    for scene in scenes("stale").await {
        let first = scene
            .cluster
            .apply(&scene.config_map("a", "1"), Force::No)
            .await
            .unwrap();
        scene
            .cluster
            .apply(&scene.config_map("a", "2"), Force::No)
            .await
            .unwrap();
        let mut third = scene.config_map("a", "3");
        third["metadata"]["resourceVersion"] = first["metadata"]["resourceVersion"].clone();
        let refused = refused(&scene.cluster, &third).await;
        assert!(matches!(*refused.cause, Cause::Stale), "{refused}");
        let mut another = scene.config_map("a", "3");
        another["metadata"]["uid"] = "00000000-0000-0000-0000-000000000000".into();
        let refused = scene.cluster.apply(&another, Force::No).await.unwrap_err();
        assert!(matches!(*refused.cause, Cause::Stale), "{refused}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_that_the_server_does_not_take_are_no_missing_right() {
    for scene in scenes("unauthorized").await {
        let all = std::fs::read_to_string(scene.plane.kubeconfig()).unwrap();
        let file = scene
            .plane
            .folder()
            .join(format!("kubeconfig-{}", scene.namespace));
        std::fs::write(&file, all.replace("token: ", "token: not-")).unwrap();
        let stranger = connect(file).await;
        let refused = refused(&stranger, &scene.config_map("a", "1")).await;
        assert!(matches!(*refused.cause, Cause::Unauthorized { .. }), "{refused}");
        says(
            &refused,
            &format!("applying ConfigMap {}/a: ", scene.namespace),
            "log in again",
        );
    }
}
