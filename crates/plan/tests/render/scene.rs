//! Documents to render, and secrets that are always there.

use std::fs;
use std::path::{Path, PathBuf};

use berth_config::document::{Documents, Format, Source, read};
use berth_config::rules::Profile;
use berth_config::value::SecretValue;
use berth_plan::object::SecretText;
use berth_plan::render::{
    KubernetesVersion, RenderOptions, Rendered, SecretSource, SecretUnavailable, render,
};
use serde_json::Value;

/// Gives each secret a value that tells where it was looked for, so that a leak is seen.
pub(crate) struct Canaries;

/// What stands in every value of [`Canaries`].
pub(crate) const CANARY: &str = "canary";

impl SecretSource for Canaries {
    fn resolve(&self, secret: &SecretValue) -> Result<SecretText, SecretUnavailable> {
        Ok(match secret {
            SecretValue::Plain(text) => SecretText::from(text.as_str()),
            SecretValue::Env(name) => format!("{CANARY}-of-the-variable-{name}").into(),
            SecretValue::File(path) => format!("{CANARY}-of-the-file-{path}\n").into(),
            SecretValue::SecretKeyRef(_) => {
                return Err(SecretUnavailable("it lies in the cluster".to_owned()));
            }
        })
    }

    fn made_once(&self, namespace: &str, name: &str, key: &str) -> Option<SecretText> {
        Some(format!("{CANARY}-of-{namespace}-{name}-{key}").into())
    }
}

/// Nothing is known of what is made once.
pub(crate) struct Offline;

impl SecretSource for Offline {
    fn resolve(&self, secret: &SecretValue) -> Result<SecretText, SecretUnavailable> {
        Canaries.resolve(secret)
    }

    fn made_once(&self, _: &str, _: &str, _: &str) -> Option<SecretText> {
        None
    }
}

/// A text of YAML documents.
pub(crate) fn documents(text: &str) -> Documents {
    let source = Source {
        name: "berth.yaml".to_owned(),
        bytes: text.as_bytes().to_vec(),
        format: Format::Yaml,
    };
    read(&[source])
}

/// A Docker registry with these fields.
pub(crate) fn registry(fields: &str) -> String {
    format!("apiVersion: berth.dev/v1\nkind: DockerRegistry\nmetadata: {{name: team}}\nspec: {fields}\n")
}

/// A registry of a kind in the namespace `n`, with these fields.
pub(crate) fn product(kind: &str, name: &str, fields: &str) -> Documents {
    documents(&format!(
        "apiVersion: berth.dev/v1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {{namespace: n, {fields}}}\n"
    ))
}

/// An object of the namespace `n`.
pub(crate) fn body(rendered: &Rendered, kind: &str, name: &str) -> Value {
    let object = rendered.objects.lookup(kind, Some("n"), name);
    object
        .unwrap_or_else(|| panic!("there is no {kind} {name}"))
        .to_json()
}

/// The fields that findings of a code are at.
pub(crate) fn told(rendered: &Rendered, code: &str) -> Vec<String> {
    let found = rendered.findings.iter();
    let found = found.filter(|finding| finding.code.as_str() == code);
    found
        .map(|finding| finding.field.clone().unwrap_or_default())
        .collect()
}

/// A container of what an object makes pods from.
pub(crate) fn container(object: &Value, index: usize) -> Value {
    object["spec"]["template"]["spec"]["containers"][index].clone()
}

/// A variable of a container; null where it isn't set.
pub(crate) fn variable(container: &Value, name: &str) -> Value {
    let variables = container["env"].as_array().into_iter().flatten();
    let mut found = variables.filter(|variable| variable["name"] == name);
    found.next().cloned().unwrap_or(Value::Null)
}

/// Renders for a version of Kubernetes, with secrets that are always there.
pub(crate) fn rendered(documents: &Documents, minor: u32) -> Rendered {
    rendered_with(documents, minor, &Canaries)
}

/// The same with the secrets of a source.
pub(crate) fn rendered_with(documents: &Documents, minor: u32, secrets: &dyn SecretSource) -> Rendered {
    let options = RenderOptions {
        kubernetes: KubernetesVersion::minor(minor),
        profile: Profile::Dev,
    };
    render(documents, &options, secrets)
}

/// Files of documents that are rendered in tests, by a name of their own: the project's examples, those of the
/// builders' documentation, and those that show what no example has.
pub(crate) fn samples() -> Vec<(String, Documents)> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut samples = Vec::new();
    for (folder, prefix, format) in [
        (here.join("../../examples"), "example", Format::Yaml),
        (
            here.join("../config/tests/golden/examples"),
            "builder",
            Format::EvaluatedNix,
        ),
        (here.join("tests/render/documents"), "sample", Format::Yaml),
    ] {
        for path in files(&folder) {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let source = Source {
                name: name.clone(),
                bytes: fs::read(&path).unwrap(),
                format,
            };
            samples.push((format!("{prefix}-{name}"), read(&[source])));
        }
    }
    assert!(samples.len() >= 18, "samples are missing");
    samples
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "yaml" || extension == "json")
        })
        .collect();
    files.sort();
    files
}

/// Holds what each sample becomes to its file in a folder of golden files; `BLESS=1` writes them anew.
pub(crate) fn golden(folder: &str, extension: &str, text: impl Fn(&Documents) -> String) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    fs::create_dir_all(&folder).unwrap();
    let mut changed = Vec::new();
    for (name, documents) in samples() {
        let text = text(&documents);
        let path = folder.join(format!("{name}.{extension}"));
        if fs::read_to_string(&path).is_ok_and(|there| there == text) {
            continue;
        }
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, text).unwrap();
        } else {
            changed.push(name);
        }
    }
    assert!(
        changed.is_empty(),
        "rendered otherwise than before: {}",
        changed.join(", ")
    );
}
