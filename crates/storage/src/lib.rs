//! Keeps blobs, manifests, tags and uploads in the layout of Docker's registry 2.8, and never loses one that it
//! acknowledged.
//!
//! The layout below `docker/registry/v2` is the truth; `.berth` beside it holds what can be made again from it.
//! One outside thing is touched: the disk. Time and randomness come in through [`Clock`] and [`Random`].
//!
//! This crate knows nothing of HTTP, of principals, of Berth's documents.

mod answers;
mod blob;
mod cache;
mod clock;
mod commit;
#[cfg(test)]
mod crash_tests;
mod disk;
mod error;
#[cfg(test)]
mod faults;
pub mod fsck;
mod index;
mod layout;
mod leases;
mod lock;
mod look;
mod manifest;
#[cfg(test)]
mod power_cut;
mod recover;
mod referrers;
mod restore;
mod scan;
mod scrub;
mod store;
mod sweep;
mod tag;
#[cfg(test)]
mod test_store;
mod upload;
mod upload_id;

mod state_store;

pub use answers::{
    BlobDeletion, FinishUpload, ManifestPut, Page, PutManifest, ResumedUpload, StoreHealth, StoredManifest,
};
pub use blob::BlobReader;
pub use clock::{Clock, Random};
pub use error::StorageError;
pub use restore::Restored;
pub use scrub::ScrubReport;
pub use state_store::{Deleted, Deletion, StateStore};
pub use store::{Store, StoreOptions};
pub use sweep::{SweepOptions, SweepReport};
pub use upload::UploadSession;
pub use upload_id::{UploadId, UploadIdError};
