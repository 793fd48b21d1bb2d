use std::fmt;
use std::str::FromStr;

use crate::{Digest, DigestError, RepositoryName, RepositoryNameError, TagName, TagNameError};

/// An image as a person writes it: `[registry[:port]/]repository[:tag][@digest]`.
///
/// Docker's shorthand is understood: no registry means `docker.io`, one component there means `library/`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reference {
    registry: String,
    repository: RepositoryName,
    tag: Option<TagName>,
    digest: Option<Digest>,
}

/// Why a text is not a reference.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceError {
    #[error("`{0}` is no registry: a host name with an optional port")]
    Registry(String),
    #[error(transparent)]
    Repository(#[from] RepositoryNameError),
    #[error("`{text}` is no tag: {source}")]
    Tag { text: String, source: TagNameError },
    #[error(transparent)]
    Digest(#[from] DigestError),
}

impl Reference {
    pub const DEFAULT_REGISTRY: &str = "docker.io";

    /// Host and port, as written or `docker.io`.
    pub fn registry(&self) -> &str {
        &self.registry
    }

    pub const fn repository(&self) -> &RepositoryName {
        &self.repository
    }

    pub const fn tag(&self) -> Option<&TagName> {
        self.tag.as_ref()
    }

    pub const fn digest(&self) -> Option<&Digest> {
        self.digest.as_ref()
    }
}

/// A first component is a registry when it could not be part of a repository's name on Docker Hub.
fn is_registry(component: &str) -> bool {
    component == "localhost"
        || component.contains(['.', ':'])
        || component.bytes().any(|byte| byte.is_ascii_uppercase())
}

fn check_registry(text: &str) -> Result<(), ReferenceError> {
    let refused = || Err(ReferenceError::Registry(text.to_owned()));
    let (host, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, port)) => (host, port.strip_prefix(':').or((!port.is_empty()).then_some("x"))),
        None => text
            .split_once(':')
            .map_or((text, None), |(host, port)| (host, Some(port))),
    };
    let host_fits = if text.starts_with('[') {
        host.parse::<std::net::Ipv6Addr>().is_ok()
    } else {
        host.split('.').all(|label| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        })
    };
    if host_fits && port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0)) {
        Ok(())
    } else {
        refused()
    }
}

impl FromStr for Reference {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (rest, digest) = match text.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest.parse()?)),
            None => (text, None),
        };
        let (registry, path) = match rest.split_once('/') {
            Some((first, path)) if is_registry(first) => (first, path),
            _ => (Self::DEFAULT_REGISTRY, rest),
        };
        check_registry(registry)?;
        let (name, tag) = match path.rsplit_once(':') {
            Some((name, tag)) => (
                name,
                Some(tag.parse().map_err(|source| ReferenceError::Tag {
                    text: tag.to_owned(),
                    source,
                })?),
            ),
            None => (path, None),
        };
        let repository = if registry == Self::DEFAULT_REGISTRY && !name.contains('/') && !name.is_empty() {
            format!("library/{name}").parse()?
        } else {
            name.parse()?
        };
        Ok(Self {
            registry: registry.to_owned(),
            repository,
            tag,
            digest,
        })
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.registry, self.repository)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(f, "@{digest}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dockers_shorthand_is_understood() {
        for (written, meant) in [
            ("registry:2.8", "docker.io/library/registry:2.8"),
            ("sonatype/nexus3:3.68", "docker.io/sonatype/nexus3:3.68"),
            ("localhost/a", "localhost/a"),
            ("localhost:5000/a:b", "localhost:5000/a:b"),
            (
                "releases-docker.jfrog.io/jfrog/artifactory-oss:latest",
                "releases-docker.jfrog.io/jfrog/artifactory-oss:latest",
            ),
            ("[::1]:5000/a", "[::1]:5000/a"),
        ] {
            assert_eq!(
                written.parse::<Reference>().map(|r| r.to_string()),
                Ok(meant.to_owned())
            );
        }
    }

    #[test]
    fn a_tag_and_a_digest_may_stand_together() {
        let digest = Digest::sha256(b"");
        let reference: Reference = format!("a/b:c@{digest}").parse().unwrap();
        assert_eq!(reference.tag().map(TagName::as_str), Some("c"));
        assert_eq!(reference.digest(), Some(&digest));
    }

    #[test]
    fn what_is_no_reference_says_which_part() {
        assert!(matches!(
            "host:99999/a".parse::<Reference>(),
            Err(ReferenceError::Registry(_))
        ));
        assert!(matches!(
            "host.example/UPPER".parse::<Reference>(),
            Err(ReferenceError::Repository(_))
        ));
        assert!(matches!(
            "a:-b".parse::<Reference>(),
            Err(ReferenceError::Tag { .. })
        ));
        assert!(matches!(
            "a@sha256:00".parse::<Reference>(),
            Err(ReferenceError::Digest(_))
        ));
        assert!("".parse::<Reference>().is_err());
    }
}
