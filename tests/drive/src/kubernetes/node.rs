//! A real node: containerd and the kubelet run pods as processes of this machine, kube-proxy and `CoreDNS` let them find
//! each other. All of it lives on the address of a bridge that nothing outside of the machine reaches.

use std::env;
use std::fs::{self, File};
use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use super::node_files::{self, BRIDGE, HOST, Ports, SANDBOX};
use super::plane::new_folder;
use super::{ControlPlane, Shared, Version, node_network};
use crate::image::{Image, Platform};
use crate::layout::write_archive;
use crate::needed::{is_root, needed};
use crate::programs::program;

/// The Kubernetes that has a real node: newer kubelets refuse the first version of cgroups, older ones weren't tried.
const VERSION: Version = Version::V1_31;
const PATIENCE: Duration = Duration::from_secs(120);
/// Namespace of containerd that the kubelet's images and containers are in.
const NAMESPACE: &str = "k8s.io";

/// A cluster of one real node, which runs until this value is dropped or the process ends.
///
/// There is one at a time on a machine: another one waits until this one is gone.
#[derive(Debug)]
pub struct Node {
    plane: ControlPlane,
    ctr: PathBuf,
    /// Held as long as the node runs.
    _turn: File,
}

static SHARED: Mutex<Option<&'static Node>> = Mutex::new(None);

/// The programs of a real node, beside those of its control plane.
#[derive(Debug)]
struct Programs {
    containerd: PathBuf,
    ctr: PathBuf,
    kubelet: PathBuf,
    kubectl: PathBuf,
    kubeproxy: PathBuf,
    coredns: PathBuf,
    pause: PathBuf,
}

impl Programs {
    fn find() -> Option<Self> {
        let recipe = VERSION.recipe();
        for other in ["runc", "iptables", "conntrack", "ip", "/usr/lib/cni/bridge"] {
            needed(other)?;
        }
        Some(Self {
            containerd: needed("containerd")?,
            ctr: needed("ctr")?,
            kubelet: program(&recipe, "kubelet")?,
            kubectl: program(&recipe, "kubectl")?,
            kubeproxy: program(&recipe, "kube-proxy")?,
            coredns: program("coredns", "coredns")?,
            pause: program("pause", "pause")?,
        })
    }
}

impl Node {
    /// Starts one; none where its programs or root's rights can't be had, and then the test was said to be skipped.
    ///
    /// # Panics
    /// When it doesn't start, with the ends of its logs.
    pub fn start() -> Option<Self> {
        let started = Self::start_in(&new_folder());
        started.unwrap_or_else(|error| panic!("the real node doesn't start: {error:#}"))
    }

    /// The one that the tests of this process share, each in namespaces of its own.
    ///
    /// # Panics
    /// When it doesn't start, with the ends of its logs.
    pub fn shared() -> Option<Shared<Self>> {
        let mut shared = SHARED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if shared.is_none() {
            *shared = Some(Box::leak(Box::new(Self::start()?)));
        }
        shared.map(Shared::new)
    }

    /// Starts one in a folder of choice.
    pub fn start_in(folder: &Path) -> Result<Option<Self>> {
        if !is_root("a real node") {
            return Ok(None);
        }
        let Some(programs) = Programs::find() else {
            return Ok(None);
        };
        let turn = turn(folder)?;
        node_network::open()?;
        let Some(plane) = ControlPlane::start_at(HOST, folder, VERSION, false)? else {
            return Ok(None);
        };
        let mut node = Self {
            plane,
            ctr: programs.ctr.clone(),
            _turn: turn,
        };
        node.bring_up(&programs)?;
        Ok(Some(node))
    }

    /// Brings in an image from an archive (docker-archive or OCI), and calls it `name`, with registry and tag.
    pub fn import(&self, archive: &Path, name: &str) -> Result<()> {
        let archive = archive.display().to_string();
        let said = self.ctr(&["images", "import", "--all-platforms", &archive])?;
        let word = |line: &str| {
            line.strip_prefix("unpacking ")?
                .split_whitespace()
                .next()
                .map(str::to_owned)
        };
        let imported = said.lines().find_map(word);
        let imported = imported.with_context(|| format!("no image in {archive}: {said}"))?;
        if imported != name {
            self.ctr(&["images", "tag", "--force", &imported, name])?;
        }
        self.wait("the kubelet's view of an image", PATIENCE, || {
            // The label says that the part which the kubelet asks has seen it.
            let list = self.ctr(&["images", "list", &format!("name=={name}")])?;
            Ok(list.contains("io.cri-containerd.image=managed"))
        })
    }

    /// Packs an image of one static program, which is `/file-0` there, and brings it in as `name`.
    pub fn import_program(&self, program: &Path, name: &str) -> Result<()> {
        let bytes = fs::read(program).with_context(|| format!("reading {}", program.display()))?;
        let image = Image::new(Platform("linux", "amd64"), &[bytes]);
        let archive = self.folder().join("import.tar");
        write_archive(&archive, name, &image)?;
        self.import(&archive, name)?;
        Ok(fs::remove_file(archive)?)
    }

    /// Lets the kubelet pull images of the registry `name` (`HOST:PORT` in an image's name) by plain HTTP from
    /// `address`, which may be the same.
    pub fn plain_http(&self, name: &str, address: &str) -> Result<()> {
        let folder = self.folder().join("hosts").join(name);
        fs::create_dir_all(&folder)?;
        let text = format!(
            "server = \"http://{address}\"\n[host.\"http://{address}\"]\n  capabilities = [\"pull\", \"resolve\"]\n"
        );
        Ok(fs::write(folder.join("hosts.toml"), text)?)
    }

    /// Runs `ctr` where the kubelet's images and containers are.
    pub fn ctr(&self, words: &[&str]) -> Result<String> {
        let mut command = Command::new(&self.ctr);
        let socket = self.folder().join("containerd.sock");
        command
            .arg("--address")
            .arg(socket)
            .args(["--namespace", NAMESPACE]);
        let output = command.args(words).output().context("starting ctr")?;
        if !output.status.success() {
            bail!(
                "ctr {}: {}",
                words.join(" "),
                String::from_utf8_lossy(&output.stderr)
            );
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Leaves it running when this value goes; [`stop`](super::stop) stops it by its folder.
    pub fn leave_running(self) -> Result<()> {
        self.plane.leave_running()
    }

    fn bring_up(&mut self, programs: &Programs) -> Result<()> {
        let folder = self.folder().to_owned();
        let ports = Ports::find()?;
        node_files::write(&folder, &ports)?;
        self.write_stops(programs)?;
        self.start_containerd(programs)?;
        self.import_program(&programs.pause, SANDBOX)?;
        let mut kubelet = Command::new(&programs.kubelet);
        kubelet
            .arg(format!("--config={}", folder.join("kubelet.yaml").display()))
            .arg(format!("--kubeconfig={}", folder.join("kubeconfig").display()))
            .arg(format!("--root-dir={}", folder.join("kubelet").display()))
            .arg(format!(
                "--cert-dir={}",
                folder.join("kubelet-certificates").display()
            ))
            .arg(format!("--hostname-override={}", node_files::NAME))
            .arg(format!("--node-ip={HOST}"));
        self.processes().start("kubelet", &mut kubelet)?;
        let mut proxy = Command::new(&programs.kubeproxy);
        proxy.arg(format!("--config={}", folder.join("kube-proxy.yaml").display()));
        self.processes().start("kube-proxy", &mut proxy)?;
        let mut dns = Command::new(&programs.coredns);
        dns.arg("-conf").arg(folder.join("Corefile"));
        self.processes().start("coredns", &mut dns)?;
        let kubectl = self.kubectl().clone();
        let words = [
            "get",
            "node",
            node_files::NAME,
            "-o",
            "jsonpath={.status.conditions[?(@.type=='Ready')].status}",
        ];
        self.processes().wait("the node to be ready", PATIENCE, || {
            kubectl.run(words).is_ok_and(|ready| ready == "True")
        })
    }

    fn start_containerd(&mut self, programs: &Programs) -> Result<()> {
        let folder = self.folder().to_owned();
        let mut containerd = Command::new(&programs.containerd);
        containerd.arg("--config").arg(folder.join("containerd.toml"));
        self.processes().start("containerd", &mut containerd)?;
        let mut version = Command::new(&programs.ctr);
        version
            .arg("--address")
            .arg(folder.join("containerd.sock"))
            .arg("version");
        self.processes().wait("containerd to answer", PATIENCE, || {
            version.output().is_ok_and(|output| output.status.success())
        })
    }

    /// What `stop.sh` does before and after it stops the processes.
    fn write_stops(&self, programs: &Programs) -> Result<()> {
        let before = include_str!("before-stop.sh");
        let after = include_str!("after-stop.sh");
        let kubectl = programs.kubectl.display();
        let kubeproxy = programs.kubeproxy.display();
        fs::write(
            self.folder().join("before-stop.sh"),
            format!("kubectl='{kubectl}'\n{before}"),
        )?;
        let names = format!("kubeproxy='{kubeproxy}'\nbridge={BRIDGE}\n");
        fs::write(self.folder().join("after-stop.sh"), names + after)?;
        Ok(())
    }
}

impl Deref for Node {
    type Target = ControlPlane;

    fn deref(&self) -> &ControlPlane {
        &self.plane
    }
}

impl DerefMut for Node {
    fn deref_mut(&mut self) -> &mut ControlPlane {
        &mut self.plane
    }
}

impl AsRef<ControlPlane> for Node {
    fn as_ref(&self) -> &ControlPlane {
        &self.plane
    }
}

/// Waits for the machine's turn, and stops a node whose process went without stopping it.
fn turn(folder: &Path) -> Result<File> {
    let place = env::temp_dir().join("berth-node.turn");
    let file = File::options().read(true).append(true).create(true).open(&place);
    let file = file.with_context(|| format!("making {}", place.display()))?;
    file.lock().context("waiting for another real node")?;
    let last = fs::read_to_string(&place)?;
    if !last.is_empty() {
        super::stop(Path::new(&last))?;
    }
    fs::write(&place, folder.display().to_string())?;
    Ok(file)
}
