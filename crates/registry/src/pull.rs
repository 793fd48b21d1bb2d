//! Reading content.

pub(crate) mod blob;
pub(crate) mod manifest;
