//! What the real node promises to the other tests.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use berth_drive::kubernetes::Node;

/// A pod of the sandbox's own program, which answers with its name, behind a Service; its folder is a claim.
const WORKLOAD: &str = r#"
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec:
  accessModes: [ReadWriteOnce]
  resources: {requests: {storage: 1Gi}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}
      containers:
      - name: web
        image: berth.test/pause:1
        command: [/file-0, answer, "8080"]
        readinessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 1}
        securityContext:
          allowPrivilegeEscalation: false
          readOnlyRootFilesystem: true
          capabilities: {drop: [ALL]}
        volumeMounts: [{name: data, mountPath: /data}]
      volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: 8080}]
"#;

#[test]
fn a_real_node_runs_a_pod_that_answers() {
    let Some(node) = Node::shared() else {
        return;
    };
    let namespace = node.namespace("answering").unwrap();
    node.volumes(1).unwrap();
    node.kubectl().apply_in(&namespace, WORKLOAD).unwrap();
    node.rollout(&namespace, "deployment/web", Duration::from_secs(120))
        .unwrap();
    let service = node
        .kubectl()
        .json(["get", "service", "web", "--namespace", &namespace])
        .unwrap();
    let address = service["spec"]["clusterIP"].as_str().unwrap();
    let mut answer = String::new();
    node.wait("the Service web to answer", Duration::from_secs(120), || {
        answer = get(&format!("{address}:80")).unwrap_or_default();
        Ok(!answer.is_empty())
    })
    .unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(
        answer.contains("web-"),
        "it answers with its pod's name: {answer}"
    );
}

fn get(address: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    write!(
        stream,
        "GET / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}
