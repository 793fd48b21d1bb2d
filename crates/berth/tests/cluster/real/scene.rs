//! The program on the real node, documents of one's own namespaces, and the images that they need.

use std::collections::BTreeSet;
use std::fs;
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use berth_drive::kubernetes::{Node, SharedNode};
use berth_drive::packing::{PackedImage, own_image};
use berth_drive::{Client, Image, Platform, needed, program, write_layout};
use serde_json::Value as Json;
use tempfile::TempDir;

/// Minutes, since other tests and builds may hold both cores.
pub(super) const PATIENCE: Duration = Duration::from_secs(300);

/// A user of the registries, and the bcrypt hash of her password.
pub(super) const ANN: &str = "ann";
pub(super) const PASSWORD: &str = "correct horse";

static SCENES: AtomicU32 = AtomicU32::new(0);
static IMPORTED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// The real node, and a folder with documents that `berth` is run in. Its namespaces go with it.
pub(super) struct Scene {
    pub(super) node: SharedNode,
    folder: TempDir,
    /// The namespace of the scene's registry; `@` in its documents.
    pub(super) namespace: String,
}

impl Scene {
    /// On the node that the tests share, which gets these images; `None` where something can't be had.
    pub(super) fn new(packers: &[fn() -> Option<PackedImage>]) -> Option<Self> {
        needed("skopeo")?;
        let images: Option<Vec<_>> = packers.iter().map(|pack| pack()).collect();
        let images = images?;
        let node = Node::shared()?;
        for image in &images {
            bring(&node, image);
        }
        let number = SCENES.fetch_add(1, Ordering::Relaxed);
        Some(Self {
            node,
            folder: tempfile::Builder::new().prefix("berth-real-").tempdir().unwrap(),
            namespace: format!("real-{number}"),
        })
    }

    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file; `@` in it stands for the scene's namespace.
    pub(super) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder().join(name);
        fs::write(&path, text.replace('@', &self.namespace)).unwrap();
        path
    }

    /// One `berth apply` of this document: everything is ready when it ends.
    pub(super) fn apply(&self, document: &str) {
        let (code, said) = self.berth(document, &["apply", "--yes", "--timeout", "5m"]);
        assert_eq!(code, Some(0), "{said}\n{}", self.pods());
    }

    /// Runs the program on this document, with an inventory of the scene's own: how it ended, and what it said.
    pub(super) fn berth(&self, document: &str, words: &[&str]) -> (Option<i32>, String) {
        let file = self.write("berth.yaml", document);
        let mut command = Command::new(env!("CARGO_BIN_EXE_berth"));
        command.args(words).arg(file);
        command.args(["--inventory", &self.namespace, "--kubeconfig"]);
        command.arg(self.node.kubeconfig()).current_dir(self.folder());
        command.env("ANN_PASSWORD", PASSWORD).env_remove("KUBECONFIG");
        command.env("WRONG_PASSWORD", "incorrect horse");
        command.env("ANN_BCRYPT", bcrypt::hash(PASSWORD, 4).unwrap());
        let output = command.output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let said = text(&output.stdout) + &text(&output.stderr);
        (output.status.code(), said)
    }

    /// How the scene's pods fare, for a test that has failed.
    pub(super) fn pods(&self) -> String {
        let words = ["describe", "pods", "--namespace", &self.namespace];
        self.node.kubectl().run(words).unwrap_or_default()
    }

    pub(super) fn kubectl(&self, words: &[&str]) -> String {
        // First, since what comes after `--` is another program's.
        let all = [&["--namespace", &self.namespace], words].concat();
        let said = self.node.kubectl().run(all);
        said.unwrap_or_else(|error| panic!("{error:#}\n{}", self.pods()))
    }

    pub(super) fn object(&self, kind: &str, name: &str) -> Json {
        let words = ["get", kind, name, "--namespace", &self.namespace];
        self.node.kubectl().json(words).unwrap()
    }

    /// Where the Service answers; the node's rules follow a ready pod a moment later.
    pub(super) fn service(&self, name: &str) -> SocketAddr {
        let service = self.object("service", name);
        let address = service["spec"]["clusterIP"].as_str().unwrap();
        let port = &service["spec"]["ports"][0]["port"];
        let address = format!("{address}:{port}").parse().unwrap();
        self.wait(&format!("the Service {name} to answer"), || {
            TcpStream::connect_timeout(&address, Duration::from_secs(2)).is_ok()
        });
        address
    }

    /// A client of the Service.
    pub(super) fn client(&self, name: &str) -> Client {
        Client::new(self.service(name))
    }

    /// Waits until something is so.
    pub(super) fn wait(&self, what: &str, mut ready: impl FnMut() -> bool) {
        let waited = self.node.wait(what, PATIENCE, || Ok(ready()));
        waited.unwrap_or_else(|error| panic!("{error:#}\n{}", self.pods()));
    }

    /// Waits until a workload is rolled out.
    pub(super) fn rollout(&self, workload: &str) {
        let waited = self.node.rollout(&self.namespace, workload, PATIENCE);
        waited.unwrap_or_else(|error| panic!("{error:#}"));
    }

    /// The identities of the registry's pods.
    pub(super) fn pod_ids(&self, instance: &str) -> Vec<String> {
        let label = format!("app.kubernetes.io/instance={instance}");
        let words = [
            "get",
            "pods",
            "--selector",
            &label,
            "--namespace",
            &self.namespace,
        ];
        let pods = self.node.kubectl().json(words).unwrap();
        let pods = pods["items"].as_array().unwrap().iter();
        pods.map(|pod| pod["metadata"]["uid"].as_str().unwrap().to_owned())
            .collect()
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        for namespace in [self.namespace.clone(), format!("{}-apps", self.namespace)] {
            let words = [
                "delete",
                "namespace",
                &namespace,
                "--wait=false",
                "--ignore-not-found",
            ];
            let _ = self.node.kubectl().run(words);
        }
    }
}

/// Brings an image onto the node, once.
fn bring(node: &SharedNode, image: &PackedImage) {
    let mut imported = IMPORTED.lock().unwrap_or_else(PoisonError::into_inner);
    if imported.insert(image.name.clone()) {
        node.import(&image.archive, &image.name).unwrap();
    }
}

/// Berth's own image, as `cargo xtask image` built it.
pub(super) fn berth_image() -> Option<PackedImage> {
    own_image(berth_plan::render::BERTH_IMAGE)
}

pub(super) fn registry() -> Option<PackedImage> {
    needed("docker-registry")?;
    Some(berth_drive::packing::registry_image().unwrap())
}

pub(super) fn postgresql() -> Option<PackedImage> {
    needed("pg_ctlcluster")?;
    Some(berth_drive::packing::postgres_image().unwrap())
}

pub(super) fn redis() -> Option<PackedImage> {
    needed("redis-server")?;
    Some(berth_drive::packing::redis_image().unwrap())
}

/// An image whose one program waits: what is pushed, and what pods run.
pub(super) fn waiting_image(number: u8) -> Image {
    let program = program("pause", "pause").unwrap();
    let contents = [fs::read(program).unwrap(), vec![number; 100_000]];
    Image::new(Platform("linux", "amd64"), &contents)
}

/// `skopeo copy` of an image, as somebody or as nobody; whether it was taken.
pub(super) fn push(folder: &Path, image: &Image, to: &str, credentials: Option<&str>) -> bool {
    let layout = folder.join("layout").join(image.digest().replace(':', "-"));
    if !layout.is_dir() {
        write_layout(&layout, "v1", image).unwrap();
    }
    let mut skopeo = Command::new("skopeo");
    skopeo.args(["--insecure-policy", "copy", "--quiet", "--preserve-digests"]);
    skopeo.args(["--dest-tls-verify=false", "--retry-times=0"]);
    if let Some(credentials) = credentials {
        skopeo.args(["--dest-creds", credentials]);
    }
    skopeo.arg(format!("oci:{}:v1", layout.display()));
    let output = skopeo.arg(format!("docker://{to}")).output().unwrap();
    output.status.success()
}

/// `skopeo inspect --raw`: the bytes of a manifest, as Ann.
pub(super) fn manifest(of: &str) -> Vec<u8> {
    let credentials = format!("{ANN}:{PASSWORD}");
    let mut skopeo = Command::new("skopeo");
    skopeo.args(["inspect", "--raw", "--tls-verify=false", "--creds", &credentials]);
    let output = skopeo.arg(format!("docker://{of}")).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{of}: {stderr}");
    output.stdout
}
