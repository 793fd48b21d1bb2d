use std::collections::BTreeMap;

use serde::Serialize;

/// Labels or annotations, in the order of their keys.
pub type Labels = BTreeMap<String, String>;

/// Name, namespace, labels and annotations.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Metadata {
    /// The name; empty in templates of pods.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The namespace; `None` for what belongs to the whole cluster.
    pub namespace: Option<String>,
    /// Labels.
    #[serde(skip_serializing_if = "Labels::is_empty")]
    pub labels: Labels,
    /// Annotations.
    #[serde(skip_serializing_if = "Labels::is_empty")]
    pub annotations: Labels,
}

impl Metadata {
    /// A name alone.
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            ..Self::default()
        }
    }

    /// The same in a namespace.
    #[must_use]
    pub fn within(self, namespace: impl Into<String>) -> Self {
        Self {
            namespace: Some(namespace.into()),
            ..self
        }
    }

    /// The same with more annotations; these win.
    #[must_use]
    pub fn annotated(
        mut self,
        annotations: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>,
    ) -> Self {
        let more = annotations
            .into_iter()
            .map(|(key, value)| (key.into(), value.into()));
        self.annotations.extend(more);
        self
    }
}
