//! Every field of a registry does something: setting it changes an object, or is told by a finding.

use std::collections::BTreeMap;

use berth_config::Kind;
use berth_config::document::{Documents, Format, Source, read};
use berth_config::effects::{Effect, effect};
use berth_config::section::{Shape, ValueType};
use berth_plan::output::to_yaml_stream;
use serde_json::{Map, Value, json};

use crate::scene::rendered;

/// A field, by the names that lead to it; a name that ends in `[]` is a list of sections.
struct Leaf {
    path: String,
    value: ValueType,
    range: Option<(i64, i64)>,
}

fn collect(shape: &Shape, prefix: &str, all: &mut Vec<Leaf>) {
    for field in shape.fields {
        let path = match prefix {
            "" => field.name.to_owned(),
            prefix => format!("{prefix}.{}", field.name),
        };
        match &field.value {
            ValueType::Section(shape) => collect(shape, &path, all),
            ValueType::List(ValueType::Section(shape)) => collect(shape, &format!("{path}[]"), all),
            value => all.push(Leaf {
                path,
                value: *value,
                range: field.range,
            }),
        }
    }
}

/// Values to try: one of them must have an effect.
fn candidates(value: &ValueType, range: Option<(i64, i64)>) -> Vec<Value> {
    let nested = |value: &ValueType, put: fn(Value) -> Value| -> Vec<Value> {
        candidates(value, range).into_iter().map(put).collect()
    };
    match value {
        ValueType::Boolean => vec![json!(true), json!(false)],
        ValueType::Integer => {
            let (min, max) = range.unwrap_or((0, 9));
            let tried = [7, 3, 31_000, 5_242_881, min, max].into_iter();
            tried
                .filter(|number| (min..=max).contains(number))
                .map(Value::from)
                .collect()
        }
        ValueType::Text { examples: [], .. } | ValueType::Private | ValueType::Free => {
            vec![json!("mutated"), json!("/mutated"), json!("mutated:4318")]
        }
        ValueType::Text { examples, .. } => examples.iter().map(|text| json!(text)).collect(),
        ValueType::Secret => vec![json!("mutated"), json!({"env": "MUTATED"})],
        ValueType::Exemption => vec![json!("CVE-2024-3094")],
        ValueType::List(value) => nested(value, |value| json!([value])),
        ValueType::Map(value) => nested(value, |value| json!({"mutated": value})),
        ValueType::Section(_) => Vec::new(),
    }
}

/// Values that mean something where the type doesn't tell.
fn words(path: &str) -> Option<Value> {
    match path {
        "exposure.ingress.controller" => Some(json!("nginx")),
        "security.encryption.algorithm" => Some(json!("AES128")),
        "trace.provider" => Some(json!("otel")),
        "nginx.serviceType" => Some(json!("LoadBalancer")),
        "components.jobservice.jobLoggers" => Some(json!(["stdout"])),
        _ => None,
    }
}

/// Choices of one: there is no other value to render, and a wrong one is refused before.
const ONLY: [&str; 1] = ["database.type"];

/// What must stand in the document for a field to mean anything.
fn context(kind: Kind, path: &str) -> Value {
    match kind {
        Kind::NexusRegistry => nexus(path),
        Kind::ArtifactoryRegistry => artifactory(path),
        _ => harbor(path),
    }
}

fn nexus(path: &str) -> Value {
    let database = json!({"type": "postgresql", "url": "jdbc:postgresql://db.example.com/nexus"});
    let blobs =
        json!({"blobstores": [{"name": "s", "type": "s3", "bucket": "b", "region": "r", "expiration": 3}]});
    let many = json!({
        "replicas": 2, "clustered": true, "license": {"env": "LICENSE"}, "database": database, "storage": blobs,
    });
    let ldap =
        json!({"authentication": {"ldap": {"enabled": true, "connection": "ldap://ldap.example.com"}}});
    first(
        path,
        vec![
            ("autoscaling", many.clone()),
            (
                "podDisruptionBudget",
                with(&many, "podDisruptionBudget", json!({"enabled": true})),
            ),
            ("replicas", many.clone()),
            ("clustered", without(&many, "clustered")),
            ("license", without(&many, "license")),
            ("database.image", json!({"database": {"managed": true}})),
            ("database.resources", json!({"database": {"managed": true}})),
            ("database.persistence", json!({"database": {"managed": true}})),
            ("backup", dumped()),
            ("nginx", json!({"nginx": {"enabled": true}})),
            ("backup", dumped()),
            ("database", json!({"database": {"type": "postgresql"}})),
            (
                "authentication.ldap.connection",
                json!({"authentication": {"ldap": {"enabled": true}}}),
            ),
            ("authentication.ldap", ldap),
            ("metrics", json!({"metrics": {"serviceMonitor": {}}})),
            (
                "exposure.sourceRanges",
                json!({"exposure": {"loadBalancer": {"port": 80}}}),
            ),
        ],
    )
}

fn artifactory(path: &str) -> Value {
    let many = json!({
        "replicas": 2, "edition": "enterprise", "licenses": [{"env": "A"}, {"env": "B"}, {"env": "C"}, {"env": "D"}, {"env": "E"}, {"env": "F"}, {"env": "G"}],
        "filestore": {"type": "s3-storage-v3-direct", "bucket": "b", "region": "r"},
    });
    let ingress = json!({"exposure": {"ingress": {"host": "a.example.com"}}});
    let store = json!({"filestore": {"type": "s3-storage-v3-direct", "identity": {"env": "ID"}}});
    first(
        path,
        vec![
            ("autoscaling", many.clone()),
            (
                "podDisruptionBudget",
                with(&many, "podDisruptionBudget", json!({"enabled": true})),
            ),
            ("replicas", many),
            ("database.image", json!({"database": {"managed": true}})),
            ("database.resources", json!({"database": {"managed": true}})),
            ("database.persistence", json!({"database": {"managed": true}})),
            ("backup", dumped()),
            ("nginx", json!({"nginx": {"enabled": true}})),
            (
                "security.ssl.certificate",
                with(&ingress, "security", json!({"ssl": {"key": {"env": "K"}}})),
            ),
            (
                "security.ssl.key",
                with(&ingress, "security", json!({"ssl": {"certificate": "/c"}})),
            ),
            (
                "security.ssl.enabled",
                with(&ingress, "security", json!({"ssl": {"secretName": "s"}})),
            ),
            ("security.ssl", ingress),
            ("metrics", json!({"metrics": {"serviceMonitor": {}}})),
            ("filestore.path", json!({"filestore": {"type": "file-system"}})),
            ("filestore", store),
            (
                "exposure.sourceRanges",
                json!({"exposure": {"loadBalancer": {"port": 80}}}),
            ),
        ],
    )
}

/// A database that can be dumped, and where to.
fn dumped() -> Value {
    json!({"database": {"managed": true}, "backup": {"destination": "copies"}})
}

/// The context of the first prefix that fits.
fn first(path: &str, rows: Vec<(&str, Value)>) -> Value {
    let row = rows.into_iter().find(|(prefix, _)| path.starts_with(prefix));
    row.map_or_else(|| json!({}), |(_, context)| context)
}

fn with(fields: &Value, key: &str, value: Value) -> Value {
    let mut fields = fields.clone();
    fields[key] = value;
    fields
}

fn without(fields: &Value, key: &str) -> Value {
    let mut fields = fields.clone();
    fields.as_object_mut().unwrap().remove(key);
    fields
}

fn harbor(path: &str) -> Value {
    let filesystem = json!({"storage": {"type": "filesystem"}, "persistence": {"size": "1Gi"}});
    let rows: [(&str, Value); 16] = [
        ("backup", dumped()),
        (
            "internalTLS.issuer",
            json!({"internalTLS": {"certSource": "certManager", "issuerName": "ours"}}),
        ),
        ("persistence", filesystem.clone()),
        ("components.registry.persistence", filesystem.clone()),
        ("storage.filesystem", filesystem),
        ("storage.azure", json!({"storage": {"type": "azure"}})),
        (
            "storage.gcs",
            json!({"storage": {"type": "gcs", "gcs": {"bucket": "b"}}}),
        ),
        ("storage.swift", json!({"storage": {"type": "swift"}})),
        ("storage.oss", json!({"storage": {"type": "oss"}})),
        ("components.exporter", json!({"metrics": {"enabled": true}})),
        ("components.database", json!({"database": {"managed": true}})),
        ("components.redis", json!({"redis": {"managed": true}})),
        (
            "exposure.sourceRanges",
            json!({"exposure": {"loadBalancer": {"port": 80}}}),
        ),
        (
            "podDisruptionBudget",
            json!({"coreReplicas": 2, "podDisruptionBudget": {"enabled": true}}),
        ),
        (
            "proxy",
            json!({"proxy": {"httpProxy": "http://proxy.example.com:3128"}}),
        ),
        (
            "trace.",
            json!({"trace": {"endpoint": "http://jaeger:14268/api"}}),
        ),
    ];
    let row = rows.into_iter().find(|(prefix, _)| path.starts_with(prefix));
    row.map_or_else(|| json!({}), |(_, context)| context)
}

/// The fields with a value put in at a path; without one, with the sections that lead there.
fn put(fields: &mut Value, path: &[&str], value: Option<&Value>) {
    let (Some((first, rest)), Value::Object(fields)) = (path.split_first(), fields) else {
        return;
    };
    let (key, is_list) = first
        .strip_suffix("[]")
        .map_or((*first, false), |key| (key, true));
    if rest.is_empty() {
        if let Some(value) = value {
            fields.insert(key.to_owned(), value.clone());
        }
        return;
    }
    let empty = if is_list {
        json!([{}])
    } else {
        Value::Object(Map::new())
    };
    let below = fields.entry(key).or_insert(empty);
    put(if is_list { &mut below[0] } else { below }, rest, value);
}

fn documents(kind: Kind, spec: &Value) -> Documents {
    let document = json!({"apiVersion": "berth.dev/v1", "kind": kind.as_str(), "metadata": {"name": "mutant"}, "spec": spec});
    read(&[Source {
        name: "berth.json".to_owned(),
        bytes: document.to_string().into(),
        format: Format::Json,
    }])
}

/// The objects, and what is told.
fn seen(kind: Kind, spec: &Value) -> (String, Vec<String>) {
    let rendered = rendered(&documents(kind, spec), 31);
    let told = rendered.findings.iter();
    let told = told.map(|finding| format!("{:?} {}", finding.field, finding.message));
    let recipes = format!("{:?}", rendered.made_once);
    (to_yaml_stream(&rendered.objects) + &recipes, told.collect())
}

fn assert_every_field_of(kind: Kind, fewest: usize) {
    let mut leaves = Vec::new();
    collect(kind.shape(), "", &mut leaves);
    let mut silent = BTreeMap::new();
    for leaf in &leaves {
        let steps: Vec<&str> = leaf.path.split('.').collect();
        let mut fields = context(kind, &leaf.path);
        put(&mut fields, &steps, None);
        let before = seen(kind, &fields);
        let mut tried = candidates(&leaf.value, leaf.range);
        tried.extend(words(&leaf.path));
        let row = effect(kind, &leaf.path.replace("[]", ""));
        let shows = tried.iter().any(|candidate| {
            let mut mutated = fields.clone();
            put(&mut mutated, &steps, Some(candidate));
            let after = seen(kind, &mutated);
            match row {
                Some(Effect::NotAppliedYet(_)) => after.1 != before.1,
                _ => after != before,
            }
        });
        if !shows && !ONLY.contains(&leaf.path.as_str()) {
            silent.insert(leaf.path.as_str(), format!("{row:?}"));
        }
    }
    assert!(leaves.len() > fewest, "fields are missing");
    assert!(silent.is_empty(), "{silent:#?}");
}

#[test]
fn every_field_of_a_harbor_changes_what_is_rendered_or_is_told() {
    assert_every_field_of(Kind::HarborRegistry, 300);
}

#[test]
fn every_field_of_a_nexus_changes_what_is_rendered_or_is_told() {
    assert_every_field_of(Kind::NexusRegistry, 150);
}

#[test]
fn every_field_of_an_artifactory_changes_what_is_rendered_or_is_told() {
    assert_every_field_of(Kind::ArtifactoryRegistry, 130);
}
