//! Generated inputs for the builders: parts of a kind's own configuration, wrong types, nulls, and foreign fields.

use berth_config::builders;
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::{BoxedStrategy, Just, Strategy, any, prop_oneof};
use serde_json::{Map, Number, Value, json};

pub(crate) type Builder = fn(&str, Value) -> Value;

/// Every builder by its name in Nix.
pub(crate) const BUILDERS: [(&str, Builder); 9] = [
    ("mkDockerRegistry", builders::docker_registry),
    ("mkHarborRegistry", builders::harbor_registry),
    ("mkNexusRegistry", builders::nexus_registry),
    ("mkArtifactoryRegistry", builders::artifactory_registry),
    ("mkImagePullSecret", builders::image_pull_secret),
    ("mkImageScanPolicy", builders::image_scan_policy),
    ("mkImageRetentionPolicy", builders::image_retention_policy),
    ("mkImageReplicationPolicy", builders::image_replication_policy),
    ("mkImageBuildConfig", builders::image_build_config),
];

/// One call of one builder.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    builder: &'static str,
    build: Builder,
    name: String,
    config: Value,
}

impl Case {
    /// The case with Rust's answers, as the Nix side of the test reads it.
    pub(crate) fn with_answers(&self) -> Value {
        let result = (self.build)(&self.name, self.config.clone());
        let valid = [&result, &self.config].map(builders::validate_registry_config);
        let needs = [&result, &self.config].map(builders::calculate_storage_requirements);
        json!({
            "builder": self.builder,
            "name": self.name,
            "config": self.config,
            "rust": {"result": result, "valid": valid, "needs": needs},
        })
    }
}

/// The cases of a builder.
pub(crate) fn case((builder, build): (&'static str, Builder)) -> impl Strategy<Value = Case> {
    let shape = build("shape", json!({}));
    (text(), config_like(&shape)).prop_map(move |(name, config)| Case {
        builder,
        build,
        name,
        config,
    })
}

/// Some of the fields of `shape`, and some that it doesn't have.
fn config_like(shape: &Value) -> BoxedStrategy<Value> {
    let known: Vec<_> = shape
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, default)| (Just(key.clone()), option::weighted(0.35, value_like(default))))
        .collect();
    (known, btree_map(foreign_key(), anything(), 0..3))
        .prop_map(|(known, foreign)| {
            let known = known.into_iter().filter_map(|(key, value)| Some((key, value?)));
            Value::Object(known.chain(foreign).collect::<Map<_, _>>())
        })
        .boxed()
}

/// Mostly of the type of `default`; else a null, or anything.
fn value_like(default: &Value) -> BoxedStrategy<Value> {
    let alike = match default {
        Value::Object(_) => config_like(default),
        Value::Array(_) => vec(anything(), 0..3).prop_map(Value::Array).boxed(),
        Value::String(_) => text().prop_map(Value::String).boxed(),
        Value::Number(_) => number().boxed(),
        Value::Bool(_) => any::<bool>().prop_map(Value::Bool).boxed(),
        Value::Null => Just(Value::Null).boxed(),
    };
    prop_oneof![6 => alike, 1 => Just(Value::Null), 1 => anything()].boxed()
}

fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        number(),
        text().prop_map(Value::String),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Value::Array),
            btree_map(foreign_key(), inner, 0..3)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// Names that the builders add themselves, names that look like Nix, and any text.
fn foreign_key() -> impl Strategy<Value = String> {
    const PLACES: [&str; 14] = [
        "name",
        "baseName",
        "framework",
        "policyType",
        "secretType",
        "configType",
        "labels",
        "registry.io/managed",
        "harbor.io/managed",
        "replicas",
        "coreReplicas",
        "exposure",
        "",
        "a.b",
    ];
    prop_oneof![4 => (0..PLACES.len()).prop_map(|place| PLACES[place].to_owned()), 1 => text()]
}

/// Integers stay small enough that no estimate leaves 64 bits, where Nix wraps or stops.
fn number() -> impl Strategy<Value = Value> {
    const LARGEST: i64 = 1_000_000_000_000;
    prop_oneof![
        4 => (-3_i64..100).prop_map(Value::from),
        1 => (-LARGEST..=LARGEST).prop_map(Value::from),
        1 => (-1000_i32..1000).prop_map(|eighths| Value::from(f64::from(eighths) / 8.0)),
        1 => any::<f64>().prop_filter_map("JSON has only finite numbers", |number| {
            Number::from_f64(number).map(Value::Number)
        }),
    ]
}

/// Text with all that JSON, Nix and YAML could trip over, save the NUL that Nix can't hold.
fn text() -> impl Strategy<Value = String> {
    const PIECES: [&str; 20] = [
        "a", "Z", "0", " ", "-", "/", ":", "${x}", "$$", "''", "\"", "\\", "\n", "\t", "\u{1}", "\u{7f}",
        "é", "漢", "\u{2028}", "🦀",
    ];
    let piece = prop_oneof![
        4 => (0..PIECES.len()).prop_map(|place| PIECES[place].to_owned()),
        1 => any::<char>().prop_map(|char| char.to_string().replace('\0', "")),
    ];
    vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}
