//! Where secrets come from at the moment they are needed: the document, the environment, a file.

mod certificate;
pub(crate) mod kept;
mod rsa_key;
pub(crate) mod source;

use std::path::Path;

use anyhow::{Context, bail};
use berth_config::value::SecretValue;
use zeroize::Zeroizing;

/// A secret in clear, wiped when it goes.
pub(crate) type Text = Zeroizing<String>;

/// Fetches a secret. Messages name its place, never its content.
pub(crate) fn resolve(secret: &SecretValue) -> anyhow::Result<Text> {
    match secret {
        SecretValue::Plain(text) => Ok(text.clone()),
        SecretValue::Env(name) => match std::env::var(name) {
            Ok(text) => Ok(Zeroizing::new(text)),
            Err(_) => bail!("the variable {name} of the environment is not set, or is not text"),
        },
        SecretValue::File(path) => of_file(Path::new(path)),
        SecretValue::SecretKeyRef(at) => {
            bail!("the Secret {} lies in a cluster, and there is none here", at.name)
        }
    }
}

/// Reads a secret from a file; the line break that editors put at the end is not part of it.
pub(crate) fn of_file(path: &Path) -> anyhow::Result<Text> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("reading the secret in {}", path.display()))?;
    let text = Zeroizing::new(text);
    Ok(Zeroizing::new(text.trim_end_matches(['\n', '\r']).to_owned()))
}
