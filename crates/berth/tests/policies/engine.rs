//! kube-router as the firewall of the real node, and nothing else of it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::scene::Scene;

/// It runs until this value goes, and takes its rules with it.
pub(super) struct Engine {
    child: Child,
    program: PathBuf,
    kubeconfig: PathBuf,
    log: PathBuf,
}

impl Engine {
    pub(super) fn start(program: &Path, scene: &Scene) -> Self {
        let log = scene.node.folder().join("logs/kube-router.log");
        let file = File::create(&log).unwrap();
        let kubeconfig = scene.node.kubeconfig();
        let nodes = scene.node.kubectl().json(["get", "nodes"]).unwrap();
        let node = nodes["items"][0]["metadata"]["name"].as_str().unwrap();
        let mut command = Command::new(program);
        command
            .arg(format!("--kubeconfig={}", kubeconfig.display()))
            .arg(format!("--hostname-override={node}"))
            .args([
                "--run-firewall=true",
                "--run-router=false",
                "--run-service-proxy=false",
            ])
            .args([
                "--enable-cni=false",
                "--health-port=0",
                "--iptables-sync-period=5s",
            ])
            .arg("--service-cluster-ip-range=10.0.0.0/24");
        command
            .stdin(Stdio::null())
            .stdout(file.try_clone().unwrap())
            .stderr(file);
        Self {
            child: command.spawn().unwrap(),
            program: program.to_owned(),
            kubeconfig,
            log,
        }
    }

    /// All it has said.
    pub(super) fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let mut clean = Command::new(&self.program);
        clean
            .arg("--cleanup-config")
            .arg(format!("--kubeconfig={}", self.kubeconfig.display()));
        let _ = clean.stdout(Stdio::null()).stderr(Stdio::null()).status();
    }
}
