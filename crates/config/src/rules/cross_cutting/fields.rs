//! The fields of one sort, gathered from a document of whatever kind.

use crate::Spec;
use crate::sections::{ComponentResources, HarborRegistry, Persistence};
use crate::value::{ImageReference, Quantity, Written};

/// What one container may use, and the path under which that stands.
pub(super) struct Amounts<'a> {
    pub(super) path: String,
    pub(super) cpu: Pair<'a>,
    pub(super) memory: Pair<'a>,
}

/// A request and a limit.
pub(super) struct Pair<'a> {
    pub(super) request: Option<&'a Written<Quantity>>,
    pub(super) limit: Option<&'a Written<Quantity>>,
}

/// The numbers of replicas.
pub(super) fn replicas(spec: &Spec) -> Vec<(&'static str, i64)> {
    match spec {
        Spec::DockerRegistry(spec) => vec![("replicas", spec.replicas)],
        Spec::NexusRegistry(spec) => vec![("replicas", spec.replicas)],
        Spec::ArtifactoryRegistry(spec) => vec![("replicas", spec.replicas)],
        Spec::HarborRegistry(spec) => vec![
            ("coreReplicas", spec.core_replicas),
            ("jobserviceReplicas", spec.jobservice_replicas),
            ("registryReplicas", spec.registry_replicas),
        ],
        _ => Vec::new(),
    }
}

/// The images that run on a cluster.
pub(super) fn images(spec: &Spec) -> Vec<(String, &Written<ImageReference>)> {
    match spec {
        Spec::DockerRegistry(spec) => vec![("image".to_owned(), &spec.image)],
        Spec::NexusRegistry(spec) => vec![("image".to_owned(), &spec.image)],
        Spec::ArtifactoryRegistry(spec) => vec![("image".to_owned(), &spec.image)],
        Spec::HarborRegistry(spec) => harbor_images(spec),
        Spec::ImageBuildConfig(spec) => {
            let image = spec.builder.as_ref().and_then(|builder| builder.image.as_ref());
            image
                .map(|image| ("builder.image".to_owned(), image))
                .into_iter()
                .collect()
        }
        _ => Vec::new(),
    }
}

fn harbor_images(spec: &HarborRegistry) -> Vec<(String, &Written<ImageReference>)> {
    let mut images = vec![("trivy.image".to_owned(), &spec.trivy.image)];
    let Some(components) = &spec.components else {
        return images;
    };
    for (name, component) in [
        ("core", &components.core),
        ("portal", &components.portal),
        ("registry", &components.registry),
        ("registryctl", &components.registryctl),
        ("exporter", &components.exporter),
    ] {
        if let Some(image) = component.as_ref().and_then(|component| component.image.as_ref()) {
            images.push((format!("components.{name}.image"), image));
        }
    }
    if let Some(image) = components
        .jobservice
        .as_ref()
        .and_then(|component| component.image.as_ref())
    {
        images.push(("components.jobservice.image".to_owned(), image));
    }
    images
}

/// What containers may use.
pub(super) fn amounts(spec: &Spec) -> Vec<Amounts<'_>> {
    let mut all: Vec<Amounts<'_>> = spec
        .workload()
        .map(|workload| {
            let (limits, requests) = (&workload.resources.limits, &workload.resources.requests);
            Amounts {
                path: "resources".to_owned(),
                cpu: Pair {
                    request: Some(&requests.cpu),
                    limit: Some(&limits.cpu),
                },
                memory: Pair {
                    request: Some(&requests.memory),
                    limit: Some(&limits.memory),
                },
            }
        })
        .into_iter()
        .collect();
    match spec {
        Spec::HarborRegistry(spec) => all.extend(harbor_amounts(spec)),
        Spec::ImageBuildConfig(spec) => {
            let resources = spec
                .builder
                .as_ref()
                .and_then(|builder| builder.resources.as_ref());
            all.extend(resources.map(|resources| component("builder.resources".to_owned(), resources)));
        }
        _ => {}
    }
    all
}

fn harbor_amounts(spec: &HarborRegistry) -> Vec<Amounts<'_>> {
    let trivy = spec
        .trivy
        .resources
        .as_ref()
        .map(|resources| component("trivy.resources".to_owned(), resources));
    let mut all: Vec<Amounts<'_>> = trivy.into_iter().collect();
    let Some(components) = &spec.components else {
        return all;
    };
    let jobservice = components
        .jobservice
        .as_ref()
        .and_then(|component| component.resources.as_ref());
    let others = [
        ("core", &components.core),
        ("portal", &components.portal),
        ("registry", &components.registry),
        ("registryctl", &components.registryctl),
        ("exporter", &components.exporter),
        ("database", &components.database),
        ("redis", &components.redis),
    ];
    let resources = others
        .into_iter()
        .map(|(name, component)| {
            (
                name,
                component
                    .as_ref()
                    .and_then(|component| component.resources.as_ref()),
            )
        })
        .chain([("jobservice", jobservice)]);
    for (name, resources) in resources {
        all.extend(resources.map(|resources| component(format!("components.{name}.resources"), resources)));
    }
    all
}

fn component(path: String, resources: &ComponentResources) -> Amounts<'_> {
    let (limits, requests) = (&resources.limits, &resources.requests);
    Amounts {
        path,
        cpu: Pair {
            request: requests.cpu.as_ref(),
            limit: limits.cpu.as_ref(),
        },
        memory: Pair {
            request: requests.memory.as_ref(),
            limit: limits.memory.as_ref(),
        },
    }
}

/// The volumes.
pub(super) fn volumes(spec: &Spec) -> Vec<(String, &Persistence)> {
    let own = spec.workload().and_then(|workload| workload.persistence);
    let mut all: Vec<(String, &Persistence)> = own
        .map(|volume| ("persistence".to_owned(), volume))
        .into_iter()
        .collect();
    let Spec::HarborRegistry(harbor) = spec else {
        return all;
    };
    all.extend(
        harbor
            .trivy
            .persistence
            .as_ref()
            .map(|volume| ("trivy.persistence".to_owned(), volume)),
    );
    if let Some(components) = &harbor.components {
        let jobservice = components
            .jobservice
            .as_ref()
            .and_then(|component| component.persistence.as_ref());
        all.extend(jobservice.map(|volume| ("components.jobservice.persistence".to_owned(), volume)));
        for (name, component) in [
            ("registry", &components.registry),
            ("database", &components.database),
            ("redis", &components.redis),
        ] {
            let volume = component
                .as_ref()
                .and_then(|component| component.persistence.as_ref());
            all.extend(volume.map(|volume| (format!("components.{name}.persistence"), volume)));
        }
    }
    all
}
