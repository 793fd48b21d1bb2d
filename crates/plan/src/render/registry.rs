use berth_config::document::Document;
use berth_config::sections::{Placement, Workload};

use super::site::Site;
use crate::object::{Labels, Metadata};

/// A registry as its objects see it: names, labels and annotations.
pub(crate) struct Registry<'a> {
    pub(crate) document: &'a Document,
    pub(crate) workload: Workload<'a>,
    /// The namespace of all its objects.
    pub(crate) namespace: &'a str,
    /// What its objects are named by.
    pub(crate) name: &'a str,
    /// Where it runs.
    pub(crate) site: Site,
    product: Product,
}

/// What Kubernetes is told of a product.
#[derive(Clone, Copy)]
pub(crate) struct Product {
    /// The builder's marker, and `app.kubernetes.io/name`.
    pub(crate) framework: &'static str,
    /// The annotation of everything that is managed.
    pub(crate) managed: &'static str,
}

/// A part of a registry that runs by itself: its pods have a selector of their own.
#[derive(Clone, Copy)]
pub(crate) struct Component<'a> {
    pub(crate) registry: &'a Registry<'a>,
    /// What it is in the product, such as `core`.
    pub(crate) name: &'static str,
    /// What its objects are named by: the registry's name and this, or the registry's name alone.
    suffix: &'static str,
    /// Where its pods run, where that is said of it alone.
    placement: Option<&'a Placement>,
}

const NAME: &str = "app.kubernetes.io/name";
/// The label that holds the name of a registry.
pub(crate) const INSTANCE: &str = "app.kubernetes.io/instance";
/// The label that holds the name of a part of a registry.
pub(crate) const COMPONENT: &str = "app.kubernetes.io/component";
/// The label that holds the product.
pub(crate) const FRAMEWORK: &str = "framework";
/// Says that an object is Berth's.
pub(crate) const MANAGED_BY: (&str, &str) = ("app.kubernetes.io/managed-by", "berth");

impl<'a> Registry<'a> {
    /// The registry of a document; `None` where it is none.
    pub(crate) fn of(document: &'a Document, product: Product) -> Option<Self> {
        Self::on(Site::Cluster, document, product)
    }

    /// The same where it runs elsewhere.
    pub(crate) fn on(site: Site, document: &'a Document, product: Product) -> Option<Self> {
        let workload = document.spec.workload()?;
        Some(Self {
            document,
            workload,
            namespace: workload.namespace.text(),
            name: &document.base_name,
            site,
            product,
        })
    }

    /// The name of an object: the registry's, and a suffix where there is one.
    pub(crate) fn object_name(&self, suffix: &str) -> String {
        if suffix.is_empty() {
            self.name.to_owned()
        } else {
            format!("{}-{suffix}", self.name)
        }
    }

    /// Name, labels and annotations of an object that belongs to no single component.
    pub(crate) fn metadata(&self, suffix: &str) -> Metadata {
        Metadata {
            name: self.object_name(suffix),
            namespace: Some(self.namespace.to_owned()),
            labels: self.labels(),
            annotations: self.annotations(),
        }
    }

    /// Labels of all objects: the user's, then Berth's, which win.
    pub(crate) fn labels(&self) -> Labels {
        let own = self.workload.labels.iter();
        let mut labels: Labels = own.map(|(key, value)| (key.clone(), value.clone())).collect();
        labels.extend(self.cost().0);
        labels.extend(self.selector());
        let version = label_value(self.workload.version);
        labels.extend(version.map(|version| ("app.kubernetes.io/version".to_owned(), version)));
        for (key, value) in [
            ("app.kubernetes.io/part-of", "container-registry"),
            MANAGED_BY,
            (FRAMEWORK, self.product.framework),
        ] {
            labels.insert(key.to_owned(), value.to_owned());
        }
        labels
    }

    /// Annotations of all objects: the user's, then Berth's, which win.
    pub(crate) fn annotations(&self) -> Labels {
        let own = self.workload.annotations.iter();
        let mut annotations: Labels = own.map(|(key, value)| (key.clone(), value.clone())).collect();
        annotations.extend(self.cost().1);
        annotations.insert(self.product.managed.to_owned(), "true".to_owned());
        annotations
    }

    /// The labels by which objects of this registry find its pods.
    pub(crate) fn selector(&self) -> Labels {
        Labels::from([
            (NAME.to_owned(), self.product.framework.to_owned()),
            (INSTANCE.to_owned(), self.name.to_owned()),
        ])
    }

    /// Who pays: as labels where the value can be one, else as annotations.
    fn cost(&self) -> (Labels, Labels) {
        let mut cost = (Labels::new(), Labels::new());
        let Some(given) = self.workload.cost else {
            return cost;
        };
        let chargeback = given.chargeback.map(|chargeback| chargeback.to_string());
        for (key, value) in [
            ("berth.dev/cost-center", given.cost_center.as_deref()),
            ("berth.dev/registry-name", given.registry_name.as_deref()),
            ("berth.dev/chargeback", chargeback.as_deref()),
            ("berth.dev/owner", given.owner.as_deref()),
        ] {
            let Some(value) = value else { continue };
            match label_value(value) {
                Some(value) => cost.0.insert(key.to_owned(), value),
                None => cost.1.insert(key.to_owned(), value.to_owned()),
            };
        }
        cost
    }
}

impl<'a> Component<'a> {
    /// The component that the registry's own name stands for.
    pub(crate) const fn main(registry: &'a Registry<'a>, name: &'static str) -> Self {
        Self {
            registry,
            name,
            suffix: "",
            placement: None,
        }
    }

    /// A component whose objects are named after it.
    pub(crate) const fn named(registry: &'a Registry<'a>, name: &'static str) -> Self {
        Self {
            registry,
            name,
            suffix: name,
            placement: None,
        }
    }

    /// The same with a place of its own, where one is given.
    #[must_use]
    pub(crate) const fn placed(self, placement: Option<&'a Placement>) -> Self {
        Self { placement, ..self }
    }

    /// Where its pods run.
    pub(crate) fn placement(&self) -> Option<&'a Placement> {
        self.placement.or(self.registry.workload.placement)
    }

    /// What its objects are named by.
    pub(crate) fn object_name(&self) -> String {
        self.registry.object_name(self.suffix)
    }

    /// Name, labels and annotations of its main objects.
    pub(crate) fn metadata(&self) -> Metadata {
        self.metadata_of("")
    }

    /// The same for an object beside the main one.
    pub(crate) fn metadata_of(&self, suffix: &str) -> Metadata {
        let name = match (self.suffix, suffix) {
            ("", suffix) => self.registry.object_name(suffix),
            (own, "") => self.registry.object_name(own),
            (own, suffix) => self.registry.object_name(&format!("{own}-{suffix}")),
        };
        let mut metadata = self.registry.metadata("");
        metadata.name = name;
        metadata.labels.insert(COMPONENT.to_owned(), self.name.to_owned());
        metadata
    }

    /// The labels by which its pods are found.
    pub(crate) fn selector(&self) -> Labels {
        let mut labels = self.registry.selector();
        labels.insert(COMPONENT.to_owned(), self.name.to_owned());
        labels
    }

    /// The labels of its pods.
    pub(crate) fn pod_labels(&self) -> Labels {
        let more = self.registry.workload.pod_labels.iter();
        let mut labels: Labels = more.map(|(key, value)| (key.clone(), value.clone())).collect();
        labels.extend(self.metadata().labels);
        labels
    }
}

/// The text as the value of a label, where it can be one.
fn label_value(text: &str) -> Option<String> {
    let edge = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_alphanumeric);
    let bytes = text.as_bytes();
    let inner = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    let fits = bytes.len() <= 63 && edge(bytes.first()) && edge(bytes.last()) && bytes.iter().all(inner);
    fits.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_can_be_no_label_becomes_none() {
        assert_eq!(label_value("team-7.a_b").as_deref(), Some("team-7.a_b"));
        for wrong in ["a b", "-a", "a.", "ä", &"a".repeat(64)] {
            assert_eq!(label_value(wrong), None, "{wrong}");
        }
    }
}
