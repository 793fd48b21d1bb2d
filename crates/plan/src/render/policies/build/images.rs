use berth_config::document::{Document, Documents};
use berth_config::registries_of;
use berth_config::sections::ImageBuildConfig;
use berth_config::value::{ImageReference, Parse, Written};

use crate::render::policies::pull_secret::host_of;

/// The tag of a cache beside an image.
const CACHE_TAG: &str = "buildcache";

/// What the image is called: its name, and the same with each further tag.
pub(super) fn names(document: &Document, spec: &ImageBuildConfig, documents: &Documents) -> Vec<String> {
    let Some(output) = spec
        .output
        .as_ref()
        .filter(|output| output.image.value().is_some())
    else {
        return Vec::new();
    };
    let main = placed(&output.image, document, documents);
    let repository = repository_of(&main);
    let tags = output
        .tags
        .iter()
        .map(|tag| format!("{repository}:{tag}"))
        .filter(|name| ImageReference::parse(name).is_ok());
    let mut names = vec![main.clone()];
    for name in tags {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// The name of the cache beside an image.
pub(super) fn cache_beside(image: &str) -> String {
    format!("{}:{CACHE_TAG}", repository_of(image))
}

/// A name without its tag and digest.
pub(super) fn repository_of(image: &str) -> String {
    let bare = image.split('@').next().unwrap_or_default();
    match bare.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains('/') => repository.to_owned(),
        _ => bare.to_owned(),
    }
}

/// The registry of a name: a host, and a port where it has one.
pub(super) fn registry_of(image: &str) -> Option<String> {
    let reference = ImageReference::parse(image).ok()?;
    Some(reference.reference().registry().to_owned())
}

/// The name; where it says nothing of a registry, in the one registry that the build is for.
fn placed(image: &Written<ImageReference>, document: &Document, documents: &Documents) -> String {
    let text = image.text();
    let first = text.split('/').next().unwrap_or_default();
    let has_registry = text.contains('/')
        && image
            .value()
            .is_some_and(|image| image.reference().registry() == first);
    let names = document.spec.registries().unwrap_or_default();
    if has_registry || names.is_empty() {
        return text.to_owned();
    }
    match registries_of(&documents.documents, document).as_slice() {
        [registry] => host_of(registry).map_or_else(|| text.to_owned(), |host| format!("{host}/{text}")),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_repository_of_a_name_has_neither_tag_nor_digest() {
        for (image, repository) in [
            ("r.example.com:5000/a/b:1", "r.example.com:5000/a/b"),
            ("r.example.com:5000/a", "r.example.com:5000/a"),
            ("a:1@sha256:00", "a"),
            ("a", "a"),
        ] {
            assert_eq!(repository_of(image), repository);
        }
        assert_eq!(cache_beside("r.example.com/a:1"), "r.example.com/a:buildcache");
    }
}
