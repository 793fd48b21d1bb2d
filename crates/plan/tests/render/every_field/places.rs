//! Where two renderings differ: the object, and the path in it, or the product's file and its key.

use std::collections::BTreeMap;

use berth_plan::render::Rendered;
use serde_json::Value;

/// How telling a difference is; the less, the better.
const VALUE: u8 = 0;
const OBJECT: u8 = 1;
const LABEL: u8 = 2;

/// The most telling difference; `None` where there is none but digests of what is given.
pub(crate) fn place(before: &Rendered, after: &Rendered) -> Option<String> {
    let (old, new) = (objects(before), objects(after));
    let mut found: Vec<(u8, String)> = Vec::new();
    if old.len() == new.len() && !old.is_empty() && old.keys().all(|key| !new.contains_key(key)) {
        found.push((VALUE, "all objects: `metadata.name`".to_owned()));
    }
    for (key, value) in &new {
        let Some(there) = old.get(key) else {
            found.push((OBJECT, format!("{} `{}`", key.0, key.1)));
            continue;
        };
        let mut paths = Vec::new();
        differences(there, value, String::new(), &mut paths);
        let paths = paths.into_iter().filter_map(|path| Some((rank(&path)?, path)));
        found.extend(paths.map(|(rank, path)| (rank, format!("{} `{}`: `{path}`", key.0, key.1))));
    }
    let gone = old.keys().filter(|key| !new.contains_key(*key));
    found.extend(gone.map(|key| (OBJECT, format!("{} `{}`", key.0, key.1))));
    found.extend(made_once(before, after));
    let mut best: Option<(u8, String)> = None;
    for one in found {
        if best.as_ref().is_none_or(|best| one.0 < best.0) {
            best = Some(one);
        }
    }
    best.map(|(_, text)| text)
}

/// By kind and name. What follows from the content of a Job stands in its name, and is no effect by itself.
fn objects(rendered: &Rendered) -> BTreeMap<(String, String), Value> {
    let all = rendered.objects.iter().map(|object| {
        let name = &object.metadata().name;
        let name = match name.rsplit_once('-') {
            Some((base, digest)) if object.kind() == "Job" && digest.len() == 8 => base,
            _ => name.as_str(),
        };
        let mut json = object.to_json();
        json["metadata"]["name"] = name.into();
        ((object.kind().to_owned(), name.to_owned()), json)
    });
    all.collect()
}

/// Digests and explanations say that something changed, and aren't it.
fn rank(path: &str) -> Option<u8> {
    let is_note = ["checksum-", "checkov.io", "kube-score", "berth.dev/pod-security"]
        .iter()
        .any(|part| path.contains(part));
    if is_note {
        return None;
    }
    let is_label = path.contains("metadata.labels") || path.contains("metadata.annotations");
    Some(if is_label { LABEL } else { VALUE })
}

fn made_once(before: &Rendered, after: &Rendered) -> Vec<(u8, String)> {
    let all = |rendered: &Rendered| -> Vec<(String, String)> {
        let secrets = rendered.made_once.iter();
        secrets
            .flat_map(|secret| {
                let keys = secret.recipes.iter();
                keys.map(|(key, recipe)| (secret.name.clone(), format!("{key} {recipe:?}")))
            })
            .collect()
    };
    let (old, new) = (all(before), all(after));
    let changed = old
        .iter()
        .filter(|one| !new.contains(one))
        .chain(new.iter().filter(|one| !old.contains(one)));
    changed
        .map(|(name, recipe)| {
            let key = recipe.split(' ').next().unwrap_or_default();
            (LABEL, format!("Secret `{name}`: `data.{key}`"))
        })
        .collect()
}

fn differences(old: &Value, new: &Value, path: String, paths: &mut Vec<String>) {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            for key in new.keys().chain(old.keys().filter(|key| !new.contains_key(*key))) {
                let below = if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                };
                let null = Value::Null;
                differences(
                    old.get(key).unwrap_or(&null),
                    new.get(key).unwrap_or(&null),
                    below,
                    paths,
                );
            }
        }
        (Value::Array(old), Value::Array(new)) if old.len() == new.len() => {
            for (index, (old, new)) in old.iter().zip(new).enumerate() {
                differences(old, new, format!("{path}[{index}]"), paths);
            }
        }
        (old, new) if old == new => {}
        (Value::String(old), Value::String(new)) if old.contains('\n') && new.contains('\n') => {
            paths.push(format!("{path}: {}", key_of(old, new)));
        }
        (Value::Array(_), _) | (_, Value::Array(_)) => paths.push(format!("{path}[]")),
        _ => paths.push(path),
    }
}

/// The key of a product's file that differs: with those above it, where the file has levels.
fn key_of(old: &str, new: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let added = new.iter().position(|line| !old.contains(line));
    let (lines, at) = if let Some(at) = added {
        (new, at)
    } else if let Some(at) = old.iter().position(|line| !new.contains(line)) {
        (old, at)
    } else {
        return "order of lines".to_owned();
    };
    let mut keys = vec![key(lines[at])];
    let mut depth = indent(lines[at]);
    for line in lines[..at].iter().rev() {
        if indent(line) < depth && !line.trim().is_empty() {
            depth = indent(line);
            keys.push(key(line));
        }
    }
    keys.reverse();
    keys.retain(|key| !key.is_empty());
    keys.join(".")
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '-']).len()
}

fn key(line: &str) -> String {
    let line = line.trim_start_matches([' ', '-']);
    let end = line.find([':', '=']).unwrap_or(line.len().min(40));
    line.get(..end)
        .unwrap_or(line)
        .trim()
        .trim_matches('"')
        .replace('|', "\\|")
}
