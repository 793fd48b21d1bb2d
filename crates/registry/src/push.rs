//! Bringing content in.

pub(crate) mod append_chunk;
pub(crate) mod cancel_upload;
pub(crate) mod finish_upload;
pub(crate) mod manifest;
pub(crate) mod mount;
mod session;
pub(crate) mod start_upload;
pub(crate) mod upload_status;
pub(crate) mod whole;

pub(crate) use session::{NamedUpload, Position};
