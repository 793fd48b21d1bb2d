//! `berth collect-garbage`: what its steps ask of a cluster, and what they take back.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

/// A cluster of one Deployment whose pods are replaced as soon as that is asked for.
struct Cluster {
    address: SocketAddr,
    world: Arc<Mutex<World>>,
    folder: tempfile::TempDir,
}

struct World {
    /// All that was asked for, in order.
    asked: Vec<Value>,
    /// The status of the collector in the registry's pod, and beside.
    collector: Value,
    strategy: &'static str,
}

impl World {
    /// Those of the pods that were asked for last.
    fn annotations(&self) -> Value {
        let last = self.asked.last();
        let asked = last.map(|last| last["spec"]["template"]["metadata"]["annotations"].clone());
        asked.filter(Value::is_object).unwrap_or_else(|| json!({}))
    }

    fn answer(&mut self, method: &str, path: &str, body: &[u8]) -> Value {
        if method == "PATCH" {
            self.asked.push(serde_json::from_slice(body).unwrap());
        }
        let pod = json!({
            "apiVersion": "v1", "kind": "Pod",
            "metadata": {"name": "pod", "annotations": self.annotations()},
            "status": {"phase": "Running", "initContainerStatuses": [self.collector], "containerStatuses": [self.collector]},
        });
        if path.contains("/pods/") {
            return pod;
        }
        if path.contains("/pods") {
            return json!({"apiVersion": "v1", "kind": "PodList", "metadata": {}, "items": [pod]});
        }
        json!({
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "team", "generation": 2},
            "spec": {
                "replicas": 1, "strategy": {"type": self.strategy}, "selector": {"matchLabels": {"a": "b"}},
                "template": {"metadata": {}, "spec": {"containers": [{"name": "registry", "image": "registry:2.8"}]}},
            },
            "status": {"observedGeneration": 2, "updatedReplicas": 1, "availableReplicas": 1},
        })
    }
}

impl Cluster {
    fn start(state: &Value) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let collector = json!({
            "name": "collect", "state": state, "image": "", "imageID": "", "ready": false, "restartCount": 0,
        });
        let world = Arc::new(Mutex::new(World {
            asked: Vec::new(),
            collector,
            strategy: "Recreate",
        }));
        let shared = Arc::clone(&world);
        // It ends with the process: nobody connects any more.
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let shared = Arc::clone(&shared);
                thread::spawn(move || serve(stream, &shared));
            }
        });
        Self {
            address,
            world,
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn step(&self, step: &str) -> Child {
        let kubeconfig = self.folder.path().join("config");
        let config = json!({
            "apiVersion": "v1", "kind": "Config", "current-context": "c",
            "clusters": [{"name": "c", "cluster": {"server": format!("http://{}", self.address)}}],
            "users": [{"name": "u", "user": {}}],
            "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u", "namespace": "n"}}],
        });
        std::fs::write(&kubeconfig, config.to_string()).unwrap();
        Command::new(env!("CARGO_BIN_EXE_berth"))
            .args([
                "collect-garbage",
                step,
                "--deployment=team",
                "--run=pod",
                "--patience=5",
                "--",
            ])
            .args(["registry", "garbage-collect", "config.yml"])
            .env("KUBECONFIG", &kubeconfig)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    fn run(&self, step: &str) -> Output {
        self.step(step).wait_with_output().unwrap()
    }

    fn asked(&self) -> Vec<Value> {
        self.world.lock().unwrap().asked.clone()
    }
}

fn serve(stream: TcpStream, world: &Mutex<World>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut writer = stream;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        let mut words = line.split(' ').map(str::to_owned);
        let (method, path) = (words.next().unwrap(), words.next().unwrap());
        let mut length = 0;
        loop {
            let mut field = String::new();
            reader.read_line(&mut field).unwrap();
            if field.trim().is_empty() {
                break;
            }
            if let Some(number) = field.to_ascii_lowercase().strip_prefix("content-length:") {
                length = number.trim().parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        let answer = world.lock().unwrap().answer(&method, &path, &body).to_string();
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json";
        write!(
            writer,
            "{head}\r\ncontent-length: {}\r\n\r\n{answer}",
            answer.len()
        )
        .unwrap();
    }
}

fn undone() -> Value {
    json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "team"}})
}

fn ended(code: i64) -> Value {
    json!({"terminated": {"exitCode": code}})
}

#[test]
fn the_registry_s_next_pod_collects_and_the_one_after_doesn_t() {
    let cluster = Cluster::start(&ended(0));
    let output = cluster.run("in-place");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let asked = cluster.asked();
    assert_eq!(
        asked[0]["spec"]["template"]["spec"]["initContainers"],
        json!([{"name": "collect", "image": "registry:2.8", "command": ["registry", "garbage-collect", "config.yml"]}])
    );
    assert_eq!(asked[1..], [undone()]);
}

#[test]
fn a_collector_that_fails_leaves_the_registry_as_it_was() {
    let cluster = Cluster::start(&ended(3));
    let output = cluster.run("in-place");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(cluster.asked().last(), Some(&undone()));
}

#[test]
fn a_collector_that_never_starts_is_given_up() {
    let cluster = Cluster::start(&json!({"waiting": {}}));
    let output = cluster.run("in-place");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(cluster.asked().last(), Some(&undone()));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("waiting for the collector to start"), "{said}");
}

#[test]
fn a_run_that_is_asked_to_stop_takes_back_what_it_asked_for() {
    let cluster = Cluster::start(&json!({"running": {}}));
    let child = cluster.step("in-place");
    while cluster.asked().is_empty() {
        thread::sleep(Duration::from_millis(20));
    }
    let id = child.id().to_string();
    assert!(Command::new("kill").arg(&id).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(cluster.asked().last(), Some(&undone()));
}

#[test]
fn pods_that_overlap_are_never_collected_beside() {
    let cluster = Cluster::start(&ended(0));
    cluster.world.lock().unwrap().strategy = "RollingUpdate";
    assert_eq!(cluster.run("in-place").status.code(), Some(1));
    assert!(cluster.asked().is_empty());
}

#[test]
fn writes_are_refused_before_a_collector_and_taken_after_it() {
    let cluster = Cluster::start(&ended(0));
    assert_eq!(cluster.run("refuse-writes").status.code(), Some(0));
    let container = &cluster.asked()[0]["spec"]["template"]["spec"]["containers"][0];
    assert_eq!(
        container["env"][0]["name"],
        "REGISTRY_STORAGE_MAINTENANCE_READONLY"
    );
    assert_eq!(cluster.run("take-writes").status.code(), Some(0));
    assert_eq!(cluster.asked()[1..], [undone()]);
}

#[test]
fn writes_are_taken_again_whatever_became_of_the_collector() {
    let cluster = Cluster::start(&ended(1));
    assert_eq!(cluster.run("take-writes").status.code(), Some(1));
    assert_eq!(cluster.asked(), [undone()]);
}
