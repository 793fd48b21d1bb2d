//! A registry from nothing by one `berth apply`; what was pushed through its Service is what pods run; a change rolls
//! it and loses nothing.

use super::scene::{ANN, PASSWORD, PATIENCE, Scene, berth_image, manifest, push, registry, waiting_image};

/// A registry with one user, and the Secret by which another namespace's pods pull as her.
const DOCUMENT: &str = r#"
apiVersion: berth.dev/v1
kind: DockerRegistry
metadata: {name: team}
spec:
  namespace: "@"
  engine: ENGINE
  storage: {driver: filesystem, delete: {enabled: true}}
  persistence: {size: 1Gi}
  auth: {scheme: basic, htpasswd: {realm: team, users: {ann: {env: ANN_BCRYPT}}}}
  log: {level: LEVEL}
  resources: {requests: {cpu: 10m, memory: 32Mi}}
---
apiVersion: berth.dev/v1
kind: ImagePullSecret
metadata: {name: pull}
spec:
  namespace: "@-apps"
  secretName: pull
  registry: {server: "team.@.svc.cluster.local:5000", username: ann, password: {env: ANN_PASSWORD}}
  serviceAccounts: [runner]
"#;

/// A pod of the image that was pushed, as Pod Security "restricted" wants it.
const POD: &str = r#"
apiVersion: v1
kind: Pod
metadata: {name: ACCOUNT, namespace: "@-apps"}
spec:
  serviceAccountName: ACCOUNT
  automountServiceAccountToken: false
  terminationGracePeriodSeconds: 1
  securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}
  containers:
  - name: app
    image: team.@.svc.cluster.local:5000/team/app:v1
    imagePullPolicy: Always
    securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
"#;

#[test]
fn docker_s_registry_comes_from_nothing_and_serves_pods_with_the_pull_secret_alone() {
    if let Some(scene) = Scene::new(&[registry]) {
        story(&scene, "distribution");
    }
}

#[test]
fn berth_in_its_own_pod_comes_from_nothing_and_serves_pods_with_the_pull_secret_alone() {
    if let Some(scene) = Scene::new(&[berth_image]) {
        story(&scene, "berth");
    }
}

fn story(scene: &Scene, engine: &str) {
    scene.node.volumes(1).unwrap();
    let apps = format!("{}-apps", scene.namespace);
    make_restricted(scene, &apps);
    let document = DOCUMENT.replace("ENGINE", engine);
    scene.apply(&document.replace("LEVEL", "info"));
    let address = scene.service("team");
    let image = waiting_image(1);
    let to = format!("{address}/team/app:v1");
    assert!(!push(scene.folder(), &image, &to, None), "a stranger pushed");
    assert!(push(
        scene.folder(),
        &image,
        &to,
        Some(&format!("{ANN}:{PASSWORD}"))
    ));

    let name = format!("team.{}.svc.cluster.local:5000", scene.namespace);
    scene.node.plain_http(&name, &address.to_string()).unwrap();
    start_pod(scene, "default");
    scene.wait("the kubelet to be refused", || {
        waits_for_an_image(scene, &apps, "default")
    });
    start_pod(scene, "runner");
    let timeout = format!("--timeout={}s", PATIENCE.as_secs());
    let words = [
        "wait",
        "--for=condition=Ready",
        "pod/runner",
        "--namespace",
        &apps,
        &timeout,
    ];
    let waited = scene.node.kubectl().run(words);
    waited.unwrap_or_else(|error| panic!("{error:#}\n{}", describe(scene, &apps)));
    assert!(
        waits_for_an_image(scene, &apps, "default"),
        "the image that is there now was given to a pod without the secret"
    );

    let before = scene.pod_ids("team");
    scene.apply(&document.replace("LEVEL", "debug"));
    let after = scene.pod_ids("team");
    assert!(
        before.iter().all(|id| !after.contains(id)),
        "the change rolled nothing"
    );
    scene.service("team");
    assert_eq!(manifest(&to), image.manifest);
    let second = format!("{address}/team/app:v2");
    let others = waiting_image(2);
    assert!(push(
        scene.folder(),
        &others,
        &second,
        Some(&format!("{ANN}:{PASSWORD}"))
    ));
    assert_eq!(manifest(&second), others.manifest);
}

/// A namespace of somebody's apps, in which pods have to be "restricted".
fn make_restricted(scene: &Scene, name: &str) {
    let kubectl = scene.node.kubectl();
    kubectl.run(["create", "namespace", name]).unwrap();
    let label = "pod-security.kubernetes.io/enforce=restricted";
    kubectl.run(["label", "namespace", name, label]).unwrap();
}

fn start_pod(scene: &Scene, account: &str) {
    let pod = POD.replace("ACCOUNT", account).replace('@', &scene.namespace);
    scene.node.kubectl().apply(&pod).unwrap();
}

/// Whether a pod waits because its image was refused for want of a login.
fn waits_for_an_image(scene: &Scene, namespace: &str, pod: &str) -> bool {
    let words = ["get", "pod", pod, "--namespace", namespace];
    let pod = scene.node.kubectl().json(words).unwrap();
    let status = &pod["status"]["containerStatuses"][0];
    assert!(status["state"]["running"].is_null(), "it runs: {status}");
    let waiting = &status["state"]["waiting"];
    let reason = waiting["reason"].as_str().unwrap_or_default();
    ["ErrImagePull", "ImagePullBackOff"].contains(&reason)
}

fn describe(scene: &Scene, namespace: &str) -> String {
    let words = ["describe", "pods", "--namespace", namespace];
    scene.node.kubectl().run(words).unwrap_or_default()
}
