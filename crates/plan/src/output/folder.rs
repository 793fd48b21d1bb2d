use berth_config::show::to_yaml;
use serde_json::json;

use crate::object::{Object, ObjectSet};

/// A file of a folder of objects.
#[derive(Clone, PartialEq, Eq)]
pub struct OutputFile {
    /// Its path in the folder.
    pub name: String,
    /// What it holds.
    pub text: String,
    /// Whether secrets stand in it: nobody but its owner may read it.
    pub is_secret: bool,
}

/// The file that names the others.
const KUSTOMIZATION: &str = "kustomization.yaml";

/// A file for each object, in the order in which they are applied, and a `kustomization.yaml` that names them.
pub fn to_folder(objects: &ObjectSet) -> Vec<OutputFile> {
    let mut files: Vec<OutputFile> = objects.iter().map(file).collect();
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    let kustomization = json!({
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": names,
    });
    files.push(OutputFile {
        text: to_yaml(&kustomization),
        name: KUSTOMIZATION.to_owned(),
        is_secret: false,
    });
    files
}

fn file(object: &Object) -> OutputFile {
    let metadata = object.metadata();
    let namespace = metadata
        .namespace
        .as_ref()
        .map_or_else(String::new, |namespace| format!("{namespace}."));
    OutputFile {
        name: format!(
            "{namespace}{}.{}.yaml",
            metadata.name,
            object.kind().to_ascii_lowercase()
        ),
        text: to_yaml(&object.to_json()),
        is_secret: object.is_secret(),
    }
}
