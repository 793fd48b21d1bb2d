//! What documents become on a cluster.
#![expect(clippy::unwrap_used, reason = "a test that can't read its samples has failed")]

mod artifactory;
mod builds;
mod canaries;
mod collected;
mod config_yml;
mod datastores;
mod docker;
mod every_field;
mod fetched;
mod given;
mod golden;
mod harbor;
mod kubelet;
mod nexus;
mod policies;
mod scene;
mod schemas;
