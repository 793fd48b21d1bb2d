//! Pods that answer, and asking from where a pod stands.

use std::process::Command;

use crate::scene::Scene;

/// The sandbox's own program, which answers with its name.
const POD: &str = r#"
apiVersion: v1
kind: Pod
metadata: {name: answers, labels: {app: answers}}
spec:
  automountServiceAccountToken: false
  terminationGracePeriodSeconds: 1
  securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}
  containers:
  - name: answers
    image: berth.test/pause:1
    imagePullPolicy: Never
    command: [/file-0, answer, "8080"]
    readinessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 1}
    securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
"#;

/// A pod that runs.
pub(super) struct Pod {
    pub(super) ip: String,
    /// A process of it, by which its network is entered.
    process: String,
}

impl Pod {
    /// The one running pod with this label.
    pub(super) fn of(scene: &Scene, namespace: &str, label: &str) -> Self {
        let words = ["get", "pods", "--namespace", namespace, "--selector", label];
        let pods = scene.node.kubectl().json(words).unwrap();
        let mut pods = pods["items"].as_array().unwrap().iter();
        let pod = pods.rfind(|pod| pod["metadata"]["deletionTimestamp"].is_null());
        let status = &pod.unwrap_or_else(|| panic!("no pod {label} in {namespace}"))["status"];
        let id = status["containerStatuses"][0]["containerID"].as_str().unwrap();
        let id = id.trim_start_matches("containerd://");
        let tasks = scene.node.ctr(&["tasks", "list"]).unwrap();
        let task = tasks.lines().find(|line| line.starts_with(id));
        let process = task.and_then(|line| line.split_whitespace().nth(1));
        Self {
            ip: status["podIP"].as_str().unwrap().to_owned(),
            process: process.unwrap_or_else(|| panic!("no {id} in {tasks}")).to_owned(),
        }
    }

    /// Where it answers, if it is one that does.
    pub(super) fn address(&self) -> String {
        format!("http://{}:8080/", self.ip)
    }
}

/// Starts a pod that answers in a new namespace, and waits until it does.
pub(super) fn start(scene: &Scene, namespace: &str) -> Pod {
    let kubectl = scene.node.kubectl();
    kubectl.run(["create", "namespace", namespace]).unwrap();
    scene.wait("the default service account", || {
        kubectl
            .run(["get", "serviceaccount", "default", "--namespace", namespace])
            .is_ok()
    });
    kubectl.apply_in(namespace, POD).unwrap();
    let words = [
        "wait",
        "--for=condition=Ready",
        "pod/answers",
        "--timeout=300s",
        "--namespace",
        namespace,
    ];
    let waited = kubectl.run(words);
    waited.unwrap_or_else(|error| {
        let described = kubectl.run(["describe", "pods", "--namespace", namespace]);
        panic!("{error:#}\n{}", described.unwrap_or_default())
    });
    Pod::of(scene, namespace, "app=answers")
}

/// Whether something answers 200 there, asked from where the pod stands.
pub(super) fn reaches(pod: &Pod, address: &str) -> bool {
    let mut curl = Command::new("nsenter");
    curl.args([
        "--target",
        &pod.process,
        "--net",
        "--",
        "curl",
        "--silent",
        "--noproxy",
        "*",
    ]);
    curl.args(["--fail", "--max-time", "3", "--output", "/dev/null", address]);
    curl.output().unwrap().status.success()
}
