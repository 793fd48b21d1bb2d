//! A cluster that refuses: the plan says so before anything is changed, and once the cause is gone the same run works.

use std::time::Duration;

use serde_json::json;

use super::{berth, says};
use crate::scene::{Scene, registry};

/// A registry in a namespace that is there already, made by somebody else.
fn declared(more: &str) -> Option<(Scene, String)> {
    let scene = Scene::new()?;
    let namespace = format!("registry-{}", scene.word);
    scene.kubectl(&["create", "namespace", &namespace]);
    scene.write("berth.yaml", &registry("team", more));
    Some((scene, namespace))
}

/// Apply refuses, says these words, and has changed nothing.
fn refuses(scene: &Scene, namespace: &str, words: &[&str]) {
    let refused = scene.berth(&["apply", "--yes"]);
    assert_eq!(refused.code, Some(1), "{}\n{}", refused.out, refused.err);
    says(&refused, words);
    says(&refused, &["nothing was changed"]);
    let names = [
        "get",
        "deployments,configmaps,services",
        "-n",
        namespace,
        "-o",
        "name",
    ];
    let there = scene.kubectl(&names);
    let ours: Vec<_> = there
        .lines()
        .filter(|line| *line != "configmap/kube-root-ca.crt")
        .collect();
    assert!(ours.is_empty(), "{ours:?}");
}

fn finishes(scene: &Scene) {
    scene.done(&["apply", "--yes"]);
    scene.settled(&[]);
}

#[test]
fn a_verb_that_is_forbidden_is_planned_as_such_and_nothing_is_changed() {
    let Some((scene, namespace)) = declared("") else {
        return;
    };
    let user = format!("jane-of-{}", scene.word);
    let everything_but_deployments = json!([
        {"apiGroups": ["", "networking.k8s.io", "policy", "batch", "rbac.authorization.k8s.io"], "resources": ["*"], "verbs": ["*"]},
        {"apiGroups": ["apps"], "resources": ["*"], "verbs": ["get", "list", "watch"]},
    ]);
    let kind = "rbac.authorization.k8s.io/v1";
    let role = json!({"apiVersion": kind, "kind": "ClusterRole", "metadata": {"name": user}, "rules": everything_but_deployments});
    let binding = json!({"apiVersion": kind, "kind": "ClusterRoleBinding", "metadata": {"name": user},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": user},
        "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": user}]});
    for object in [role, binding] {
        scene.plane.kubectl().apply(&object.to_string()).unwrap();
    }
    let kubeconfig = scene.plane.kubeconfig_of(&user).unwrap();
    let refused = berth(scene.folder(), &kubeconfig, &["apply", "--yes"]);
    assert_eq!(refused.code, Some(1), "{}\n{}", refused.out, refused.err);
    says(
        &refused,
        &[
            &format!("Deployment {namespace}/team"),
            &format!("{user} may not patch deployments.apps"),
            &format!("kubectl auth can-i patch deployments.apps -n {namespace}"),
            "nothing was changed",
        ],
    );
    assert!(!scene.has("configmap", &namespace, "team-config"));
    finishes(&scene);
}

#[test]
fn a_secret_that_may_not_be_read_is_named() {
    let Some((scene, namespace)) = declared("") else {
        return;
    };
    let user = format!("nobody-of-{}", scene.word);
    let kubeconfig = scene.plane.kubeconfig_of(&user).unwrap();
    let refused = berth(scene.folder(), &kubeconfig, &["plan"]);
    assert_eq!(refused.code, Some(1), "{}\n{}", refused.out, refused.err);
    says(&refused, &["may not get", &namespace, "ask for that right"]);
}

#[test]
fn a_policy_of_admission_that_refuses_is_named_and_nothing_is_changed() {
    let Some((scene, namespace)) = declared("") else {
        return;
    };
    let name = format!("no-deployments-{}", scene.word);
    let kind = "admissionregistration.k8s.io/v1";
    let policy = json!({"apiVersion": kind, "kind": "ValidatingAdmissionPolicy", "metadata": {"name": name}, "spec": {
        "failurePolicy": "Fail",
        "matchConstraints": {"resourceRules": [{"apiGroups": ["apps"], "apiVersions": ["v1"],
            "operations": ["CREATE", "UPDATE"], "resources": ["deployments"]}]},
        "validations": [{"expression": "false", "message": "images must be signed"}]}});
    let binding = json!({"apiVersion": kind, "kind": "ValidatingAdmissionPolicyBinding", "metadata": {"name": name}, "spec": {
        "policyName": name, "validationActions": ["Deny"],
        "matchResources": {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": namespace}}}}});
    for object in [policy, binding] {
        scene.plane.kubectl().apply(&object.to_string()).unwrap();
    }
    wait_until_refused(&scene, &namespace, "the policy to be in force");
    refuses(
        &scene,
        &namespace,
        &[
            &format!("Deployment {namespace}/team"),
            &name,
            "images must be signed",
            "exception",
        ],
    );
    scene.kubectl(&["delete", "validatingadmissionpolicybinding", &name]);
    wait_until_taken(&scene, &namespace, "the policy to be out of force");
    finishes(&scene);
}

#[test]
fn a_webhook_that_does_not_answer_is_named_and_nothing_is_changed() {
    let Some((scene, namespace)) = declared("") else {
        return;
    };
    let name = format!("{namespace}.example.com");
    let certificate = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let webhook = json!({"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration",
        "metadata": {"name": name}, "webhooks": [{
            "name": name,
            "clientConfig": {"url": "https://127.0.0.1:1/", "caBundle": base64(&certificate.cert.pem())},
            "rules": [{"apiGroups": ["apps"], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["deployments"]}],
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": namespace}},
            "sideEffects": "None", "admissionReviewVersions": ["v1"], "timeoutSeconds": 3}]});
    scene.plane.kubectl().apply(&webhook.to_string()).unwrap();
    wait_until_refused(&scene, &namespace, "the webhook to be asked");
    refuses(
        &scene,
        &namespace,
        &[
            &format!("Deployment {namespace}/team"),
            &name,
            "doesn't answer",
            "bring it back",
        ],
    );
    scene.kubectl(&["delete", "validatingwebhookconfiguration", &name]);
    wait_until_taken(&scene, &namespace, "the webhook to be forgotten");
    finishes(&scene);
}

/// Waits until a Deployment of the namespace is refused.
fn wait_until_refused(scene: &Scene, namespace: &str, what: &str) {
    wait(scene, what, || !takes_a_deployment(scene, namespace));
}

/// Waits until one is taken again.
fn wait_until_taken(scene: &Scene, namespace: &str, what: &str) {
    wait(scene, what, || takes_a_deployment(scene, namespace));
}

fn wait(scene: &Scene, what: &str, is_so: impl Fn() -> bool) {
    let waited = scene.plane.wait(what, Duration::from_secs(60), || Ok(is_so()));
    waited.unwrap();
}

fn takes_a_deployment(scene: &Scene, namespace: &str) -> bool {
    let probe = [
        "create",
        "deployment",
        "probe",
        "--image=a",
        "--dry-run=server",
        "-n",
        namespace,
    ];
    scene.plane.kubectl().run(probe).is_ok()
}

fn base64(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}

#[test]
fn a_quota_that_refuses_says_by_how_much_and_nothing_is_changed() {
    let Some((scene, namespace)) = declared("") else {
        return;
    };
    scene.kubectl(&[
        "create",
        "quota",
        "none",
        "--hard=count/deployments.apps=0",
        "-n",
        &namespace,
    ]);
    let counted = [
        "get",
        "quota",
        "none",
        "-n",
        &namespace,
        "-o",
        "jsonpath={.status.hard}",
    ];
    scene
        .plane
        .wait("the quota to be counted", Duration::from_secs(60), || {
            Ok(!scene.plane.kubectl().run(counted)?.is_empty())
        })
        .unwrap();
    refuses(
        &scene,
        &namespace,
        &[
            &format!("Deployment {namespace}/team"),
            "exceeded quota: none, requested: count/deployments.apps=1",
            "ask for less, or raise it",
        ],
    );
    scene.kubectl(&["delete", "quota", "none", "-n", &namespace]);
    finishes(&scene);
}

#[test]
fn a_namespace_that_is_being_deleted_is_named_and_the_next_run_makes_it_anew() {
    let Some((scene, namespace)) = declared("") else {
        return;
    };
    let held = json!({"apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {"name": "held", "namespace": namespace, "finalizers": ["example.com/hold"]}});
    scene.plane.kubectl().apply(&held.to_string()).unwrap();
    scene.kubectl(&["delete", "namespace", &namespace, "--wait=false"]);
    let refused = scene.berth(&["apply", "--yes"]);
    assert_eq!(refused.code, Some(1), "{}\n{}", refused.out, refused.err);
    says(
        &refused,
        &[
            &format!("Namespace {namespace}"),
            "being deleted",
            "wait until",
            "nothing was changed",
        ],
    );
    let none = r#"{"metadata":{"finalizers":null}}"#;
    scene.kubectl(&[
        "patch",
        "configmap",
        "held",
        "-n",
        &namespace,
        "--type=merge",
        "-p",
        none,
    ]);
    scene
        .plane
        .wait("the namespace to be gone", Duration::from_secs(120), || {
            Ok(scene
                .plane
                .kubectl()
                .run(["get", "namespace", &namespace])
                .is_err())
        })
        .unwrap();
    finishes(&scene);
}

const S3: &str = "  storage: {driver: s3, s3: {enabled: true, bucket: images-of-a-test, region: eu-west-1, \
     accesskey: {secretKeyRef: {name: s3-keys, key: access}}, secretkey: {secretKeyRef: {name: s3-keys, key: secret}}}}\n";

/// A registry whose keys lie in a Secret that the user makes.
fn with_keys(scene: &Scene) {
    let document = registry("team", "").replace("  storage: {driver: filesystem}\n", S3);
    assert!(document.contains("s3-keys"));
    scene.write("berth.yaml", &document);
}

#[test]
fn a_secret_that_is_missing_is_named_and_nothing_is_changed() {
    let Some((scene, namespace)) = declared("") else {
        return;
    };
    with_keys(&scene);
    let missing = format!("the Secret {namespace}/s3-keys, which isn't there");
    let make = format!("kubectl create secret generic s3-keys -n {namespace}");
    refuses(
        &scene,
        &namespace,
        &[&format!("Deployment {namespace}/team"), &missing, &make],
    );
    scene.kubectl(&[
        "create",
        "secret",
        "generic",
        "s3-keys",
        "--from-literal=access=a",
        "-n",
        &namespace,
    ]);
    refuses(&scene, &namespace, &["the key secret of the Secret"]);
    let more = r#"{"stringData":{"secret":"b"}}"#;
    scene.kubectl(&["patch", "secret", "s3-keys", "-n", &namespace, "-p", more]);
    finishes(&scene);
}

#[test]
fn a_secret_that_nobody_could_make_yet_is_told_with_the_plan() {
    let Some(scene) = Scene::new() else {
        return;
    };
    with_keys(&scene);
    let plan = scene.done(&["plan"]);
    says(
        &plan,
        &[&format!(
            "the Secret registry-{}/s3-keys, which isn't there",
            scene.word
        )],
    );
}
