//! The validation of the module's stable API. The rules of `berth check` go far beyond it.

use serde::Serialize;
use serde_json::Value;

/// Whether a registry's configuration is properly structured.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Validation {
    /// True when there are no errors.
    pub valid: bool,
    /// One sentence each.
    pub errors: Vec<String>,
}

/// Validates that `config` is a registry builder's result: it has a `framework`.
///
/// ```
/// use berth_config::builders::{nexus_registry, validate_registry_config};
/// use serde_json::json;
///
/// assert!(validate_registry_config(&nexus_registry("hub", json!({}))).valid);
/// assert_eq!(
///     validate_registry_config(&json!({})).errors,
///     ["registry framework must be specified"]
/// );
/// ```
pub fn validate_registry_config(config: &Value) -> Validation {
    let errors = match config.get("framework") {
        None | Some(Value::Null) => vec!["registry framework must be specified".to_owned()],
        Some(_) => Vec::new(),
    };
    Validation {
        valid: errors.is_empty(),
        errors,
    }
}
