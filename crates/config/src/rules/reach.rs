//! Which registries of the installation a policy reaches, and by which hosts they are known.

use crate::document::Document;
use crate::rules::RuleContext;
use crate::sections::HarborRegistry;
use crate::value::Written;
use crate::{Kind, Spec};

/// The registries that a policy applies to: those it names, else all. None where the documents hold none, as when a
/// policy is checked on its own.
pub(super) struct Reach<'a> {
    registries: Vec<Reached<'a>>,
}

/// A registry that is reached.
pub(super) struct Reached<'a> {
    /// The name of its objects.
    pub(super) name: &'a str,
    /// Its fields.
    pub(super) spec: &'a Spec,
}

impl<'a> Reach<'a> {
    /// What a policy reaches.
    pub(super) fn of(policy: &Document, cx: &RuleContext<'a>) -> Self {
        let documents = cx.registries_of(policy).into_iter();
        let registries = documents.map(|document| Reached {
            name: &document.base_name,
            spec: &document.spec,
        });
        Self {
            registries: registries.collect(),
        }
    }

    /// All of them.
    pub(super) fn registries(&self) -> &[Reached<'a>] {
        &self.registries
    }

    /// Whether one is of this kind, or none is known.
    pub(super) fn may_include(&self, kind: Kind) -> bool {
        self.registries.is_empty() || self.includes(kind)
    }

    /// Whether one is of this kind.
    pub(super) fn includes(&self, kind: Kind) -> bool {
        self.registries
            .iter()
            .any(|registry| registry.spec.kind() == kind)
    }

    /// The Harbors among them.
    pub(super) fn harbors(&self) -> impl Iterator<Item = &'a HarborRegistry> {
        self.registries.iter().filter_map(|registry| match registry.spec {
            Spec::HarborRegistry(harbor) => Some(&**harbor),
            _ => None,
        })
    }
}

impl Reached<'_> {
    /// The hosts by which clients know it, with their ports where they are written; none where the document names none.
    pub(super) fn hosts(&self) -> Vec<String> {
        let Some(workload) = self.spec.workload() else {
            return Vec::new();
        };
        let url = workload
            .external_url
            .and_then(Written::value)
            .map(|url| match url.explicit_port() {
                Some(port) => format!("{}:{port}", url.host()),
                None => url.host().to_owned(),
            });
        let exposure = workload.exposure;
        let ingress = exposure
            .and_then(|exposure| exposure.ingress.as_ref())
            .map(|ingress| ingress.host.clone());
        let gateway = exposure
            .and_then(|exposure| exposure.gateway.as_ref())
            .map(|gateway| gateway.host.clone());
        [url, ingress, gateway]
            .into_iter()
            .flatten()
            .filter(|host| !host.is_empty())
            .collect()
    }

    /// Whether a policy that writes this host means this registry; its name counts as well.
    pub(super) fn is_called(&self, host: &str) -> bool {
        self.name == host || self.hosts().iter().any(|own| own.eq_ignore_ascii_case(host))
    }
}
