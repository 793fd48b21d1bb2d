//! Every field does something: changing it changes what is served, what is sized, or what is found.

use std::collections::BTreeMap;

use berth_config::Kind;
use berth_config::document::{Documents, Format, Source, read};
use berth_config::effects::{Effect, effect};
use berth_config::rules::{Profile, Target, check};
use berth_config::section::{Shape, ValueType};
use berth_config::serve::{self, ServeOptions};
use berth_config::sizing::{ForecastInput, components, rule_of_thumb};
use berth_finding::to_json;
use serde_json::{Map, Value, json};

/// A field, by the names that lead to it; a name that ends in `[]` is a list of sections.
struct Leaf {
    path: String,
    field: ValueType,
    range: Option<(i64, i64)>,
}

fn leaves(kind: Kind) -> Vec<Leaf> {
    let mut all = Vec::new();
    collect(kind.shape(), "", &mut all);
    all
}

fn collect(shape: &Shape, prefix: &str, all: &mut Vec<Leaf>) {
    for field in shape.fields {
        let path = if prefix.is_empty() {
            field.name.to_owned()
        } else {
            format!("{prefix}.{}", field.name)
        };
        match &field.value {
            ValueType::Section(shape) => collect(shape, &path, all),
            ValueType::List(ValueType::Section(shape)) => collect(shape, &format!("{path}[]"), all),
            value => all.push(Leaf {
                path,
                field: *value,
                range: field.range,
            }),
        }
    }
}

/// Values to try: at least one of them must have an effect.
fn candidates(value: &ValueType, range: Option<(i64, i64)>) -> Vec<Value> {
    match value {
        ValueType::Boolean => vec![json!(true), json!(false)],
        ValueType::Integer => {
            let (min, max) = range.unwrap_or((0, 9));
            [7, 3, 5_242_881, min, max]
                .into_iter()
                .filter(|number| (min..=max).contains(number))
                .map(Value::from)
                .collect()
        }
        // A choice of one has no other right value: a wrong one must be found.
        ValueType::Text { examples: [_], .. } => vec![json!("mutated")],
        ValueType::Text { examples: [], .. } | ValueType::Private | ValueType::Free => {
            vec![json!("mutated")]
        }
        ValueType::Text { examples, .. } => examples.iter().map(|text| json!(text)).collect(),
        ValueType::Secret => vec![json!("mutated"), json!({"env": "MUTATED"})],
        ValueType::Exemption => vec![json!("CVE-2024-3094")],
        ValueType::List(value) => candidates(value, range)
            .into_iter()
            .map(|value| json!([value]))
            .collect(),
        ValueType::Map(value) => candidates(value, range)
            .into_iter()
            .map(|value| json!({"mutated": value}))
            .collect(),
        ValueType::Section(_) => Vec::new(),
    }
}

/// What must stand in the document for a field to mean anything.
fn context(kind: Kind, path: &str) -> Value {
    let tls = json!({"http": {"tlsenabled": true, "tlscertificate": "/c", "tlskey": "/k"}});
    let rows: &[(Kind, &str, Value)] = &[
        (Kind::DockerRegistry, "http.tls", tls.clone()),
        (Kind::DockerRegistry, "http.http2", tls),
        (
            Kind::DockerRegistry,
            "auth.htpasswd",
            json!({"auth": {"scheme": "basic"}}),
        ),
        (
            Kind::HarborRegistry,
            "components.exporter",
            json!({"metrics": {"enabled": true}}),
        ),
        (
            Kind::HarborRegistry,
            "components.database",
            json!({"database": {"managed": true}}),
        ),
        (
            Kind::HarborRegistry,
            "components.redis",
            json!({"redis": {"managed": true}}),
        ),
        (kind, "persistence", json!({"persistence": {"size": "10Gi"}})),
    ];
    let row = rows
        .iter()
        .find(|(of, prefix, _)| *of == kind && path.starts_with(prefix));
    row.map_or_else(|| json!({}), |(_, _, context)| context.clone())
}

/// The fields with a value put in at a path; without one, with the sections that lead there.
fn put(fields: &mut Value, path: &[&str], value: Option<&Value>) {
    let Some((first, rest)) = path.split_first() else {
        return;
    };
    let (key, is_list) = first
        .strip_suffix("[]")
        .map_or((*first, false), |key| (key, true));
    let Value::Object(fields) = fields else {
        return;
    };
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
        all.push(document("DockerRegistry", "registry", &json!({})));
    }
    let text = json!({"apiVersion": "v1", "kind": "List", "items": all}).to_string();
    let source = Source {
        name: "berth.json".to_owned(),
        bytes: text.into(),
        format: Format::Json,
    };
    read(&[source])
}

/// All that can be seen of documents.
#[derive(PartialEq, Debug)]
struct Seen {
    served: String,
    sized: String,
    found: String,
}

fn see(documents: &Documents) -> Seen {
    let (plan, findings) = serve::plan(documents, &ServeOptions::default());
    let messages: Vec<_> = findings.iter().map(|finding| &finding.message).collect();
    let revealed = plan.as_ref().map(|plan| format!("{:?}{}", plan, revealed(plan)));
    let input = ForecastInput {
        images_per_day: 1.0,
        image_bytes: 1e6,
        retention_days: 30.0,
        dedupe: 0.0,
    };
    let sized = documents.documents.iter().map(|document| {
        let days = ForecastInput::retention_days_for(&documents.documents, document);
        format!(
            "{:?}{:?}{:?}{days:?}",
            rule_of_thumb(document),
            components(&document.spec),
            input.forecast(document)
        )
    });
    let target = Target::Cluster {
        kubernetes: Some("1.29".to_owned()),
    };
    let mut found = to_json(&check(documents, Profile::Dev, &target));
    for finding in found["findings"].as_array_mut().into_iter().flatten() {
        // Where it stands moves with every change; what is said must differ.
        for place in ["line", "column", "endLine", "endColumn"] {
            finding.as_object_mut().map(|finding| finding.remove(place));
        }
    }
    Seen {
        served: format!("{revealed:?}{messages:?}"),
        sized: sized.collect(),
        found: found.to_string(),
    }
}

/// Secrets of a plan: its `Debug` doesn't tell them apart.
fn revealed(plan: &serve::ServePlan) -> String {
    let pem = |source: &serve::PemSource| match source {
        serve::PemSource::Given(secret) => secret.reveal().map(str::to_owned),
        serve::PemSource::File(_) => None,
    };
    let users = match &plan.authentication {
        serve::Authentication::Users(users) => users
            .values()
            .map(|hash| hash.reveal().map(str::to_owned))
            .collect(),
        _ => Vec::new(),
    };
    format!(
        "{:?}{users:?}",
        plan.tls
            .as_ref()
            .map(|tls| (pem(&tls.certificate), pem(&tls.key)))
    )
}

/// Whether setting the field shows in the way that its row says.
fn has_effect(kind: Kind, leaf: &Leaf) -> Result<(), String> {
    let bare = leaf.path.replace("[]", "");
    let Some(effect) = effect(kind, &bare) else {
        return Err("has no row".to_owned());
    };
    let steps: Vec<&str> = leaf.path.split('.').collect();
    let mut fields = context(kind, &leaf.path);
    put(&mut fields, &steps, None);
    let before = see(&documents(kind, &fields));
    for candidate in candidates(&leaf.field, leaf.range) {
        let mut mutated = fields.clone();
        put(&mut mutated, &steps, Some(&candidate));
        let after = see(&documents(kind, &mutated));
        let is_seen = match effect {
            // A choice of one: `serve` has no other to honour, and the wrong one is found.
            Effect::Serve if is_only_choice(&leaf.field) => after.found != before.found,
            Effect::Serve => after.served != before.served,
            Effect::Size => after.sized != before.sized,
            // Seen by the renderer's own test of every field.
            Effect::Render => true,
            Effect::NotAppliedYet(_) => after.found != before.found,
        };
        if is_seen {
            return Ok(());
        }
    }
    Err(format!("shows no effect of the sort {effect:?}"))
}

fn is_only_choice(value: &ValueType) -> bool {
    matches!(value, ValueType::Text { examples: [_], .. })
}

fn assert_every_field_of(kind: Kind) {
    let mut silent = BTreeMap::new();
    for leaf in leaves(kind) {
        if let Err(why) = has_effect(kind, &leaf) {
            silent.insert(leaf.path, why);
        }
    }
    assert!(silent.is_empty(), "{}: {silent:#?}", kind.as_str());
}

#[test]
fn every_field_does_something() {
    for kind in Kind::ALL {
        assert_every_field_of(*kind);
    }
}

#[test]
fn a_default_is_told_of_nowhere_as_not_applied() {
    let documents = documents(
        Kind::HarborRegistry,
        &json!({"redis": {"port": 6379}, "core": {}}),
    );
    let report = check(&documents, Profile::Dev, &Target::Local);
    assert!(
        report
            .findings()
            .iter()
            .all(|finding| finding.code.as_str() != "NY-001")
    );
}

/// The messages of a code for one document of a kind.
fn messages(code: &str, kind: Kind, spec: &Value) -> Vec<String> {
    let report = check(&documents(kind, spec), Profile::Dev, &Target::Local);
    let of_code = report
        .findings()
        .iter()
        .filter(|finding| finding.code.as_str() == code);
    of_code.map(|finding| finding.message.clone()).collect()
}

#[test]
fn ny_001_names_the_fields_of_a_registry_that_nothing_applies() {
    let spec =
        json!({"jvm": {"maxMemory": "2g"}, "tasks": [{"name": "a"}], "externalURL": "https://a.example.com"});
    let expected = ["not applied yet: `tasks[0].name`, `externalURL`"];
    assert_eq!(messages("NY-001", Kind::NexusRegistry, &spec), expected);
    assert_eq!(
        messages(
            "NY-001",
            Kind::DockerRegistry,
            &json!({"log": {"level": "debug"}})
        ),
        [""; 0]
    );
}

#[test]
fn ny_002_tells_that_a_policy_is_not_carried_out() {
    let told = messages(
        "NY-002",
        Kind::ImageRetentionPolicy,
        &json!({"keepTagged": false}),
    );
    assert_eq!(
        told,
        ["ImageRetentionPolicy/mutant is not applied yet, with `keepTagged`"]
    );
    assert_eq!(messages("NY-002", Kind::DockerRegistry, &json!({})), [""; 0]);
}
