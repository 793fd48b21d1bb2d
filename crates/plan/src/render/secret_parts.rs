use std::collections::BTreeMap;

use berth_config::document::Document;
use berth_config::value::SecretValue;

use super::registry::Registry;
use super::{Rendering, codes};
use crate::object::{EnvVar, KeySelector, Object, ProjectedSource, Secret, SecretText};

/// The secrets of a registry: the values that go into a Secret of its own, and how pods get at them and at those
/// that lie in the cluster already.
pub(crate) struct SecretParts<'a> {
    registry: &'a Registry<'a>,
    /// The Secret that holds the values.
    object: String,
    suffix: &'static str,
    values: BTreeMap<String, SecretText>,
    env: Vec<EnvVar>,
    files: Vec<ProjectedSource>,
}

impl<'a> SecretParts<'a> {
    /// None yet; those to come go into the Secret `<registry>-<suffix>`.
    pub(crate) fn new(registry: &'a Registry<'a>, suffix: &'static str) -> Self {
        Self {
            registry,
            object: registry.object_name(suffix),
            suffix,
            values: BTreeMap::new(),
            env: Vec::new(),
            files: Vec::new(),
        }
    }

    /// A secret as a variable of the environment; `path` is the field that gives it.
    pub(crate) fn env(
        &mut self,
        variable: &str,
        key: &str,
        (path, secret): (&str, &SecretValue),
        rendering: &mut Rendering<'_>,
    ) {
        if let Some(at) = self.place(key, path, secret, rendering) {
            self.env_at(variable, at);
        }
    }

    /// A key of a Secret as a variable of the environment.
    pub(crate) fn env_at(&mut self, variable: &str, at: KeySelector) {
        self.env.push(EnvVar::secret(variable, at));
    }

    /// A secret as a file in the folder of secrets; `path` is the field that gives it.
    pub(crate) fn file(
        &mut self,
        file: &str,
        (path, secret): (&str, &SecretValue),
        rendering: &mut Rendering<'_>,
    ) {
        if let Some(at) = self.place(file, path, secret, rendering) {
            self.file_at(file, &at);
        }
    }

    /// A key of a Secret as a file in the folder of secrets.
    pub(crate) fn file_at(&mut self, file: &str, at: &KeySelector) {
        self.files
            .push(ProjectedSource::secret_key(&at.name, &at.key, file));
    }

    /// Keeps a value, and says where pods find it.
    pub(crate) fn keep(&mut self, key: &str, value: SecretText) -> KeySelector {
        self.values.insert(key.to_owned(), value);
        KeySelector::of(&self.object, key)
    }

    /// Where pods find a secret; `None` where it isn't given, or (with a finding) can't be had.
    pub(crate) fn place(
        &mut self,
        key: &str,
        path: &str,
        secret: &SecretValue,
        rendering: &mut Rendering<'_>,
    ) -> Option<KeySelector> {
        if secret.is_empty() {
            return None;
        }
        if let SecretValue::SecretKeyRef(at) = secret {
            return Some(KeySelector::of(&at.name, &at.key));
        }
        let value = rendering.value_of(self.registry, path, secret)?;
        Some(self.keep(key, value))
    }

    /// The files of the folder of secrets, and the key that each holds.
    pub(crate) fn file_keys(&self) -> impl Iterator<Item = (&str, KeySelector)> {
        let secrets = self.files.iter().filter_map(|source| source.secret.as_ref());
        secrets.flat_map(|secret| {
            let items = secret.items.iter();
            items.map(|item| (item.path.as_str(), KeySelector::of(&secret.name, &item.key)))
        })
    }

    /// The value at a key, where it is kept here.
    pub(crate) fn value_at(&self, at: &KeySelector) -> Option<&SecretText> {
        self.values.get(&at.key).filter(|_| at.name == self.object)
    }

    /// The variables of the environment.
    pub(crate) fn variables(&self) -> &[EnvVar] {
        &self.env
    }

    /// Where the value of a variable lies.
    pub(crate) fn at(&self, variable: &str) -> Option<KeySelector> {
        let set = self.env.iter().find(|set| set.name == variable)?;
        set.value_from.as_ref()?.secret_key_ref.clone()
    }

    /// What the folder of secrets is put together from.
    pub(crate) fn files(&self) -> &[ProjectedSource] {
        &self.files
    }

    /// The values, in the order of their keys.
    pub(crate) fn values(&self) -> impl Iterator<Item = (&str, &SecretText)> {
        self.values.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// The Secret, where there are values to keep.
    pub(crate) fn object(&self) -> Option<Object> {
        if self.values.is_empty() {
            return None;
        }
        let secret = Secret::opaque(self.values.clone());
        Some(Object::new(self.registry.metadata(self.suffix), &secret))
    }
}

impl Rendering<'_> {
    /// The value of a secret of a registry; where it can't be had, a finding says so.
    pub(crate) fn value_of(
        &mut self,
        registry: &Registry<'_>,
        path: &str,
        secret: &SecretValue,
    ) -> Option<SecretText> {
        self.value(registry.document, path, secret)
    }

    /// The same for a secret of any document.
    pub(crate) fn value(
        &mut self,
        document: &Document,
        path: &str,
        secret: &SecretValue,
    ) -> Option<SecretText> {
        let told = match self.secrets.resolve(secret) {
            Ok(value) => return Some(value),
            Err(unavailable) => self.tell(document, path, codes::RN_002, unavailable.to_string()),
        };
        told.help("set it where `berth render` runs, or name a Secret of the cluster by {secretKeyRef: {name, key}}");
        None
    }
}
