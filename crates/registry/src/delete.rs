//! Removing content; `RegistryOptions::delete_enabled` switches all of it.

pub(crate) mod blob;
pub(crate) mod manifest_or_tag;
