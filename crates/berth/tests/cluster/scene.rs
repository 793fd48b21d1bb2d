//! The program on a control plane, and documents of one's own namespaces.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

use berth_drive::kubernetes::{ControlPlane, Shared, Version};
use serde_json::Value as Json;
use tempfile::TempDir;

/// A control plane, and a folder with documents that `berth` is run in.
pub(crate) struct Scene {
    pub(crate) plane: Shared,
    folder: TempDir,
    /// A word that no other scene has, for names of namespaces.
    pub(crate) word: String,
}

/// What a run of the program said, and how it ended.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

static SCENES: AtomicU32 = AtomicU32::new(0);

impl Scene {
    /// On the control plane that the tests share; `None` where there is none to be had.
    pub(crate) fn on(version: Version) -> Option<Self> {
        let plane = ControlPlane::shared(version)?;
        let number = SCENES.fetch_add(1, Ordering::Relaxed);
        Some(Self {
            plane,
            folder: tempfile::tempdir().unwrap(),
            word: format!("s{number}"),
        })
    }

    /// The same on the version that tests run on where nothing else is asked for.
    pub(crate) fn new() -> Option<Self> {
        Self::on(Version::V1_31)
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file; `@` in it stands for the scene's word.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, text.replace('@', &self.word)).unwrap();
        path
    }

    /// The program, to be run in the scene's folder with its cluster.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_berth"));
        command
            .args(words)
            .args(["--kubeconfig".as_ref(), self.plane.kubeconfig().as_os_str()])
            .current_dir(self.folder.path())
            .env("NO_COLOR", "1")
            .env_remove("KUBECONFIG");
        command
    }

    /// Runs it.
    pub(crate) fn berth(&self, words: &[&str]) -> Told {
        told(&self.command(words).output().unwrap())
    }

    /// Runs it, and it must end well.
    pub(crate) fn done(&self, words: &[&str]) -> Told {
        let told = self.berth(words);
        assert_eq!(told.code, Some(0), "berth {words:?}\n{}\n{}", told.out, told.err);
        told
    }

    /// An object, as kubectl tells it.
    pub(crate) fn get(&self, kind: &str, namespace: &str, name: &str) -> Json {
        self.plane
            .kubectl()
            .json(["get", kind, name, "--namespace", namespace])
            .unwrap()
    }

    /// Whether an object is there.
    pub(crate) fn has(&self, kind: &str, namespace: &str, name: &str) -> bool {
        let words = ["get", kind, name, "--namespace", namespace, "--output", "name"];
        self.plane.kubectl().run(words).is_ok()
    }

    pub(crate) fn kubectl(&self, words: &[&str]) -> String {
        self.plane.kubectl().run(words).unwrap()
    }

    /// The plan of what the folder declares, as its file.
    pub(crate) fn plan(&self, words: &[&str]) -> Json {
        let told = self.done(&[&["plan", "--output", "json"], words].concat());
        serde_json::from_str(&told.out).unwrap()
    }

    /// A plan of the documents must have nothing to do.
    pub(crate) fn settled(&self, words: &[&str]) {
        let told = self.berth(&[&["plan", "--exit-code"], words].concat());
        assert_eq!(told.code, Some(0), "{}\n{}", told.out, told.err);
        assert!(told.out.contains("Nothing to do"), "{}", told.out);
    }
}

pub(crate) fn told(output: &Output) -> Told {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Told {
        code: output.status.code(),
        out: text(&output.stdout),
        err: text(&output.stderr),
    }
}

/// The objects of a plan file with something to do: `update ConfigMap team-config`.
pub(crate) fn acting(plan: &Json) -> Vec<String> {
    let changes = plan["changes"].as_array().unwrap().iter();
    let acting = changes.filter(|change| change["action"] != "keep");
    acting
        .map(|change| {
            let text = |field: &str| change["object"][field].as_str().unwrap_or_default().to_owned();
            let action = change["action"].as_str().unwrap();
            format!("{action} {} {}", text("kind"), text("name"))
        })
        .collect()
}

/// The paths of the fields that change in an object of a plan file.
pub(crate) fn paths(plan: &Json, kind: &str) -> Vec<String> {
    let changes = plan["changes"].as_array().unwrap().iter();
    let of_kind = changes.filter(|change| change["object"]["kind"] == kind);
    of_kind
        .flat_map(|change| change["fields"].as_array().cloned().unwrap_or_default())
        .map(|field| field["path"].as_str().unwrap().to_owned())
        .collect()
}

/// A Docker registry in the scene's namespace `registry-@`, with more fields.
pub(crate) fn registry(name: &str, more: &str) -> String {
    format!(
        "apiVersion: berth.dev/v1\nkind: DockerRegistry\nmetadata: {{name: {name}}}\nspec:\n  namespace: registry-@\n  \
         image: registry:2.8.3\n  storage: {{driver: filesystem}}\n  auth: {{enabled: false}}\n{more}---\n"
    )
}
