//! What documents become on a cluster.
#![expect(clippy::unwrap_used, reason = "a test that can't read its samples has failed")]

mod canaries;
mod golden;
mod nexus;
mod scene;
