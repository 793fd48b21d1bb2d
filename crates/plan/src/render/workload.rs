//! What the products have in common: each file draws one sort of object for a component.

mod authority;
mod backup;
mod budget;
mod checksum;
mod claim;
mod datastore;
mod door;
mod flows;
mod ingress_controller;
mod metrics;
mod metrics_user;
mod namespace;
mod pod;
mod scaler;
mod service_account;
mod stateful_set;
mod storage_class;
mod stored;

pub(crate) use authority::{certificate_volume, hosts, make_certificate};
pub(crate) use backup::{Rest, backup, backup_claim, backup_flows};
pub(crate) use budget::{budget, budget_of_one};
pub(crate) use checksum::{checksums, of_secrets, of_text, of_values};
pub(crate) use claim::{DataVolume, claim};
pub(crate) use datastore::{
    Datastore, OwnDatabase, POSTGRESQL_PORT, Postgresql, REDIS_PORT, own_database, postgresql, redis,
    tell_unused,
};
pub(crate) use door::{Door, door_service, door_service_of, door_ways_in, inner_service};
pub(crate) use flows::{Destination, Flows, egress, flows};
pub(crate) use ingress_controller::{ingress_annotations, source_ranges};
pub(crate) use metrics::{Alarm, Measured, metrics};
pub(crate) use metrics_user::{MetricsUser, metrics_of_user};
pub(crate) use namespace::namespaces;
pub(crate) use pod::{Rights, WRITABLE, container_rights, pod_template, resources, resources_of_part};
pub(crate) use scaler::scaler;
pub(crate) use service_account::service_account;
pub(crate) use stateful_set::{Replicas, headless, stateful_set};
pub(crate) use stored::Stored;
