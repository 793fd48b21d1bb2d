use berth_config::document::Document;
use berth_config::sections::ImageBuildConfig;
use berth_config::value::CacheType;

use super::images::{cache_beside, repository_of};
use super::settled::{Settled, Tool};
use crate::object::{ClaimResources, ClaimSpec, Object, PersistentVolumeClaim};
use crate::render::{Rendering, codes};

/// Where layers are kept from one build to the next.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Cache {
    /// Nowhere.
    None,
    /// In a registry, under this name.
    Registry(String),
    /// Within the image of this name.
    Inline(String),
    /// On a volume of this size.
    Volume(String),
}

/// The suffix of its claim.
pub(super) const SUFFIX: &str = "cache";

impl Cache {
    /// As declared, or the nearest thing that the builder can do.
    pub(super) fn of(
        document: &Document,
        spec: &ImageBuildConfig,
        (tool, image): (Tool, Option<&String>),
        rendering: &mut Rendering<'_>,
    ) -> Self {
        if !spec.cache.enabled {
            return Self::None;
        }
        match (spec.cache.kind.value(), tool) {
            (Some(CacheType::Local), Tool::Kaniko) => {
                let why = "kaniko keeps layers in registries alone: nothing is kept";
                not_so(document, "cache.type", why, rendering);
                Self::None
            }
            (Some(CacheType::Local), _) => Self::Volume(spec.cache.max_size.text().to_owned()),
            (Some(CacheType::Inline), Tool::Buildkit) => image.cloned().map_or(Self::None, Self::Inline),
            (Some(CacheType::Inline), _) => {
                let why = format!("{} writes no cache into the image: nothing is kept", tool.name());
                not_so(document, "cache.type", &why, rendering);
                Self::None
            }
            (Some(CacheType::Registry) | None, _) => Self::in_registry(document, spec, image, rendering),
        }
    }

    /// Under its own name; where it has none, or that of the image, beside the image.
    fn in_registry(
        document: &Document,
        spec: &ImageBuildConfig,
        image: Option<&String>,
        rendering: &mut Rendering<'_>,
    ) -> Self {
        let given = spec.cache.image.as_ref().filter(|given| given.value().is_some());
        let given = given.map(|given| given.text().to_owned());
        if let Some(given) = given.filter(|given| Some(given) != image) {
            return Self::Registry(given);
        }
        let Some(image) = image else {
            return Self::None;
        };
        let beside = cache_beside(image);
        let why = format!("the cache is kept as `{beside}`");
        not_so(document, "cache.image", &why, rendering);
        Self::Registry(beside)
    }

    /// The repository that layers are kept in, for builders that name them themselves.
    pub(super) fn repository(&self) -> Option<String> {
        match self {
            Self::Registry(image) => Some(repository_of(image)),
            _ => None,
        }
    }
}

/// The claim of a cache on a volume.
pub(super) fn claim(settled: &Settled<'_>, rendering: &mut Rendering<'_>) {
    let Cache::Volume(size) = &settled.cache else {
        return;
    };
    let claim = PersistentVolumeClaim {
        spec: ClaimSpec {
            access_modes: vec!["ReadWriteOnce".to_owned()],
            resources: ClaimResources::storage(size),
            storage_class_name: None,
        },
    };
    rendering.add(settled.document, Object::new(settled.metadata(SUFFIX), &claim));
}

fn not_so(document: &Document, path: &str, why: &str, rendering: &mut Rendering<'_>) {
    rendering
        .tell(document, path, codes::RN_006, why)
        .help("such as `cache: {type: registry, image: \"registry.example.com/team/app:cache\"}`");
}
