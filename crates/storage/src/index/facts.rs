use std::collections::BTreeMap;

use berth_oci::{Digest, Manifest, MediaType, RepositoryName, TagName};

use crate::layout::Key;

/// What the layout holds at one key. Writing a fact makes the rows of that key agree with it, whatever they were.
#[derive(Clone, Debug)]
pub(crate) enum Fact {
    Bytes {
        digest: Digest,
        present: bool,
        /// Hashed, just now, to this digest.
        verified: bool,
    },
    Edge {
        repository: RepositoryName,
        digest: Digest,
        /// The digest that the link holds; another one than its name for what Docker's registry pushed by
        /// SHA-512.
        target: Option<Digest>,
    },
    Revision {
        repository: RepositoryName,
        digest: Digest,
        manifest: Option<ManifestFact>,
    },
    Tag {
        repository: RepositoryName,
        tag: TagName,
        manifest: Option<Digest>,
    },
}

/// What a manifest says, as far as the index keeps it.
#[derive(Clone, Debug)]
pub(crate) struct ManifestFact {
    pub(crate) media_type: MediaType,
    pub(crate) artifact_type: Option<MediaType>,
    pub(crate) subject: Option<Digest>,
    /// Bytes.
    pub(crate) size: u64,
    pub(crate) annotations: BTreeMap<String, String>,
    pub(crate) blobs: Vec<Digest>,
    pub(crate) children: Vec<Digest>,
}

impl ManifestFact {
    pub(crate) fn new(manifest: &Manifest, size: usize) -> Self {
        Self {
            media_type: manifest.media_type.clone(),
            artifact_type: manifest.artifact_type.clone(),
            subject: manifest.subject.as_ref().map(|subject| subject.digest),
            size: size as u64,
            annotations: manifest.annotations.clone(),
            blobs: manifest.required_blobs(),
            children: manifest.children(),
        }
    }

    /// Every digest that must stay while the manifest does, with its kind.
    pub(crate) fn references(&self) -> impl Iterator<Item = (&Digest, i64)> {
        let blobs = self.blobs.iter().map(|digest| (digest, 0));
        blobs.chain(self.children.iter().map(|digest| (digest, 1)))
    }
}

impl Fact {
    /// Whether there is anything at the key.
    pub(crate) fn is_present(&self) -> bool {
        match self {
            Self::Bytes { present, .. } => *present,
            Self::Edge { target, .. } => target.is_some(),
            Self::Revision { manifest, .. } => manifest.is_some(),
            Self::Tag { manifest, .. } => manifest.is_some(),
        }
    }

    pub(crate) fn key(&self) -> Key {
        match self {
            Self::Bytes { digest, .. } => Key::Bytes(*digest),
            Self::Edge {
                repository, digest, ..
            } => Key::Edge(repository.clone(), *digest),
            Self::Revision {
                repository, digest, ..
            } => Key::Revision(repository.clone(), *digest),
            Self::Tag { repository, tag, .. } => Key::Tag(repository.clone(), tag.clone()),
        }
    }
}
