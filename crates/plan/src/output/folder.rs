use std::collections::BTreeSet;
use std::path::Path;

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
pub const KUSTOMIZATION: &str = "kustomization.yaml";

/// The first line of that file: by it, a folder of Berth's is known.
const MARK: &str =
    "# Written by `berth render`: the files named here are its own, and go when they are rendered no longer.";

/// A file for each object, in the order in which they are applied, and a `kustomization.yaml` that names them.
pub fn to_folder(objects: &ObjectSet) -> Vec<OutputFile> {
    let mut files: Vec<OutputFile> = objects.iter().map(file).collect();
    let text = kustomization(files.iter().map(|file| file.name.as_str()));
    files.push(OutputFile {
        text,
        name: KUSTOMIZATION.to_owned(),
        is_secret: false,
    });
    files
}

/// The `kustomization.yaml` that names these files.
pub fn kustomization<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    let kustomization = json!({
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": names,
    });
    format!("{MARK}\n{}", to_yaml(&kustomization))
}

/// The files that a `kustomization.yaml` names; `None` of one that Berth didn't write. A name that isn't one of a file in
/// the folder itself is passed over.
pub fn resources_of(text: &str) -> Option<BTreeSet<String>> {
    let mut lines = text.lines();
    if lines.next() != Some(MARK) {
        return None;
    }
    let names = lines.filter_map(|line| line.trim_start().strip_prefix("- "));
    let names = names.map(|name| name.trim().trim_matches(['"', '\'']));
    let is_file = |name: &&str| {
        let is_yaml = Path::new(name)
            .extension()
            .is_some_and(|extension| extension == "yaml");
        is_yaml && !name.contains(['/', '\\']) && *name != KUSTOMIZATION
    };
    Some(names.filter(is_file).map(str::to_owned).collect())
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
        text: object.to_yaml(),
        is_secret: object.is_secret(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_folder_of_berth_s_holds_is_read_back_and_no_other_folder_is_berth_s() {
        let text = kustomization(["a.b.yaml", "c.yaml"]);
        let names = resources_of(&text).unwrap();
        assert_eq!(names.into_iter().collect::<Vec<_>>(), ["a.b.yaml", "c.yaml"]);
        let foreign = text.split_once('\n').unwrap().1;
        assert_eq!(resources_of(foreign), None);
        assert_eq!(resources_of(""), None);
    }

    #[test]
    fn a_name_that_leads_out_of_the_folder_is_passed_over() {
        let text = kustomization(["../a.yaml", "b/c.yaml", "d.txt", "kustomization.yaml"]);
        assert!(resources_of(&text).unwrap().is_empty());
    }
}
