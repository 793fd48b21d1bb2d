use std::fmt;
use std::str::FromStr;

use crate::{Digest, DigestError, TagName, TagNameError};

/// The `<reference>` of a manifest's URL: a tag or a digest.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TagOrDigest {
    Tag(TagName),
    Digest(Digest),
}

/// Why a text is neither a tag nor a digest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TagOrDigestError {
    #[error(transparent)]
    Tag(#[from] TagNameError),
    #[error(transparent)]
    Digest(#[from] DigestError),
}

impl FromStr for TagOrDigest {
    type Err = TagOrDigestError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // A tag has no colon, a digest has one.
        if text.contains(':') {
            Ok(Self::Digest(text.parse()?))
        } else {
            Ok(Self::Tag(text.parse()?))
        }
    }
}

impl fmt::Display for TagOrDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tag(tag) => tag.fmt(f),
            Self::Digest(digest) => digest.fmt(f),
        }
    }
}
