use crate::object::{EnvVar, KeySelector};
use crate::render::registry::Registry;
use crate::render::secret_parts::extra_env;

/// The variables of a container, each once, in the order in which they were first set.
#[derive(Clone, Default)]
pub(super) struct Environment(Vec<EnvVar>);

impl Environment {
    /// None yet.
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// With a value that is no secret.
    pub(super) fn plain(self, name: &str, value: impl Into<String>) -> Self {
        self.set(EnvVar::plain(name, value))
    }

    /// With several of them.
    pub(super) fn plains<'a>(self, values: impl IntoIterator<Item = (&'a str, String)>) -> Self {
        values
            .into_iter()
            .fold(self, |environment, (name, value)| environment.plain(name, value))
    }

    /// With a value that is no secret, where it is given.
    pub(super) fn plain_some(self, name: &str, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.plain(name, value),
            None => self,
        }
    }

    /// With a key of a Secret.
    pub(super) fn secret(self, name: &str, at: &KeySelector) -> Self {
        self.set(EnvVar::secret(name, at.clone()))
    }

    /// With a key of a Secret, where there is one.
    pub(super) fn secret_some(self, name: &str, at: Option<&KeySelector>) -> Self {
        match at {
            Some(at) => self.secret(name, at),
            None => self,
        }
    }

    /// With variables that were put together elsewhere.
    pub(super) fn with(self, variables: &[EnvVar]) -> Self {
        variables.iter().cloned().fold(self, Self::set)
    }

    /// All of them, with those that the document adds; these win.
    pub(super) fn finish(self, registry: &Registry<'_>) -> Vec<EnvVar> {
        self.with(&extra_env(registry)).0
    }

    fn set(mut self, variable: EnvVar) -> Self {
        match self.0.iter_mut().find(|there| there.name == variable.name) {
            Some(there) => *there = variable,
            None => self.0.push(variable),
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_that_is_set_twice_stands_once() {
        let environment = Environment::new()
            .plain("A", "1")
            .secret("A", &KeySelector::of("s", "k"));
        assert_eq!(environment.0, [EnvVar::secret("A", KeySelector::of("s", "k"))]);
    }
}
