use berth_config::Spec;
use berth_config::document::{Document, Documents};
use berth_config::sections::ImageBuildConfig;
use berth_config::value::BuildSystem;

use super::cache::Cache;
use super::images;
use super::source::Source;
use crate::object::{Labels, Metadata};
use crate::render::policies::owned;
use crate::render::registry::{COMPONENT, NAME};
use crate::render::{KubernetesVersion, Rendering};

/// The program that builds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Tool {
    Buildkit,
    Buildah,
    Kaniko,
}

/// A build as it is rendered.
pub(super) struct Settled<'a> {
    pub(super) document: &'a Document,
    pub(super) spec: &'a ImageBuildConfig,
    pub(super) namespace: String,
    pub(super) tool: Tool,
    /// Whether it was asked to run as root, with all rights of the node.
    pub(super) is_privileged: bool,
    pub(super) source: Source<'a>,
    /// What the image is called, its main name first; none where nothing says.
    pub(super) images: Vec<String>,
    pub(super) cache: Cache,
    pub(super) kubernetes: KubernetesVersion,
    pub(super) metadata: Metadata,
}

/// The namespace of a build that names none.
const NAMESPACE: &str = "default";
/// What its objects are, among those of Berth.
const BUILD: &str = "image-build";

impl<'a> Settled<'a> {
    /// `None` (with a finding) where there is nothing to build from.
    pub(super) fn of(
        document: &'a Document,
        spec: &'a ImageBuildConfig,
        rendering: &mut Rendering<'_>,
    ) -> Option<Self> {
        let source = Source::of(document, spec, rendering)?;
        let tool = Tool::of(spec);
        let images = images::names(document, spec, rendering.documents);
        let namespace = namespace_of(document, spec, rendering.documents);
        let mut metadata = owned::metadata(rendering.documents, document, &document.base_name, &namespace);
        metadata.labels.extend(own_labels(document));
        Some(Self {
            document,
            spec,
            tool,
            is_privileged: is_privileged(spec),
            source,
            cache: Cache::of(document, spec, (tool, images.first()), rendering),
            images,
            kubernetes: rendering.options.kubernetes,
            namespace,
            metadata,
        })
    }

    /// Name, labels and annotations of one of its objects.
    pub(super) fn metadata(&self, suffix: &str) -> Metadata {
        let mut metadata = self.metadata.clone();
        if !suffix.is_empty() {
            metadata.name = format!("{}-{suffix}", metadata.name);
        }
        metadata
    }

    /// The labels by which its pods are found.
    pub(super) fn selector(&self) -> Labels {
        own_labels(self.document)
    }

    /// Whether the image is pushed.
    pub(super) fn pushes(&self) -> bool {
        self.spec.output.as_ref().is_some_and(|output| output.push) && !self.images.is_empty()
    }

    /// The platforms that it is built for; those of the node without any.
    pub(super) fn platforms(&self) -> &'a [String] {
        self.spec
            .output
            .as_ref()
            .map(|output| output.platforms.as_slice())
            .unwrap_or_default()
    }

    /// The Dockerfile, within the folder that is built from.
    pub(super) fn dockerfile(&self) -> &'a str {
        let given = self.spec.dockerfile.as_deref();
        given
            .map(|path| path.trim_start_matches('/'))
            .filter(|path| !path.is_empty())
            .unwrap_or("Dockerfile")
    }
}

impl Tool {
    /// What is asked for; in the place of Docker, its own builder without the daemon.
    pub(super) fn of(spec: &ImageBuildConfig) -> Self {
        match spec.build_system.value() {
            Some(BuildSystem::Buildah) => Self::Buildah,
            Some(BuildSystem::Kaniko) => Self::Kaniko,
            Some(BuildSystem::Docker | BuildSystem::Buildkit) | None => Self::Buildkit,
        }
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Buildkit => "BuildKit",
            Self::Buildah => "Buildah",
            Self::Kaniko => "kaniko",
        }
    }
}

/// Whether the builder is to run as root: kaniko has a way of its own.
pub(super) fn is_privileged(spec: &ImageBuildConfig) -> bool {
    let rootless = spec.builder.as_ref().and_then(|builder| builder.rootless);
    rootless == Some(false) && Tool::of(spec) != Tool::Kaniko
}

/// Its own; else that of the pull secret it pushes with, where a document makes that; else the default one.
pub(super) fn namespace_of(document: &Document, spec: &ImageBuildConfig, documents: &Documents) -> String {
    let own = spec.namespace.as_ref().or(document.metadata.namespace.as_ref());
    if let Some(own) = own.filter(|namespace| namespace.value().is_some()) {
        return own.text().to_owned();
    }
    let wanted = spec.credentials.registry_secret.text();
    let made = documents.documents.iter().find_map(|other| match &other.spec {
        Spec::ImagePullSecret(secret) if !wanted.is_empty() && secret.secret_name.text() == wanted => {
            secret.namespace.value().map(|_| secret.namespace.text())
        }
        _ => None,
    });
    made.unwrap_or(NAMESPACE).to_owned()
}

fn own_labels(document: &Document) -> Labels {
    let labels = [
        (NAME, BUILD),
        (COMPONENT, "build"),
        (crate::render::registry::INSTANCE, document.base_name.as_str()),
    ];
    labels
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .into()
}
