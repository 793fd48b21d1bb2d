//! The least of a kubelet: puts what a pod mounts into a folder, and starts its program there.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use berth_drive::free_address;
use berth_plan::object::{Object, ObjectSet};
use serde_json::Value;

/// A pod's program, running in a folder in the place of a container.
pub(crate) struct Pod {
    child: Child,
    pub(crate) address: SocketAddr,
    log: PathBuf,
}

/// The folder of a pod, with all that it mounts, and its environment.
pub(crate) struct Mounted {
    folder: PathBuf,
    mounts: Vec<String>,
    env: Vec<(String, String)>,
}

/// Puts what the first container of a Deployment mounts into a folder.
pub(crate) fn mount(objects: &ObjectSet, name: &str, folder: &Path) -> Mounted {
    let find = |kind: &str, name: &str| {
        objects
            .iter()
            .find(|object| object.kind() == kind && object.metadata().name == name)
    };
    let deployment = find("Deployment", name).unwrap().to_json();
    let pod = &deployment["spec"]["template"]["spec"];
    let container = &pod["containers"][0];
    let mut mounts = Vec::new();
    for mount in list(&container["volumeMounts"]) {
        let path = text(&mount["mountPath"]);
        let there = folder.join(path.trim_start_matches('/'));
        let volume = list(&pod["volumes"])
            .find(|volume| volume["name"] == mount["name"])
            .unwrap();
        let files = files(volume, &find);
        if mount["subPath"].is_string() && !files.is_empty() {
            fs::create_dir_all(there.parent().unwrap()).unwrap();
            let (_, bytes) = files
                .iter()
                .find(|(file, _)| mount["subPath"] == file.as_str())
                .unwrap();
            fs::write(&there, bytes).unwrap();
        } else {
            fs::create_dir_all(&there).unwrap();
            for (file, bytes) in files {
                fs::write(there.join(file), bytes).unwrap();
            }
        }
        mounts.push(path.to_owned());
    }
    // Longer paths first: one may lie in another.
    mounts.sort_by_key(|path| std::cmp::Reverse(path.len()));
    let env = list(&container["env"]).map(|variable| {
        let at = &variable["valueFrom"]["secretKeyRef"];
        let plain = variable["value"].as_str().map(str::to_owned);
        let value = plain.unwrap_or_else(|| {
            let secret = find("Secret", text(&at["name"])).unwrap();
            String::from_utf8(key(secret, text(&at["key"]))).unwrap()
        });
        (text(&variable["name"]).to_owned(), value)
    });
    Mounted {
        folder: folder.to_owned(),
        mounts,
        env: env.collect(),
    }
}

impl Mounted {
    /// Starts Docker's registry on the configuration that is mounted, with its port in the place of another.
    pub(crate) fn start(&self, program: &Path, port: u16) -> Pod {
        let config = self.folder.join("etc/docker/registry/config.yml");
        let written = fs::read_to_string(&config).unwrap();
        let address = free_address().unwrap();
        let mut here = written.replace(&format!("\":{port}\""), &format!("\"{address}\""));
        for mount in &self.mounts {
            // Each path once, though one that was put in may hold another.
            let there = format!("{}/@{}", self.folder.display(), &mount[1..]);
            here = here
                .replace(&format!("{mount}/"), &format!("{there}/"))
                .replace(&format!("{mount}\n"), &format!("{there}\n"));
        }
        let here = here.replace("/@", "/");
        let started = self.folder.join("config.yml");
        fs::write(&started, here).unwrap();
        let log = self.folder.join("log");
        let file = fs::File::create(&log).unwrap();
        let child = Command::new(program)
            .arg("serve")
            .arg(&started)
            .env_clear()
            .envs(self.env.iter().cloned())
            .stdout(Stdio::from(file.try_clone().unwrap()))
            .stderr(Stdio::from(file))
            .spawn()
            .unwrap();
        let mut pod = Pod { child, address, log };
        pod.wait();
        pod
    }
}

impl Pod {
    /// All that it has said.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }

    fn wait(&mut self) {
        for _ in 0..200 {
            if std::net::TcpStream::connect(self.address).is_ok() {
                return;
            }
            assert!(
                self.child.try_wait().unwrap().is_none(),
                "it ended: {}",
                self.log()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("it doesn't listen: {}", self.log());
    }
}

impl Drop for Pod {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn files<'a>(volume: &Value, find: &impl Fn(&str, &str) -> Option<&'a Object>) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    if let Some(name) = volume["configMap"]["name"].as_str() {
        let config_map = find("ConfigMap", name).unwrap().to_json();
        for (file, content) in config_map["data"].as_object().unwrap() {
            files.push((file.clone(), text(content).as_bytes().to_vec()));
        }
    }
    for source in list(&volume["projected"]["sources"]) {
        let secret = find("Secret", text(&source["secret"]["name"])).unwrap();
        for item in list(&source["secret"]["items"]) {
            files.push((text(&item["path"]).to_owned(), key(secret, text(&item["key"]))));
        }
    }
    files
}

fn key(secret: &Object, key: &str) -> Vec<u8> {
    STANDARD.decode(text(&secret.to_json()["data"][key])).unwrap()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}
