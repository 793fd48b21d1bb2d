//! What the products have in common: each file draws one sort of object for a component.

mod budget;
mod checksum;
mod claim;
mod door;
mod flows;
mod ingress_controller;
mod metrics;
mod namespace;
mod pod;
mod scaler;
mod service_account;
mod stored;

pub(crate) use budget::budget;
pub(crate) use checksum::{of_secrets, of_text};
pub(crate) use claim::{DataVolume, claim};
pub(crate) use door::{Door, door_service, door_ways_in};
pub(crate) use flows::{Destination, Flows, flows};
pub(crate) use ingress_controller::{ingress_annotations, source_ranges};
pub(crate) use metrics::{Alarm, Measured, metrics};
pub(crate) use namespace::namespaces;
pub(crate) use pod::{Rights, container_rights, pod_template, resources};
pub(crate) use scaler::scaler;
pub(crate) use service_account::service_account;
pub(crate) use stored::Stored;
