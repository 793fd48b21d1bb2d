//! What the products have in common: each file draws one sort of object for a component.

mod checksum;
mod claim;
mod namespace;
mod pod;
mod service_account;

pub(crate) use checksum::{of_secrets, of_text};
pub(crate) use claim::{DataVolume, claim};
pub(crate) use namespace::namespaces;
pub(crate) use pod::{Rights, container_rights, pod_template, resources};
pub(crate) use service_account::service_account;
