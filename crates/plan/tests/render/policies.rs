//! Policies on a cluster: pull secrets and rights.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use berth_plan::render::Rendered;
use serde_json::{Value, json};

use crate::scene::{documents, rendered};

fn of(kind: &str, fields: &str) -> String {
    format!("apiVersion: berth.dev/v1\nkind: {kind}\nmetadata: {{name: policy}}\nspec: {fields}\n")
}

fn body(rendered: &Rendered, kind: &str, namespace: &str, name: &str) -> Value {
    let object = rendered.objects.lookup(kind, Some(namespace), name);
    object
        .unwrap_or_else(|| panic!("there is no {kind} {namespace}/{name}"))
        .to_json()
}

fn pull_secret(fields: &str) -> Rendered {
    rendered(&documents(&of("ImagePullSecret", fields)), 31)
}

/// What the kubelet would read.
fn auths(secret: &Value) -> Value {
    let bytes = STANDARD
        .decode(secret["data"][".dockerconfigjson"].as_str().unwrap())
        .unwrap();
    serde_json::from_slice::<Value>(&bytes).unwrap()["auths"].clone()
}

#[test]
fn a_pull_secret_stands_in_each_namespace_and_the_kubelet_can_read_it() {
    let rendered = pull_secret(
        "{secretName: pull, namespace: a, namespaces: [b, a], registry: {username: 'robot$x', password: {env: P}}}",
    );
    for namespace in ["a", "b"] {
        let secret = body(&rendered, "Secret", namespace, "pull");
        assert_eq!(secret["type"], "kubernetes.io/dockerconfigjson");
        let entry = &auths(&secret)["https://index.docker.io/v1/"];
        assert_eq!(entry["username"], "robot$x");
        assert_eq!(entry["password"], "canary-of-the-variable-P");
        let pair = STANDARD.decode(entry["auth"].as_str().unwrap()).unwrap();
        assert_eq!(pair, b"robot$x:canary-of-the-variable-P");
    }
    assert_eq!(rendered.objects.len(), 2);
}

#[test]
fn accounts_that_others_made_get_the_secrets_and_nothing_else() {
    let one = of(
        "ImagePullSecret",
        "{secretName: one, namespace: a, serviceAccounts: [default], registry: {username: u, password: p}}",
    );
    let two = one
        .replace("name: policy", "name: other")
        .replace("secretName: one", "secretName: two");
    let rendered = rendered(&documents(&format!("{one}---\n{two}")), 31);
    let account = body(&rendered, "ServiceAccount", "a", "default");
    assert_eq!(
        account["imagePullSecrets"],
        json!([{"name": "one"}, {"name": "two"}])
    );
    assert_eq!(account["automountServiceAccountToken"], Value::Null);
    assert_eq!(
        account["metadata"]["annotations"]["berth.dev/attached"],
        "imagePullSecrets"
    );
}

#[test]
fn the_account_of_a_registry_gets_them_beside_its_own() {
    let registry = of(
        "DockerRegistry",
        "{name: team, namespace: a, imagePullSecrets: [mirror]}",
    );
    let secret = of(
        "ImagePullSecret",
        "{secretName: one, namespace: a, serviceAccounts: [team], registry: {username: u, password: p}}",
    );
    for text in [
        format!("{registry}---\n{secret}"),
        format!("{secret}---\n{registry}"),
    ] {
        let rendered = rendered(&documents(&text), 31);
        let account = body(&rendered, "ServiceAccount", "a", "team");
        assert_eq!(
            account["imagePullSecrets"],
            json!([{"name": "mirror"}, {"name": "one"}])
        );
        assert_eq!(account["automountServiceAccountToken"], false);
    }
}

#[test]
fn without_a_server_a_secret_is_for_the_hosts_of_the_registries_it_names() {
    let registry = of(
        "DockerRegistry",
        "{name: team, namespace: a, externalURL: 'https://images.example.com:5443'}",
    );
    let secret = of(
        "ImagePullSecret",
        "{secretName: one, namespace: a, registries: [team], registry: {username: u, password: p}}",
    );
    let rendered = rendered(&documents(&format!("{registry}---\n{secret}")), 31);
    let hosts = auths(&body(&rendered, "Secret", "a", "one"));
    assert_eq!(
        hosts.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["images.example.com:5443"]
    );
}

#[test]
fn a_password_in_the_cluster_is_told_as_one_that_can_not_be_had() {
    let rendered = pull_secret("{registry: {username: u, password: {secretKeyRef: {name: s, key: k}}}}");
    assert!(rendered.objects.is_empty());
    let codes: Vec<_> = rendered
        .findings
        .iter()
        .map(|finding| finding.code.as_str())
        .collect();
    assert_eq!(codes, ["RN-002"]);
}

#[test]
fn rights_are_given_in_the_namespaces_of_the_registries() {
    let registry = of("DockerRegistry", "{name: team, namespace: a}");
    let access = of(
        "RegistryAccess",
        "{subjects: [{kind: ServiceAccount, name: admin}, {kind: Group, name: ops}, {kind: Anonymous}],
          rules: [{repositories: ['**'], actions: [pull]}],
          kubernetes: [{resources: [secrets, deployments, configmaps]}, {resources: [pods], verbs: [get]}]}",
    );
    let rendered = rendered(&documents(&format!("{registry}---\n{access}")), 31);
    let role = body(&rendered, "Role", "a", "policy");
    let verbs = ["get", "list", "watch"];
    assert_eq!(
        role["rules"],
        json!([
            {"apiGroups": [""], "resources": ["secrets", "configmaps"], "verbs": verbs},
            {"apiGroups": ["apps"], "resources": ["deployments"], "verbs": verbs},
            {"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]},
        ])
    );
    let binding = body(&rendered, "RoleBinding", "a", "policy");
    assert_eq!(
        binding["subjects"],
        json!([
            {"kind": "ServiceAccount", "name": "admin", "namespace": "a"},
            {"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": "ops"},
        ])
    );
    let mut told: Vec<_> = rendered
        .findings
        .iter()
        .filter(|finding| finding.document.as_deref() == Some("RegistryAccess/policy"))
        .map(|finding| (finding.code.as_str(), finding.field.as_deref().unwrap()))
        .collect();
    told.sort_unstable();
    assert_eq!(told, [("RN-003", "rules"), ("RN-005", "subjects[2]")]);
}

#[test]
fn what_is_not_rendered_yet_is_told_and_the_rest_is_rendered() {
    for (kind, verb) in [
        ("ImageRetentionPolicy", "prune"),
        ("ImageReplicationPolicy", "sync"),
        ("ImageScanPolicy", "scan"),
    ] {
        let text = format!(
            "{}---\n{}",
            of(kind, "{}"),
            of("ImagePullSecret", "{registry: {username: u, password: p}}")
        );
        let rendered = rendered(&documents(&text), 31);
        assert_eq!(rendered.objects.len(), 1);
        let told = &rendered.findings[0];
        assert_eq!(told.code.as_str(), "RN-003");
        let says = format!("it becomes a CronJob as soon as `berth {verb}` exists");
        assert!(told.message.ends_with(&says), "{}", told.message);
    }
}
