use berth_oci::{Digest, ManifestError, RepositoryName};
use berth_storage::{StorageError, UploadId};

use crate::incoming::IncomingError;

/// Why an operation was not done. Says nothing of HTTP: `http::failure` holds the table.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OperationError {
    #[error("there is no such blob in this repository")]
    BlobUnknown,
    #[error("there is no such manifest in this repository")]
    ManifestUnknown,
    #[error("there is no such repository")]
    RepositoryUnknown,
    #[error("there is no such upload in this repository; start a new one")]
    UploadUnknown,
    #[error("another request is writing to this upload; ask for its status and go on from there")]
    UploadBusy,
    #[error("the chunk does not start where the upload stands; it has {offset} bytes: go on from there")]
    ChunkOutOfPlace {
        repository: RepositoryName,
        upload: UploadId,
        offset: u64,
    },
    #[error("the chunk's Content-Range says {ranged} bytes, {found} came; nothing of it was kept")]
    ChunkLength { ranged: u64, found: u64 },
    #[error("the content has the digest {found}, not the one that was named; nothing was stored")]
    DigestMismatch { found: Digest },
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    #[error("the manifest is larger than {} bytes", berth_oci::MANIFEST_SIZE_LIMIT)]
    ManifestTooLarge,
    #[error("the manifest refers to content that is not in this repository; push that first")]
    MissingContent(Vec<Digest>),
    #[error("the blob belongs to the manifest {by}; delete that first")]
    BlobReferenced { by: Digest },
    #[error("deleting is switched off in this registry")]
    DeleteDisabled,
    #[error(transparent)]
    Incoming(#[from] IncomingError),
    #[error(transparent)]
    Storage(#[from] StorageError),
}
