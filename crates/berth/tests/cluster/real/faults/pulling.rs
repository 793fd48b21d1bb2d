//! Images that can't be pulled: the pull secret, the credentials in it, the name, the way to the registry.

use super::{REGISTRY, mend, named, well};
use crate::real::scene::{ANN, PASSWORD, Scene, push, registry, waiting_image};

const PULL: &str = r#"
apiVersion: berth.dev/v1
kind: ImagePullSecret
metadata: {name: pull}
spec:
  namespace: "@-apps"
  secretName: pull
  registry: {server: "SERVER", username: ann, password: {env: PASSWORD_OF}}
  serviceAccounts: [runner]
"#;

/// A pod whose account is attached to the pull secret, or is not.
const POD: &str = r#"
apiVersion: v1
kind: Pod
metadata: {name: NAME, namespace: "@-apps"}
spec:
  serviceAccountName: ACCOUNT
  automountServiceAccountToken: false
  terminationGracePeriodSeconds: 1
  containers: [{name: app, image: "IMAGE", imagePullPolicy: Always}]
"#;

#[test]
fn an_image_that_can_not_be_pulled_is_told_why() {
    let Some(scene) = Scene::new(&[registry]) else {
        return;
    };
    scene.node.volumes(1).unwrap();
    let apps = format!("{}-apps", scene.namespace);
    let kubectl = scene.node.kubectl();
    kubectl.run(["create", "namespace", &apps]).unwrap();
    let host = format!("team.{}.svc.cluster.local:5000", scene.namespace);
    let document = declared(&host, "ANN_PASSWORD");
    scene.apply(&document);
    let address = scene.service("team");
    let ann = format!("{ANN}:{PASSWORD}");
    let to = format!("{address}/team/app:v1");
    assert!(push(scene.folder(), &waiting_image(1), &to, Some(&ann)));
    scene.node.plain_http(&host, &address.to_string()).unwrap();
    well(&scene, &document);

    let image = format!("{host}/team/app:v1");
    start(&scene, "stranger", "default", &image);
    named(&scene, &document, "DG-014", "it has no pull secret");
    start(&scene, "misspelt", "runner", &format!("{host}/team/nothing:v1"));
    named(&scene, &document, "DG-016", "team/nothing:v1");
    remove(&scene, &["pod", "stranger", "misspelt"]);

    remove(&scene, &["secret", "pull"]);
    named(&scene, &document, "DG-012", "isn't in the cluster");
    start(&scene, "bereft", "runner", &image);
    named(
        &scene,
        &document,
        "DG-012",
        "its pull secret `pull` isn't in the namespace",
    );
    write(&scene, r#"{"auths":{"elsewhere.example":{"auth":"YTpi"}}}"#);
    named(&scene, &document, "DG-014", "only for elsewhere.example");
    write(&scene, "no JSON at all");
    named(&scene, &document, "DG-013", "no use for pulling");
    remove(&scene, &["pod", "bereft"]);
    remove(&scene, &["secret", "pull"]);

    let wrong = declared(&host, "WRONG_PASSWORD");
    mend(&scene, &wrong);
    start(&scene, "mistaken", "runner", &image);
    named(&scene, &wrong, "DG-011", "refuses the credentials");
    named(&scene, &wrong, "DG-015", "team/app:v1");
    remove(&scene, &["pod", "mistaken"]);

    let nowhere = declared("127.0.0.1:1", "ANN_PASSWORD");
    mend(&scene, &nowhere);
    start(&scene, "stranded", "runner", "127.0.0.1:1/team/app:v1");
    named(&scene, &nowhere, "DG-017", "connection refused");
    remove(&scene, &["pod", "stranded"]);
    mend(&scene, &document);
    well(&scene, &document);
}

/// The registry, and the pull secret for a server.
fn declared(server: &str, password: &str) -> String {
    let pull = PULL.replace("SERVER", server).replace("PASSWORD_OF", password);
    REGISTRY.replace("ENGINE", "distribution") + &pull
}

fn start(scene: &Scene, name: &str, account: &str, image: &str) {
    let pod = POD.replace("NAME", name).replace("ACCOUNT", account);
    let pod = pod.replace("IMAGE", image).replace('@', &scene.namespace);
    scene.node.kubectl().apply(&pod).unwrap();
}

fn remove(scene: &Scene, what: &[&str]) {
    let apps = format!("{}-apps", scene.namespace);
    let all = [&["delete", "--namespace", &apps], what].concat();
    scene.node.kubectl().run(all).unwrap();
}

/// Puts something else into the pull secret.
fn write(scene: &Scene, config: &str) {
    use base64::Engine as _;
    let apps = format!("{}-apps", scene.namespace);
    let data = base64::engine::general_purpose::STANDARD.encode(config);
    let (kind, key) = if config.starts_with('{') {
        ("kubernetes.io/dockerconfigjson", ".dockerconfigjson")
    } else {
        // The API server lets no text that isn't JSON into a Secret of the other type.
        ("Opaque", "config")
    };
    let secret = format!(
        "apiVersion: v1\nkind: Secret\nmetadata: {{name: pull}}\ntype: {kind}\ndata: {{{key}: {data}}}\n"
    );
    let kubectl = scene.node.kubectl();
    let words = [
        "delete",
        "secret",
        "pull",
        "--namespace",
        &apps,
        "--ignore-not-found",
    ];
    kubectl.run(words).unwrap();
    kubectl.apply_in(&apps, &secret).unwrap();
}
