use super::codes;
use super::environment_file::environment_file;
use crate::object::{EnvVar, KeySelector, SecretText};
use crate::output::OutputFile;
use crate::render::Rendering;
use crate::render::registry::Registry;
use crate::render::secret_parts::SecretParts;

/// The files of one registry on a host.
pub(crate) struct Host<'a> {
    registry: &'a Registry<'a>,
    files: Vec<OutputFile>,
    /// Keys of Secrets that lie in a cluster, each told once.
    told: Vec<KeySelector>,
    /// Whether a value that is made once isn't known.
    lacks_made_once: bool,
}

impl<'a> Host<'a> {
    /// None yet.
    pub(crate) const fn new(registry: &'a Registry<'a>) -> Self {
        Self {
            registry,
            files: Vec::new(),
            told: Vec::new(),
            lacks_made_once: false,
        }
    }

    /// A file that holds no secret.
    pub(crate) fn file(&mut self, name: &str, text: String) {
        self.add(name, text, false);
    }

    /// A file for its owner alone.
    pub(crate) fn secret_file(&mut self, name: &str, text: String) {
        self.add(name, text, true);
    }

    /// A key of a Secret as a file for its owner alone, where its value can be had.
    pub(crate) fn secret_of(
        &mut self,
        name: &str,
        at: &KeySelector,
        parts: &SecretParts<'_>,
        rendering: &mut Rendering<'_>,
    ) {
        if let Some(value) = self.value(at, parts, rendering) {
            self.secret_file(name, value.reveal().to_owned());
        }
    }

    /// What a folder of secrets is put together from, as files in `folder`; gives their names.
    pub(crate) fn secrets(
        &mut self,
        folder: &str,
        parts: &SecretParts<'_>,
        rendering: &mut Rendering<'_>,
    ) -> Vec<String> {
        let mut names = Vec::new();
        for (file, at) in parts.file_keys() {
            self.secret_of(&format!("{folder}/{file}"), &at, parts, rendering);
            names.push(file.to_owned());
        }
        names
    }

    /// Variables of the environment as a file for its owner alone; those whose values can't be had are left out.
    pub(crate) fn environment(
        &mut self,
        name: &str,
        variables: &[EnvVar],
        parts: &SecretParts<'_>,
        rendering: &mut Rendering<'_>,
    ) {
        let variables = self.variables(variables, parts, rendering);
        self.secret_file(name, environment_file(&variables));
    }

    /// The variables of an environment whose values can be had.
    pub(crate) fn variables(
        &mut self,
        variables: &[EnvVar],
        parts: &SecretParts<'_>,
        rendering: &mut Rendering<'_>,
    ) -> Vec<(String, String)> {
        let mut known = Vec::new();
        for variable in variables {
            let value = match (&variable.value, &variable.value_from) {
                (Some(value), _) => Some(value.clone()),
                (None, Some(source)) => source.secret_key_ref.as_ref().and_then(|at| {
                    let value = self.value(at, parts, rendering)?;
                    // The end of a file's last line is not a part of what it holds.
                    Some(value.reveal().trim_end_matches('\n').to_owned())
                }),
                (None, None) => None,
            };
            known.extend(value.map(|value| (variable.name.clone(), value)));
        }
        known
    }

    /// The value at a key; that it can't be had is told.
    pub(crate) fn value(
        &mut self,
        at: &KeySelector,
        parts: &SecretParts<'_>,
        rendering: &mut Rendering<'_>,
    ) -> Option<SecretText> {
        if let Some(value) = parts.value_at(at) {
            return Some(value.clone());
        }
        if at.name == self.registry.object_name("made-once") {
            let value = rendering
                .secrets
                .made_once(self.registry.namespace, &at.name, &at.key);
            self.lacks_made_once |= value.is_none();
            return value;
        }
        if !self.told.contains(at) {
            self.told.push(at.clone());
            let message = format!(
                "the key `{}` of the Secret `{}` lies in a cluster, so its value stands in no file",
                at.key, at.name
            );
            rendering
                .tell(self.registry.document, "metadata.name", codes::RN_031, message)
                .help("give the secret in the document by {env: NAME} or {file: PATH}, or add it to the file by hand");
        }
        None
    }

    /// The files, in a folder of the registry's name.
    pub(crate) fn finish(self, rendering: &mut Rendering<'_>) -> Vec<OutputFile> {
        if self.lacks_made_once {
            let message = "values that are made once stand in no file: they aren't known";
            rendering
                .tell(self.registry.document, "metadata.name", codes::RN_030, message)
                .help("`berth render --native --secrets FILE` makes them, and keeps them in FILE");
        }
        self.files
    }

    fn add(&mut self, name: &str, text: String, is_secret: bool) {
        self.files.push(OutputFile {
            name: format!("{}/{name}", self.registry.name),
            text,
            is_secret,
        });
    }
}
