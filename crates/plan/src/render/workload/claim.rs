use berth_config::sections::Persistence;
use berth_config::value::AccessMode;

use super::storage_class::{class_name, storage_class};
use crate::object::{
    ClaimResources, ClaimSpec, ClaimTemplate, Metadata, Object, PersistentVolumeClaim, Volume, VolumeMount,
};
use crate::render::Rendering;
use crate::render::registry::Component;

/// The volume that holds a component's data.
#[derive(Clone, Copy)]
pub(crate) struct DataVolume<'a> {
    persistence: Option<&'a Persistence>,
}

/// The size of a claim that gives none.
const DEFAULT_SIZE: &str = "10Gi";
/// Its name in the pod.
const VOLUME: &str = "data";

impl<'a> DataVolume<'a> {
    /// As declared; without a declaration a folder that goes with the pod.
    pub(crate) fn of(persistence: Option<&'a Persistence>) -> Self {
        Self {
            persistence: persistence.filter(|persistence| persistence.enabled),
        }
    }

    /// How it may be mounted, where it is a claim.
    pub(crate) fn access_mode(self) -> Option<AccessMode> {
        let persistence = self.persistence?;
        let given = persistence
            .access_mode
            .as_ref()
            .and_then(|mode| mode.value().copied());
        Some(given.unwrap_or(AccessMode::ReadWriteOnce))
    }

    /// Whether one pod has it at a time.
    pub(crate) fn is_of_one_pod(self) -> bool {
        self.access_mode()
            .is_some_and(|mode| matches!(mode, AccessMode::ReadWriteOnce | AccessMode::ReadWriteOncePod))
    }

    /// As pods see it.
    pub(crate) fn volume(self, component: &Component<'_>) -> Volume {
        match self.claim_name(component) {
            Some(claim) => Volume::claim(VOLUME, &claim),
            None => Volume::empty(VOLUME, None),
        }
    }

    /// Where a container sees it.
    pub(crate) fn mount(self, path: &str) -> VolumeMount {
        VolumeMount {
            sub_path: self
                .persistence
                .and_then(|persistence| persistence.sub_path.clone()),
            ..VolumeMount::writable(VOLUME, path)
        }
    }

    /// The claim that each pod of a StatefulSet has of its own, where it is to have one.
    pub(crate) fn template(self, component: &Component<'_>) -> Option<ClaimTemplate> {
        let persistence = self.persistence?;
        let metadata = Metadata {
            labels: component.selector(),
            ..Metadata::named(VOLUME)
        };
        Some(ClaimTemplate {
            metadata: metadata.annotated(persistence.annotations.clone()),
            spec: self.spec(component, persistence),
        })
    }

    /// The class of each pod's claim, where it is one of its own.
    pub(crate) fn storage_class(self, component: &Component<'_>, rendering: &mut Rendering<'_>) {
        storage_class(component, self.persistence, rendering);
    }

    fn spec(self, component: &Component<'_>, persistence: &Persistence) -> ClaimSpec {
        let size = persistence.size.as_ref().filter(|size| size.value().is_some());
        let mode = self.access_mode().map(|mode| mode.as_str().to_owned());
        ClaimSpec {
            access_modes: mode.into_iter().collect(),
            resources: ClaimResources::storage(size.map_or(DEFAULT_SIZE, |size| size.text())),
            storage_class_name: class_name(component, persistence),
        }
    }

    fn claim_name(self, component: &Component<'_>) -> Option<String> {
        let existing = self.persistence?.existing_claim.as_ref();
        let existing = existing.and_then(|claim| claim.value());
        Some(existing.map_or_else(|| component.object_name(), |claim| claim.as_str().to_owned()))
    }
}

/// The claim of a component's data, unless one exists or none is declared.
pub(crate) fn claim(component: &Component<'_>, data: DataVolume<'_>, rendering: &mut Rendering<'_>) {
    let Some(persistence) = data.persistence else {
        return;
    };
    storage_class(component, Some(persistence), rendering);
    if persistence
        .existing_claim
        .as_ref()
        .is_some_and(|claim| !claim.is_empty())
    {
        return;
    }
    let claim = PersistentVolumeClaim {
        spec: data.spec(component, persistence),
    };
    let metadata = component.metadata().annotated(persistence.annotations.clone());
    rendering.add(component.registry.document, Object::new(metadata, &claim));
}
