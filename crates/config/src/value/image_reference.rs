use berth_oci::{Digest, Reference, TagName};

use crate::value::{Parse, Refused};

/// A container image: `registry:2.8`, `ghcr.io/org/image@sha256:…`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ImageReference {
    reference: Reference,
}

impl ImageReference {
    /// The parsed reference.
    pub const fn reference(&self) -> &Reference {
        &self.reference
    }

    /// The tag, where one is written.
    pub fn tag(&self) -> Option<&TagName> {
        self.reference.tag()
    }

    /// The digest, where one is written.
    pub fn digest(&self) -> Option<&Digest> {
        self.reference.digest()
    }

    /// The repository without its registry, such as `library/registry`.
    pub fn repository(&self) -> &str {
        self.reference.repository().as_str()
    }
}

impl Parse for ImageReference {
    const WHAT: &'static str = "an image such as registry:2.8";
    const CODE: &'static str = "K-008";
    const EXAMPLES: &'static [&'static str] = &["registry.example.com/app:1.2.3", "registry:2.8.3"];
    const EMPTY: bool = true;

    fn parse(text: &str) -> Result<Self, Refused> {
        if text.contains("://") {
            return Err(Refused::new("an image is written without a scheme")
                .help("leave out what stands before `://`, and the `://`"));
        }
        text.parse().map(|reference| Self { reference }).map_err(|error| {
            Refused::new(format!("`{text}` is not an image: {error}"))
                .help("[registry/]repository[:tag][@digest], such as registry:2.8")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn docker_s_short_form_is_an_image() {
        let image = ImageReference::parse("registry:2.8").unwrap();
        assert_eq!(image.repository(), "library/registry");
        assert_eq!(image.tag().map(ToString::to_string).as_deref(), Some("2.8"));
        assert!(image.digest().is_none());
    }

    #[test]
    fn a_url_is_no_image() {
        assert!(
            ImageReference::parse("https://ghcr.io/a/b")
                .unwrap_err()
                .help
                .is_some()
        );
        for wrong in ["A/b:c:d", "a b", "repo:"] {
            assert!(ImageReference::parse(wrong).is_err(), "{wrong}");
        }
    }
}
