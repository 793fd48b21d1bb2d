//! Every field does something: setting it changes an object, or is told by a finding. Where it is seen stands in
//! `docs/effects.md`, which this test writes with `BLESS=1`.

mod contexts;
mod places;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use berth_config::Kind;
use berth_config::document::{Documents, Format, Source, read};
use berth_config::effects::{Effect, effect};
use berth_config::section::{Shape, ValueType};
use berth_plan::render::Rendered;
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
        "registries" => Some(json!(["hub"])),
        "kubernetes[].resources" => Some(json!(["deployments"])),
        "context.source" => Some(json!("local")),
        _ => None,
    }
}

/// Choices of one: there is no other value to render, and a wrong one is refused before.
const ONLY: [&str; 1] = ["database.type"];
/// What stands beside another field that says the same: the rules tell where the two disagree (DR-002).
const SAID_TWICE: &str = "storage.s3.enabled";

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
    let document = |kind: &str, name: &str, spec: &Value| json!({"apiVersion": "berth.dev/v1", "kind": kind, "metadata": {"name": name}, "spec": spec});
    let mut all = vec![document(kind.as_str(), "mutant", spec)];
    if !kind.is_registry() {
        // Registries that a policy may be for, in two namespaces.
        let hub = json!({"externalURL": "https://hub.example.com", "namespace": "hub"});
        all.push(document("DockerRegistry", "hub", &hub));
        all.push(document("DockerRegistry", "other", &json!({})));
    }
    let list = json!({"apiVersion": "v1", "kind": "List", "items": all});
    read(&[Source {
        name: "berth.json".to_owned(),
        bytes: list.to_string().into(),
        format: Format::Json,
    }])
}

/// What is told, by code and message.
fn told(rendered: &Rendered) -> Vec<(String, String)> {
    let told = rendered.findings.iter();
    told.map(|finding| {
        let message = format!("{:?} {}", finding.field, finding.message);
        (finding.code.as_str().to_owned(), message)
    })
    .collect()
}

/// Where the effect of a field is seen.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Seen {
    /// In what is rendered; and in a finding of a code, where one speaks of it too.
    At(String, Option<String>),
    /// In a finding of this code.
    Told(String),
    /// Nowhere.
    Nowhere,
}

/// The contexts in which a field is tried.
fn tried_in(kind: Kind, leaf: &Leaf) -> Vec<Value> {
    let mut all = match kind {
        Kind::HarborRegistry | Kind::NexusRegistry | Kind::ArtifactoryRegistry => {
            vec![context(kind, &leaf.path)]
        }
        _ => contexts::contexts(kind, &leaf.path),
    };
    if let Some((above, "key" | "parameters")) = leaf
        .path
        .rsplit_once('.')
        .filter(|(above, _)| above.ends_with("encryption"))
    {
        let provisioner = format!("{above}.provisioner");
        let steps: Vec<&str> = provisioner.split('.').collect();
        for fields in &mut all {
            put(fields, &steps, Some(&json!("ebs.csi.aws.com")));
        }
    }
    all
}

/// Sets a field in each context until it is seen in what is rendered; a finding counts where it never is.
fn seen(kind: Kind, leaf: &Leaf) -> Seen {
    let steps: Vec<&str> = leaf.path.split('.').collect();
    let mut values = candidates(&leaf.value, leaf.range);
    values.extend(words(&leaf.path));
    let mut best = Seen::Nowhere;
    for mut fields in tried_in(kind, leaf) {
        put(&mut fields, &steps, None);
        let before = rendered(&documents(kind, &fields), 31);
        for value in &values {
            let mut mutated = fields.clone();
            put(&mut mutated, &steps, Some(value));
            let after = rendered(&documents(kind, &mutated), 31);
            let there = told(&before);
            let new = told(&after).into_iter().find(|one| !there.contains(one));
            let new = new.map(|(code, _)| code);
            if let Some(place) = places::place(&before, &after) {
                return Seen::At(place, new);
            }
            if let (Seen::Nowhere, Some(code)) = (&best, new) {
                best = Seen::Told(code);
            }
        }
    }
    best
}

/// Where the table of effects says that a field is seen, with what the renderings show; an error where they show nothing.
fn row(leaf: &Leaf, effect: Option<Effect>, seen: &Seen) -> Result<String, String> {
    let at = match seen {
        Seen::At(place, _) => Some(place.clone()),
        Seen::Told(code) => Some(format!("told by {code}")),
        Seen::Nowhere => None,
    };
    let and = |first: &str| match &at {
        Some(at) => format!("{first}; {at}"),
        None => first.to_owned(),
    };
    match (effect, seen) {
        (Some(Effect::Serve), _) => Ok(and("`berth serve`")),
        (Some(Effect::Size), _) => Ok(and("`berth size`")),
        (Some(Effect::NotAppliedYet(pending)), Seen::Told(code)) => Ok(format!(
            "not applied: it takes {}; told by {code}",
            pending.as_str()
        )),
        (Some(Effect::NotAppliedYet(pending)), Seen::At(place, Some(code))) => Ok(format!(
            "{place}; the rest is not applied: it takes {}; told by {code}",
            pending.as_str()
        )),
        (Some(Effect::Render), Seen::Nowhere) if leaf.path == SAID_TWICE => {
            Ok("told by DR-002 in `berth check`".to_owned())
        }
        (Some(Effect::Render), _) if ONLY.contains(&leaf.path.as_str()) => Ok("a choice of one".to_owned()),
        (Some(Effect::Render), Seen::At(..) | Seen::Told(_)) => Ok(at.unwrap_or_default()),
        (effect, seen) => Err(format!("{effect:?}, {seen:?}")),
    }
}

fn rows(kind: Kind) -> (BTreeMap<String, String>, BTreeMap<String, String>) {
    let mut leaves = Vec::new();
    collect(kind.shape(), "", &mut leaves);
    let (mut rows, mut silent) = (BTreeMap::new(), BTreeMap::new());
    for leaf in leaves {
        let effect = effect(kind, &leaf.path.replace("[]", ""));
        let row = match effect {
            // Policies that aren't carried out are told as a whole, by their fields in `berth check`.
            Some(Effect::NotAppliedYet(pending)) if !kind.is_registry() => {
                Ok(format!("not applied yet: it takes {}", pending.as_str()))
            }
            Some(Effect::Size) if !kind.is_registry() => Ok("`berth size`".to_owned()),
            effect => row(&leaf, effect, &seen(kind, &leaf)),
        };
        match row {
            Ok(row) => rows.insert(leaf.path, row),
            Err(why) => silent.insert(leaf.path, why),
        };
    }
    (rows, silent)
}

#[test]
fn every_field_changes_what_is_rendered_or_is_told_and_the_table_says_where() {
    let mut page = "# Where each field is seen\n\n\
        Made by the test of every field (`BLESS=1 cargo test -p berth-plan --test render every_field`), which sets each of\n\
        them and looks at what becomes of it: an object and the path in it, a product's file and its key, or what tells that\n\
        it isn't applied.\n"
        .to_owned();
    let mut silent = BTreeMap::new();
    let mut fields = 0;
    for kind in Kind::ALL {
        let (rows, errors) = rows(*kind);
        fields += rows.len();
        write!(
            page,
            "\n## {}\n\n| field | where it is seen |\n|---|---|\n",
            kind.as_str()
        )
        .unwrap();
        for (field, row) in rows {
            writeln!(page, "| `{field}` | {row} |").unwrap();
        }
        silent.extend(
            errors
                .into_iter()
                .map(|(field, why)| (format!("{} {field}", kind.as_str()), why)),
        );
    }
    assert!(silent.is_empty(), "{silent:#?}");
    assert!(fields > 800, "fields are missing: {fields}");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/effects.md");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &page).unwrap();
    }
    assert!(
        fs::read_to_string(&path).is_ok_and(|there| there == page),
        "docs/effects.md is not what the fields show: BLESS=1 writes it anew"
    );
}
