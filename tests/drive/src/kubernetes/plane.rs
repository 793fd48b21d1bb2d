//! A control plane: etcd, API server, controllers, scheduler, and fake nodes by kwok.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use std::{env, fs, process, thread};

use anyhow::{Context as _, Result, bail};

use super::components::{Components, Ports, Programs};
use super::processes::Processes;
use super::{Kubectl, Shared, Version, objects};

/// How long a part may take to answer: seconds on an idle machine, longer while two builds run beside it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);
/// The fake node's name.
const NODE: &str = "fake";

/// A control plane that runs until this value is dropped, or until the process ends.
#[derive(Debug)]
pub struct ControlPlane {
    version: Version,
    programs: Programs,
    ports: Ports,
    processes: Processes,
    kubectl: Kubectl,
    /// Names that were given out, so that no two are alike.
    pub(crate) names: AtomicUsize,
    pub(crate) volumes: AtomicUsize,
}

static SHARED: Mutex<Vec<&'static ControlPlane>> = Mutex::new(Vec::new());

impl ControlPlane {
    /// Starts one whose fake node makes every pod ready; none where its programs can't be had, and then the test was
    /// said to be skipped.
    ///
    /// # Panics
    /// When it doesn't start, with the ends of its logs.
    pub fn start(version: Version) -> Option<Self> {
        let started = Self::start_in(&new_folder(), version, true);
        started.unwrap_or_else(|error| panic!("Kubernetes {version} doesn't start: {error:#}"))
    }

    /// The one that the tests of this process share, each in namespaces of its own ([`Self::namespace`]).
    ///
    /// # Panics
    /// When it doesn't start, with the ends of its logs.
    pub fn shared(version: Version) -> Option<Shared<Self>> {
        let mut planes = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(plane) = planes.iter().find(|plane| plane.version == version) {
            return Some(Shared::new(plane));
        }
        let plane: &'static Self = Box::leak(Box::new(Self::start(version)?));
        planes.push(plane);
        Some(Shared::new(plane))
    }

    /// Starts one in a folder of choice, with fake nodes or without any node.
    pub fn start_in(folder: &Path, version: Version, kwok: bool) -> Result<Option<Self>> {
        Self::start_at(Ipv4Addr::LOCALHOST, folder, version, kwok)
    }

    /// The same, its API server on this address of the machine.
    pub(crate) fn start_at(
        host: Ipv4Addr,
        folder: &Path,
        version: Version,
        kwok: bool,
    ) -> Result<Option<Self>> {
        let Some(programs) = Programs::find(version, kwok) else {
            return Ok(None);
        };
        let mut plane = Self {
            version,
            kubectl: Kubectl::new(&programs.kubectl, &folder.join("kubeconfig")),
            programs,
            ports: Ports::find(host)?,
            processes: Processes::new(folder)?,
            names: AtomicUsize::new(0),
            volumes: AtomicUsize::new(0),
        };
        plane.bring_up()?;
        if kwok {
            plane.bring_up_fake_node()?;
        }
        Ok(Some(plane))
    }

    /// Which Kubernetes it is.
    pub fn version(&self) -> Version {
        self.version
    }

    /// The file that says where it is and who may do everything.
    pub fn kubeconfig(&self) -> PathBuf {
        self.folder().join("kubeconfig")
    }

    /// A kubeconfig of a user who may do nothing until a role says so.
    pub fn kubeconfig_of(&self, user: &str) -> Result<PathBuf> {
        let all = fs::read_to_string(self.kubeconfig())?;
        let acting = all.replace("user: {token: ", &format!("user: {{as: {user}, token: "));
        let file = self.folder().join(format!("kubeconfig-{user}"));
        fs::write(&file, acting)?;
        Ok(file)
    }

    /// Where its API server listens, `127.0.0.1:PORT`.
    pub fn address(&self) -> SocketAddr {
        self.ports.apiserver
    }

    /// The folder that it lives in; what a test puts there goes with it.
    pub fn folder(&self) -> &Path {
        self.processes.folder()
    }

    /// Kubernetes' own client, as who may do everything.
    pub fn kubectl(&self) -> &Kubectl {
        &self.kubectl
    }

    /// Ends the API server at once, as when its machine loses power. etcd keeps what was acknowledged.
    pub fn kill_apiserver(&mut self) -> Result<()> {
        self.processes.kill("kube-apiserver")
    }

    /// Starts the API server again, on the same port, and waits until it answers; with it what ended without it.
    pub fn start_apiserver(&mut self) -> Result<()> {
        let ended = self.processes.take_ended();
        let apiserver = self.components().apiserver();
        self.start_part("kube-apiserver", apiserver)?;
        self.wait_for_apiserver()?;
        for name in ended {
            let parts = self.components();
            let command = match name.as_str() {
                "kube-controller-manager" => parts.controllers(),
                "kube-scheduler" => parts.scheduler(),
                "kwok" => parts.kwok().context("kwok isn't there")?,
                _ => bail!("{name} ended:\n{}", self.processes.tails()),
            };
            self.start_part(&name, command)?;
        }
        Ok(())
    }

    /// Leaves it running when this value goes; [`stop`](super::stop) stops it by its folder.
    pub fn leave_running(mut self) -> Result<()> {
        self.processes.leave()
    }

    /// Prints the ends of all logs, and has them stay when the rest goes.
    pub fn show_logs(&self) {
        self.processes.show();
    }

    /// The ends of all logs.
    pub(crate) fn tails(&self) -> String {
        self.processes.tails()
    }

    pub(crate) fn processes(&mut self) -> &mut Processes {
        &mut self.processes
    }

    fn components(&self) -> Components<'_> {
        Components {
            folder: self.processes.folder(),
            programs: &self.programs,
            ports: &self.ports,
        }
    }

    fn start_part(&mut self, name: &str, mut command: process::Command) -> Result<()> {
        self.processes.start(name, &mut command)
    }

    fn bring_up(&mut self) -> Result<()> {
        self.components().write_files()?;
        let etcd = self.components().etcd();
        self.start_part("etcd", etcd)?;
        let apiserver = self.components().apiserver();
        self.start_part("kube-apiserver", apiserver)?;
        let key = self.folder().join("certificates/apiserver.key");
        self.processes
            .wait("the API server's certificate", PATIENCE, || key.is_file())?;
        self.components().write_kubeconfig()?;
        self.wait_for_apiserver()?;
        let controllers = self.components().controllers();
        self.start_part("kube-controller-manager", controllers)?;
        let scheduler = self.components().scheduler();
        self.start_part("kube-scheduler", scheduler)?;
        let kubectl = self.kubectl.clone();
        self.processes.wait("the controllers to work", PATIENCE, || {
            kubectl.run(["get", "serviceaccount", "default"]).is_ok()
        })
    }

    fn wait_for_apiserver(&mut self) -> Result<()> {
        let kubectl = self.kubectl.clone();
        self.processes.wait("the API server to be ready", PATIENCE, || {
            kubectl.run(["get", "--raw", "/readyz"]).is_ok()
        })
    }

    fn bring_up_fake_node(&mut self) -> Result<()> {
        let Some(kwok) = self.components().kwok() else {
            return Ok(());
        };
        self.kubectl.run([
            "apply",
            "-f",
            &self.write("node.json", &objects::fake_node(NODE))?,
        ])?;
        self.start_part("kwok", kwok)?;
        let kubectl = self.kubectl.clone();
        let words = [
            "get",
            "node",
            NODE,
            "-o",
            "jsonpath={.status.conditions[?(@.type=='Ready')].status}",
        ];
        self.processes.wait("the fake node to be ready", PATIENCE, || {
            kubectl.run(words).is_ok_and(|ready| ready == "True")
        })
    }

    fn write(&self, name: &str, object: &serde_json::Value) -> Result<String> {
        let file = self.folder().join(name);
        fs::write(&file, object.to_string())?;
        Ok(file.display().to_string())
    }
}

impl Drop for ControlPlane {
    fn drop(&mut self) {
        if thread::panicking() {
            self.show_logs();
        }
    }
}

impl AsRef<Self> for ControlPlane {
    fn as_ref(&self) -> &Self {
        self
    }
}

/// A folder that nothing else has. No such name is the beginning of another.
pub(crate) fn new_folder() -> PathBuf {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    env::temp_dir().join(format!("berth-cluster-{}-{number}.d", process::id()))
}
