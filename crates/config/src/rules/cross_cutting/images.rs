//! The product's image and version.

use berth_finding::{Level, Rule};

use super::fields;
use crate::Spec;
use crate::document::Document;
use crate::rules::{Out, RuleContext, Sink};
use crate::value::{Engine, ImageReference, Written};

pub(super) const K_008: Rule = Rule::error(
    "K-008",
    "an image reference is malformed, or may mean another image tomorrow",
    "\
The tag `latest` (or none) is a warning: the next restart may bring another version, with its own migrations. Under
`--profile prod` a tag without a digest is a warning too.

    image: registry:2.8.3@sha256:...
",
);

pub(super) const K_009: Rule = Rule::error(
    "K-009",
    "the image's tag names another version than the document",
    "\
`version` decides which configuration is rendered and which upgrades are allowed; the image decides what runs. Major and
minor must agree.

    version: \"2.8\"
    image: registry:2.8.3
",
);

pub(super) const K_010: Rule = Rule::error(
    "K-010",
    "the product's version is outside of what is supported",
    "\
Configuration and APIs are known for Docker's registry 2.8, Harbor 2.10, Nexus 3.68 and Artifactory 7.84. Another version
may read the configuration differently.

    version: \"2.8\"
",
);

pub(super) fn check(context: &RuleContext<'_>, sink: &mut Sink<'_>) {
    for document in context.documents {
        let out = &mut sink.on(document);
        for (path, image) in fields::images(&document.spec) {
            moving(document, &path, image, context, out);
            another_version(document, &path, image, out);
        }
        supported(document, out);
    }
}

/// Whether another rule speaks of this image's tag: products have rules of their own for it.
fn has_own_rule(document: &Document, path: &str) -> bool {
    matches!(document.spec, Spec::ArtifactoryRegistry(_)) || path == "trivy.image"
}

fn moving(
    document: &Document,
    path: &str,
    image: &Written<ImageReference>,
    context: &RuleContext<'_>,
    out: &mut Out<'_, '_>,
) {
    let Some(image) = image.value() else {
        return;
    };
    if image.digest().is_some() {
        return;
    }
    let latest = image.tag().is_none_or(|tag| tag.to_string() == "latest");
    if latest && !has_own_rule(document, path) {
        out.at(
            path,
            K_008,
            "the tag `latest` may mean another image at the next restart",
        )
        .level(Level::Warning)
        .help("name a version, best with its digest");
    } else if context.is_prod() {
        out.at(
            path,
            K_008,
            "the image has no digest, so its tag may mean another one tomorrow",
        )
        .level(Level::Warning)
        .help("add @sha256:... behind the tag");
    }
}

fn another_version(document: &Document, path: &str, image: &Written<ImageReference>, out: &mut Out<'_, '_>) {
    let Some(workload) = document.spec.workload().filter(|_| !has_own_rule(document, path)) else {
        return;
    };
    let tag = image
        .value()
        .and_then(|image| image.tag())
        .map(ToString::to_string)
        .unwrap_or_default();
    let (Some(image), Some(wanted)) = (version(&tag), version(workload.version)) else {
        return;
    };
    let same = image.0 == wanted.0 && (image.1.is_none() || wanted.1.is_none() || image.1 == wanted.1);
    if !same && !is_berth(document) {
        out.at(
            path,
            K_009,
            format!(
                "the image is of version {tag}, but `version` is {}",
                workload.version
            ),
        )
        .help("make the two agree");
    }
}

/// Major and minor version at the start of a text: `v2.10.3-photon`, `3.68`, `2`.
fn version(text: &str) -> Option<(u32, Option<u32>)> {
    let text = text.strip_prefix('v').unwrap_or(text);
    let numbers = text.split(['-', '+', '_']).next()?;
    let mut parts = numbers.split('.');
    let major = parts.next()?.parse().ok()?;
    match parts.next().map(str::parse) {
        None => Some((major, None)),
        Some(Ok(minor)) => Some((major, Some(minor))),
        Some(Err(_)) => None,
    }
}

fn is_berth(document: &Document) -> bool {
    let Spec::DockerRegistry(spec) = &document.spec else {
        return false;
    };
    spec.engine.as_ref().and_then(|engine| engine.value()) == Some(&Engine::Berth)
}

fn supported(document: &Document, out: &mut Out<'_, '_>) {
    let known = match &document.spec {
        Spec::DockerRegistry(_) => (2, 8),
        Spec::HarborRegistry(_) => (2, 10),
        Spec::NexusRegistry(_) => (3, 68),
        Spec::ArtifactoryRegistry(_) => (7, 84),
        _ => return,
    };
    let Some(workload) = document.spec.workload().filter(|_| !is_berth(document)) else {
        return;
    };
    if version(workload.version) != Some((known.0, Some(known.1))) {
        out.at(
            "version",
            K_010,
            format!("the version `{}` is not supported", workload.version),
        )
        .help(format!("write version: \"{}.{}\"", known.0, known.1));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::cases::{fires, level_of, policy, registry};

    const DIGEST: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn k_008_fires_on_malformed_and_moving_images_and_not_on_fixed_ones() {
        assert_eq!(level_of("K-008", &registry("image: 'a:b:c'")), ["error", "error"]);
        assert_eq!(
            level_of("K-008", &registry("image: registry")),
            ["warning", "warning"]
        );
        assert_eq!(
            level_of("K-008", &registry("image: 'registry:latest'")),
            ["warning", "warning"]
        );
        assert_eq!(
            level_of("K-008", &registry("image: 'registry:2.8.3'")),
            ["none", "warning"]
        );
        assert_eq!(
            level_of("K-008", &registry(&format!("image: 'registry:2.8.3@{DIGEST}'"))),
            ["none", "none"]
        );
    }

    #[test]
    fn k_009_fires_when_image_and_version_differ_and_not_when_they_agree() {
        assert!(fires("K-009", &registry("image: 'registry:2.7.1'")));
        assert!(fires(
            "K-009",
            &policy("NexusRegistry", "image: 'sonatype/nexus3:3.70.0-java11'")
        ));
        let portal = |tag: &str| {
            policy(
                "HarborRegistry",
                &format!("components: {{portal: {{image: 'goharbor/harbor-portal:{tag}'}}}}"),
            )
        };
        assert!(fires("K-009", &portal("v2.11.0")));
        assert!(!fires("K-009", &portal("v2.10.3")));
        for right in [
            "registry:2",
            "registry:2.8.3",
            "registry:edge",
            "example.com/mirror/registry:2.8-hardened",
        ] {
            assert!(
                !fires("K-009", &registry(&format!("image: '{right}'"))),
                "{right}"
            );
        }
    }

    #[test]
    fn k_010_fires_on_other_versions_and_not_on_the_supported_ones() {
        for wrong in ["'2.7'", "'3.0'", "'2'", "edge"] {
            assert!(fires("K-010", &registry(&format!("version: {wrong}"))), "{wrong}");
        }
        assert!(fires("K-010", &policy("HarborRegistry", "version: '2.9'")));
        assert!(!fires("K-010", &registry("version: '2.8.3'")));
        assert!(!fires("K-010", &policy("NexusRegistry", "{}")));
        assert!(!fires(
            "K-010",
            &policy("ArtifactoryRegistry", "version: '7.84.17'")
        ));
    }
}
