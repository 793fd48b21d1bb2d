use crate::document::Document;
use crate::rules::RuleContext;
use crate::{Kind, Spec};

/// Where the judged registry stands: its document, and all that surrounds it.
pub(super) struct Place<'a> {
    pub(super) document: &'a Document,
    pub(super) context: &'a RuleContext<'a>,
}

impl<'a> Place<'a> {
    /// Whether it is judged for a cluster.
    pub(super) fn is_cluster(&self) -> bool {
        self.context.is_cluster()
    }

    /// Whether something stands at this path of the document, known or not.
    pub(super) fn is_written(&self, path: &str) -> bool {
        self.document.given(path).is_some()
    }

    /// Whether this is a name of the registry.
    pub(super) fn is_named(&self, name: &str) -> bool {
        self.document.name == name || self.document.base_name == name
    }

    /// The retention policies that are for this registry, and whether each names it.
    pub(super) fn retention_policies(&self) -> impl Iterator<Item = (&'a Document, bool)> + use<'a> {
        let policies = self
            .context
            .policies_for(self.document, Kind::ImageRetentionPolicy);
        policies.into_iter().map(|policy| {
            let names = policy.spec.registries().is_some_and(|names| !names.is_empty());
            (policy, names)
        })
    }

    /// The replications of this installation, by the registry that each ends at.
    pub(super) fn replications(&self) -> impl Iterator<Item = (&'a Document, &'a str)> + use<'a> {
        self.context
            .documents
            .iter()
            .filter_map(|document| match &document.spec {
                Spec::ImageReplicationPolicy(policy) => {
                    Some((document, policy.destination.registry.as_str()))
                }
                _ => None,
            })
    }
}
