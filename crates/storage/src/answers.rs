use berth_oci::{Digest, Manifest, MediaType, TagName};
use bytes::Bytes;

use crate::UploadSession;

/// A manifest as it is stored: `bytes` hash to `digest`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredManifest {
    pub digest: Digest,
    pub media_type: MediaType,
    pub bytes: Bytes,
}

/// A manifest to store, with the tags that shall point at it.
#[derive(Clone, Debug)]
pub struct ManifestPut {
    /// What `bytes` say.
    pub manifest: Manifest,
    pub bytes: Bytes,
    /// The digest of `bytes`, as the client named it.
    pub digest: Digest,
    pub tags: Vec<TagName>,
}

/// What became of a manifest that was put.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PutManifest {
    /// Synced, indexed, and every tag points at it.
    Stored,
    /// The bytes don't have the digest that was named.
    DigestMismatch { found: Digest },
    /// These blobs or manifests are not in the repository.
    MissingContent(Vec<Digest>),
}

/// What became of a blob that was to be deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlobDeletion {
    Deleted,
    NotFound,
    /// A manifest of the repository refers to it.
    Referenced {
        by: Digest,
    },
}

/// What became of an upload that was finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FinishUpload {
    /// Synced and readable in the repository.
    Stored {
        /// Bytes.
        size: u64,
    },
    /// The session is gone, nothing was stored.
    DigestMismatch { found: Digest },
}

/// What was found under the name of an upload session.
#[derive(Debug)]
pub enum ResumedUpload {
    Session(UploadSession),
    /// Another request holds it.
    Busy,
    /// Never started in this repository, finished, cancelled or expired.
    Unknown,
}

/// A part of a sorted list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Whether the list goes on after the last item.
    pub more: bool,
}

/// Whether the store takes writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreHealth {
    Writable,
    /// The disk has no room: reads and deletes go on, pushes are refused until there is some.
    Full,
    /// A write could neither be finished nor be undone.
    ReadOnly {
        because: String,
    },
}
