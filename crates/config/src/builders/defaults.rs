//! The defaults as JSON, by kind.

use std::sync::LazyLock;

use serde_json::Value;

static DEFAULTS: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../../nix/defaults.json"))
        .expect("nix/defaults.json is valid JSON")
});

/// The core fields of `kind` with their defaults; null for a kind that has none.
pub(super) fn of(kind: &str) -> Value {
    DEFAULTS[kind].clone()
}
