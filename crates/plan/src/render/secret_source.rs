use berth_config::value::SecretValue;

use crate::object::SecretText;

/// Where the values of secrets come from. Rendering itself reads no file, no environment and no randomness.
pub trait SecretSource {
    /// The value of a secret that a document gives or names. Never asked for a `secretKeyRef`: what lies in the
    /// cluster stays there.
    fn resolve(&self, secret: &SecretValue) -> Result<SecretText, SecretUnavailable>;

    /// A value that is made once and kept, where it is known already.
    fn made_once(&self, namespace: &str, name: &str, key: &str) -> Option<SecretText>;
}

/// Why a secret has no value here. The text names its place, never its content.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0}")]
pub struct SecretUnavailable(pub String);
