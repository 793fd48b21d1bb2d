//! Docker's own engine loads, pushes and pulls.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use berth_drive::{Image, is_root, needed, write_archive};

use crate::podman::same_content;
use crate::program::finish;
use crate::start::{berth, folder};

#[test]
fn dockerd_pushes_and_pulls_an_image() {
    let (Some(dockerd), Some(docker)) = (needed("dockerd"), needed("docker")) else {
        return;
    };
    if !is_root("dockerd") {
        return;
    }
    let (scene, image) = (folder(), Image::tiny(20));
    let server = berth(scene.path());
    let engine = Engine::start(&dockerd, docker, scene.path());
    let name = format!("{}/story/dockerd:v1", server.address());
    let archive = scene.path().join("image.tar");
    write_archive(&archive, &name, &image).unwrap();

    engine.run(&["load", "--quiet", "--input", archive.to_str().unwrap()]);
    engine.run(&["push", "--quiet", &name]);
    same_content(
        &image,
        &server
            .client()
            .pull_manifest("story/dockerd", "v1")
            .unwrap()
            .bytes,
    );

    engine.run(&["rmi", "--force", &name]);
    engine.run(&["pull", "--quiet", &name]);
    let id = engine.run(&["image", "inspect", "--format", "{{.Id}}", &name]);
    assert_eq!(id.trim(), berth_drive::sha256(&image.config));
}

#[test]
fn dockerd_pulls_an_oci_image_that_another_client_pushed() {
    let (Some(dockerd), Some(docker)) = (needed("dockerd"), needed("docker")) else {
        return;
    };
    if !is_root("dockerd") {
        return;
    }
    let (scene, image) = (folder(), Image::tiny(21));
    let server = berth(scene.path());
    server.client().push_image("story/oci", "v1", &image).unwrap();
    let engine = Engine::start(&dockerd, docker, scene.path());

    let by_digest = format!("{}/story/oci@{}", server.address(), image.digest());
    engine.run(&["pull", "--quiet", &by_digest]);
    let id = engine.run(&["image", "inspect", "--format", "{{.Id}}", &by_digest]);
    assert_eq!(id.trim(), berth_drive::sha256(&image.config));
}

/// Docker's engine, without network or services, until it's dropped.
struct Engine {
    daemon: Child,
    docker: PathBuf,
    host: String,
}

impl Engine {
    fn start(dockerd: &Path, docker: PathBuf, folder: &Path) -> Self {
        let folder = folder.join("docker");
        std::fs::create_dir(&folder).unwrap();
        let host = format!("unix://{}", folder.join("docker.sock").display());
        let mut command = Command::new(dockerd);
        command.args([
            "--bridge=none",
            "--iptables=false",
            "--ip6tables=false",
            "--storage-driver=vfs",
        ]);
        command
            .arg("--data-root")
            .arg(folder.join("data"))
            .arg("--exec-root")
            .arg(folder.join("exec"));
        command
            .arg("--host")
            .arg(&host)
            .arg("--pidfile")
            .arg(folder.join("docker.pid"));
        let log = std::fs::File::create(folder.join("log")).unwrap();
        command
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log);
        let daemon = command.spawn().unwrap();
        let engine = Self { daemon, docker, host };
        let start = Instant::now();
        while !engine.command(&["version"]).output().unwrap().status.success() {
            let log = || std::fs::read_to_string(folder.join("log")).unwrap_or_default();
            assert!(
                start.elapsed() < Duration::from_secs(60),
                "dockerd doesn't answer: {}",
                log()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
        engine
    }

    fn run(&self, arguments: &[&str]) -> String {
        finish(&mut self.command(arguments))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.docker);
        command
            .arg("--host")
            .arg(&self.host)
            .args(arguments)
            .env_remove("DOCKER_HOST");
        command
    }
}

impl Drop for Engine {
    /// Asks it to end, since a killed one leaves its containerd behind.
    fn drop(&mut self) {
        let _ = Command::new("kill")
            .args(["-TERM", &self.daemon.id().to_string()])
            .status();
        let _ = self.daemon.wait();
    }
}
