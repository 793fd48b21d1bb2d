use berth_config::value::{Parse, Written};
use serde_json::{Map, Value as Json};

/// Fields of a product's configuration, in the order in which they are put in.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields(Map<String, Json>);

impl Fields {
    /// None yet.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// With a field.
    #[must_use]
    pub(crate) fn with(mut self, key: &str, value: impl Into<Json>) -> Self {
        self.0.insert(key.to_owned(), value.into());
        self
    }

    /// With a field, where it is given.
    #[must_use]
    pub(crate) fn with_some(self, key: &str, value: Option<impl Into<Json>>) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    /// With the text of a field as it was written, where it was and is right.
    #[must_use]
    pub(crate) fn with_written<T: Parse>(self, key: &str, value: Option<&Written<T>>) -> Self {
        let right = value.filter(|written| written.value().is_some());
        self.with_some(key, right.map(Written::text))
    }

    /// With a list, unless it is empty.
    #[must_use]
    pub(crate) fn with_list(self, key: &str, values: impl IntoIterator<Item = impl Into<Json>>) -> Self {
        let values: Vec<Json> = values.into_iter().map(Into::into).collect();
        if values.is_empty() {
            self
        } else {
            self.with(key, values)
        }
    }

    /// With a section, unless it is empty.
    #[must_use]
    pub(crate) fn with_section(self, key: &str, section: Self) -> Self {
        if section.0.is_empty() {
            self
        } else {
            self.with(key, section)
        }
    }
}

impl From<Fields> for Json {
    fn from(fields: Fields) -> Self {
        Self::Object(fields.0)
    }
}
