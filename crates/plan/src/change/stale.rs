use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::file::FILE_FORMAT;

/// Why a plan file doesn't fit the world any more.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Stale {
    /// It is no plan file, or one of another form.
    #[error("it is no plan of the form {FILE_FORMAT}")]
    Form,
    /// It was made against another cluster.
    #[error("it was made against another cluster: {0}")]
    Cluster(String),
    /// It works on another inventory.
    #[error("it works on another inventory: {0}")]
    Inventory(String),
    /// These moved.
    #[error("{}", .0.join("; "))]
    Moved(Vec<String>),
}

/// Tells what moved since a plan file was made: `now` is the same plan, made anew. Documents, what is wanted, and live
/// objects count. A live object has moved when its version differs, unless nothing that somebody declared of it does: a
/// status is no move.
pub fn stale(file: &Json, now: &Json) -> Result<(), Stale> {
    if file["format"] != FILE_FORMAT || !file["changes"].is_array() {
        return Err(Stale::Form);
    }
    let text = |value: &Json| value.as_str().unwrap_or("unknown").to_owned();
    if file["cluster"]["uid"] != now["cluster"]["uid"] {
        return Err(Stale::Cluster(text(&file["cluster"]["server"])));
    }
    if file["inventory"] != now["inventory"] {
        let inventory = &file["inventory"];
        let name = format!("{}/{}", text(&inventory["namespace"]), text(&inventory["name"]));
        return Err(Stale::Inventory(name));
    }
    let mut moved = documents(file, now);
    moved.extend(objects(file, now));
    if moved.is_empty() {
        Ok(())
    } else {
        Err(Stale::Moved(moved))
    }
}

fn documents(file: &Json, now: &Json) -> Vec<String> {
    let digests = |plan: &Json| -> BTreeMap<String, Json> {
        let documents = plan["documents"].as_array().into_iter().flatten();
        documents
            .map(|document| {
                let name = document["document"].as_str().unwrap_or_default();
                (name.to_owned(), document["digest"].clone())
            })
            .collect()
    };
    let (then, now) = (digests(file), digests(now));
    let mut moved: Vec<String> = then
        .iter()
        .filter(|(name, digest)| now.get(*name) != Some(digest))
        .map(|(name, _)| format!("the document {name} changed"))
        .collect();
    let new = now.keys().filter(|name| !then.contains_key(*name));
    moved.extend(new.map(|name| format!("the document {name} is new")));
    moved
}

fn objects(file: &Json, now: &Json) -> Vec<String> {
    let (then, now) = (by_object(file), by_object(now));
    let mut moved = Vec::new();
    for (name, planned) in &then {
        match now.get(name) {
            None => moved.push(format!("{name} is gone")),
            Some(seen) => moved.extend(difference(name, planned, seen)),
        }
    }
    let new = now.iter().filter(|(name, _)| !then.contains_key(*name));
    moved.extend(new.map(|(name, _)| format!("{name} is new")));
    moved
}

fn by_object(plan: &Json) -> BTreeMap<String, &Json> {
    let changes = plan["changes"].as_array().into_iter().flatten();
    changes.map(|change| (name(&change["object"]), change)).collect()
}

fn name(object: &Json) -> String {
    let text = |field: &str| object[field].as_str();
    let kind = text("kind").unwrap_or_default();
    let name = text("name").unwrap_or_default();
    match text("namespace") {
        Some(namespace) => format!("{kind} {namespace}/{name}"),
        None => format!("{kind} {name}"),
    }
}

fn difference(name: &str, planned: &Json, seen: &Json) -> Option<String> {
    let (then, now) = (&planned["live"], &seen["live"]);
    if then.is_null() != now.is_null() {
        let what = if then.is_null() { "was made" } else { "is gone" };
        return Some(format!("{name} {what} meanwhile"));
    }
    if then["uid"] != now["uid"] {
        return Some(format!("{name} is another object of the same name"));
    }
    let is_same_version = then["resourceVersion"] == now["resourceVersion"];
    let is_same_content = then["digest"].is_string() && then["digest"] == now["digest"];
    if !is_same_version && !is_same_content {
        return Some(format!("{name} was changed in the cluster"));
    }
    if planned["wanted"].is_string() && planned["wanted"] != seen["wanted"] {
        return Some(format!("what is wanted of {name} changed"));
    }
    (planned["action"] != seen["action"]).then(|| {
        format!(
            "{name} would now be: {}",
            seen["action"].as_str().unwrap_or_default()
        )
    })
}
