//! Berth's own image resolves the names of Services: its static program brings a resolver of its own.

use std::fs;
use std::path::{Path, PathBuf};

use super::scene::{Scene, berth_image};

/// `berth plan` in a pod, against the API server by the name of its Service.
const POD: &str = r"
apiVersion: v1
kind: Pod
metadata: {name: POD}
spec:
  restartPolicy: Never
  automountServiceAccountToken: false
  securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}
  containers:
  - name: berth
    image: IMAGE
    imagePullPolicy: Never
    args: [plan, /scene/berth.yaml, --kubeconfig, /scene/POD]
    securityContext:
      allowPrivilegeEscalation: false
      readOnlyRootFilesystem: true
      capabilities: {drop: [ALL]}
    volumeMounts: [{name: scene, mountPath: /scene}]
  volumes: [{name: scene, secret: {secretName: scene}}]
";
const DOCUMENT: &str =
    "apiVersion: berth.dev/v1\nkind: DockerRegistry\nmetadata: {name: named}\nspec: {namespace: \"@\"}\n";

#[test]
fn the_own_image_resolves_a_service_s_name() {
    let Some(scene) = Scene::new(&[berth_image]) else {
        return;
    };
    scene
        .node
        .kubectl()
        .run(["create", "namespace", &scene.namespace])
        .unwrap();
    let known = kubeconfig(&scene, "kubernetes.default.svc");
    let unknown = kubeconfig(&scene, "nowhere.default.svc");
    let document = scene.write("berth.yaml", DOCUMENT);
    let file = |name: &str, path: &Path| format!("--from-file={name}={}", path.display());
    scene.kubectl(&[
        "create",
        "secret",
        "generic",
        "scene",
        &file("known", &known),
        &file("unknown", &unknown),
        &file("berth.yaml", &document),
    ]);
    let planned = run(&scene, "known", "Succeeded");
    assert!(planned.contains("named"), "{planned}");
    let refused = run(&scene, "unknown", "Failed");
    assert!(!refused.contains("Deployment"), "{refused}");
}

/// The kubeconfig of who may do everything, with the server by this name.
fn kubeconfig(scene: &Scene, host: &str) -> PathBuf {
    let text = fs::read_to_string(scene.node.kubeconfig()).unwrap();
    let lines = text.lines().map(|line| match line.split_once("server: ") {
        Some((before, _)) => format!("{before}server: https://{host}\n"),
        None => format!("{line}\n"),
    });
    scene.write(host, &lines.collect::<String>())
}

/// Runs a pod to its end, and gives what it said.
fn run(scene: &Scene, pod: &str, phase: &str) -> String {
    let text = POD
        .replace("POD", pod)
        .replace("IMAGE", berth_plan::render::BERTH_IMAGE);
    scene.node.kubectl().apply_in(&scene.namespace, &text).unwrap();
    let mut ended = String::new();
    scene.wait("the pod to end", || {
        let status = &scene.object("pod", pod)["status"];
        status["phase"]
            .as_str()
            .unwrap_or_default()
            .clone_into(&mut ended);
        ["Succeeded", "Failed"].contains(&ended.as_str())
    });
    let said = scene.kubectl(&["logs", pod]);
    assert_eq!(ended, phase, "{said}");
    said
}
