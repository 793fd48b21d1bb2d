//! Keeps blobs, manifests, tags and uploads in the layout of Docker's registry 2.8, and never loses one that it
//! acknowledged.
//!
//! The layout below `docker/registry/v2` is the truth; `.berth` beside it holds what can be made again from it.
//! One outside thing is touched: the disk. Time and randomness come in through [`Clock`] and [`Random`].
//!
//! This crate knows nothing of HTTP, of principals, of Berth's documents.

#![expect(dead_code, reason = "the committer uses the rest")]

mod answers;
mod blob;
mod clock;
mod disk;
mod error;
#[cfg(test)]
mod faults;
mod layout;
mod lock;
mod scan;
mod store;
mod thin;
mod upload;
mod upload_id;

mod state_store;

pub use answers::{
    BlobDeletion, FinishUpload, ManifestPut, Page, PutManifest, ResumedUpload, StoreHealth, StoredManifest,
};
pub use blob::BlobReader;
pub use clock::{Clock, Random};
pub use error::StorageError;
pub use state_store::StateStore;
pub use store::{Store, StoreOptions};
pub use upload::UploadSession;
pub use upload_id::{UploadId, UploadIdError};
