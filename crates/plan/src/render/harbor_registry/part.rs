use berth_config::sections::{
    ComponentResources, HarborComponent, HarborJobservice, Persistence, Placement, Resources,
};
use berth_config::value::{ImageReference, Written};

use crate::object::ResourceRequirements;
use crate::render::workload;

/// What a document says of one component.
#[derive(Clone, Copy, Default)]
pub(super) struct Part<'a> {
    pub(super) image: Option<&'a Written<ImageReference>>,
    pub(super) replicas: Option<i64>,
    pub(super) resources: Option<&'a ComponentResources>,
    pub(super) persistence: Option<&'a Persistence>,
    pub(super) placement: Option<&'a Placement>,
}

impl<'a> From<Option<&'a HarborComponent>> for Part<'a> {
    fn from(given: Option<&'a HarborComponent>) -> Self {
        given.map_or_else(Self::default, |given| Self {
            image: given.image.as_ref(),
            replicas: given.replicas,
            resources: given.resources.as_ref(),
            persistence: given.persistence.as_ref(),
            placement: given.placement.as_ref(),
        })
    }
}

impl<'a> From<Option<&'a HarborJobservice>> for Part<'a> {
    fn from(given: Option<&'a HarborJobservice>) -> Self {
        given.map_or_else(Self::default, |given| Self {
            image: given.image.as_ref(),
            replicas: None,
            resources: given.resources.as_ref(),
            persistence: given.persistence.as_ref(),
            placement: given.placement.as_ref(),
        })
    }
}

impl Part<'_> {
    /// Its image: its own, or the one of Harbor's version.
    pub(super) fn image(&self, repository: &str, tag: &str) -> String {
        match self.image.filter(|image| image.value().is_some()) {
            Some(image) => image.text().to_owned(),
            None => format!("goharbor/{repository}:{tag}"),
        }
    }

    /// What a container may use: its own amounts, else the registry's.
    pub(super) fn resources(&self, of_registry: &Resources) -> ResourceRequirements {
        workload::resources_of_part(of_registry, self.resources)
    }
}
