use berth_config::value::SecretValue;
use berth_plan::object::SecretText;
use berth_plan::render::{SecretSource, SecretUnavailable};

use super::{kept::KeptSecrets, resolve};

/// Secrets of the documents, the environment, files, and the file of what is made once.
#[derive(Default)]
pub(crate) struct Source {
    kept: KeptSecrets,
}

impl Source {
    pub(crate) const fn of(kept: KeptSecrets) -> Self {
        Self { kept }
    }
}

impl SecretSource for Source {
    fn resolve(&self, secret: &SecretValue) -> Result<SecretText, SecretUnavailable> {
        match resolve(secret) {
            Ok(text) => Ok(SecretText::from(text.as_str())),
            Err(error) => Err(SecretUnavailable(format!("{error:#}"))),
        }
    }

    fn made_once(&self, namespace: &str, name: &str, key: &str) -> Option<SecretText> {
        let text = self.kept.get(namespace, name, key)?;
        Some(SecretText::from(text.as_str()))
    }
}
