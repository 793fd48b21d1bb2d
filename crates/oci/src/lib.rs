//! The words of the OCI image and distribution specifications, and their laws.
//!
//! Everything that comes from the wire or from a person is parsed here, once, into a value that cannot be
//! wrong: a [`Digest`] is a digest, a [`RepositoryName`] is safe in a path. Pure and synchronous.
//!
//! This crate knows nothing of files, of HTTP servers, of Berth's documents.

mod algorithm;
mod byte_range;
mod descriptor;
mod digest;
mod hasher;
mod manifest;
mod media_type;
mod reference;
mod referrers;
mod repository_name;
mod strict_json;
mod tag_name;
mod tag_or_digest;
mod upload_range;
mod wire_error;

pub use algorithm::{Algorithm, UnknownAlgorithm};
pub use byte_range::{ByteRange, RangeRequest};
pub use descriptor::Descriptor;
pub use digest::{Digest, DigestError};
pub use hasher::Hasher;
pub use manifest::{MANIFEST_SIZE_LIMIT, Manifest, ManifestError, ManifestKind};
pub use media_type::MediaType;
pub use reference::{Reference, ReferenceError};
pub use referrers::{fallback_tag, referrers_index};
pub use repository_name::{RepositoryName, RepositoryNameError};
pub use tag_name::{TagName, TagNameError};
pub use tag_or_digest::{TagOrDigest, TagOrDigestError};
pub use upload_range::{UploadRange, UploadRangeError};
pub use wire_error::{WireCode, wire_body};
