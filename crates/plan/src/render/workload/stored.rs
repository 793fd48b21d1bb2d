use berth_config::sections::Persistence;
use berth_config::value::AccessMode;

use super::stateful_set::headless_name;
use super::storage_class::{class_name, storage_class};
use crate::object::{
    ClaimResources, ClaimSpec, ClaimTemplate, Labels, Metadata, PodTemplate, StatefulSet, StatefulSetSpec,
    Volume, VolumeMount,
};
use crate::render::Rendering;
use crate::render::registry::Component;

/// The volume that each pod of a StatefulSet has of its own. Without a declaration it is a claim: what is kept in it
/// must outlive the pod.
#[derive(Clone, Copy)]
pub(crate) struct Stored<'a> {
    persistence: Option<&'a Persistence>,
    /// Its size where the document gives none.
    size: &'static str,
}

/// Its name in the pod.
const VOLUME: &str = "data";

impl<'a> Stored<'a> {
    pub(crate) const fn of(persistence: Option<&'a Persistence>, size: &'static str) -> Self {
        Self { persistence, size }
    }

    /// Whether the pods have claims of their own.
    fn has_template(&self) -> bool {
        self.persistence
            .is_none_or(|persistence| persistence.enabled && persistence.existing_claim.is_none())
    }

    /// As pods see it, where it is no claim of their own.
    pub(crate) fn volume(&self) -> Option<Volume> {
        let persistence = self.persistence?;
        match &persistence.existing_claim {
            _ if !persistence.enabled => Some(Volume::empty(VOLUME, None)),
            Some(claim) => Some(Volume::claim(VOLUME, claim.text())),
            None => None,
        }
    }

    /// Where a container sees it.
    pub(crate) fn mount(&self, path: &str) -> VolumeMount {
        VolumeMount {
            sub_path: self
                .persistence
                .and_then(|persistence| persistence.sub_path.clone()),
            ..VolumeMount::writable(VOLUME, path)
        }
    }

    /// The StatefulSet around it.
    pub(crate) fn stateful_set(
        &self,
        component: &Component<'_>,
        replicas: i64,
        template: PodTemplate,
        rendering: &mut Rendering<'_>,
    ) -> StatefulSet {
        storage_class(component, self.persistence, rendering);
        StatefulSet {
            spec: StatefulSetSpec {
                replicas: Some(replicas),
                service_name: headless_name(component),
                revision_history_limit: 10,
                selector: component.selector().into(),
                template,
                volume_claim_templates: self.template(component).into_iter().collect(),
            },
        }
    }

    /// The claim of each pod. Only what tells it apart stands in its labels: a template can't be changed.
    fn template(&self, component: &Component<'_>) -> Option<ClaimTemplate> {
        if !self.has_template() {
            return None;
        }
        let given = self.persistence;
        let size = given.and_then(|given| given.size.as_ref());
        let size = size.filter(|size| size.value().is_some());
        let mode = given.and_then(|given| given.access_mode.as_ref()?.value().copied());
        let annotations = given.map(|given| given.annotations.clone().into_iter().collect::<Labels>());
        Some(ClaimTemplate {
            metadata: Metadata {
                name: VOLUME.to_owned(),
                labels: component.selector(),
                annotations: annotations.unwrap_or_default(),
                ..Metadata::default()
            },
            spec: ClaimSpec {
                access_modes: vec![mode.unwrap_or(AccessMode::ReadWriteOnce).as_str().to_owned()],
                resources: ClaimResources::storage(size.map_or(self.size, |size| size.text())),
                storage_class_name: given.and_then(|given| class_name(component, given)),
            },
        })
    }
}
